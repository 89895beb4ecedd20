"""Modules built on the template base classes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from devocollectorsdk.templates.exceptions.exceptions import PullError
from devocollectorsdk.templates.template_1_puller import Template1CollectorPuller
from devocollectorsdk.templates.template_1_puller_setup import (
    Template1CollectorPullerSetup,
)
from fakes.modules import build

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from devocollectorsdk.templates.pull_statistics import PullStatistics

TAG = "my.app.vendor.events"


class VendorPuller(Template1CollectorPuller):
    """Gives two pages, then is up to date."""

    def run_custom_init_variables_validations(self) -> None:
        self.journal: list[str] = ["validate"]

    def prepull_default_state(self, retrieving_ts: datetime) -> dict[str, Any]:
        return {"position": 0, "started": f"{retrieving_ts:%Y}"}

    def prepull_persistence_upgrade_steps(self, **given: Any) -> dict[str, Any]:
        version = given["state"].get("@persistence_version")
        self.journal.append(f"upgrade from {version}")
        return given["state"]

    def prepull_persistence_corrections_steps(self, **given: Any) -> None:  # type: ignore[override]
        given["state"].setdefault("corrected", "yes")

    def prepull_persistence_reset_steps(self, **given: Any) -> dict[str, Any]:
        reset = self.collector_variables.get("reset")
        return given["default_state"] if reset else given["state"]

    def prepull_build_extra_rate_limiters(self) -> None:
        self.journal.append("limiters")

    def execute_pull_logic(self, statistics: PullStatistics) -> None:
        self.state["position"] += 1
        statistics.add(requests=1, received=3, duplicates=1, sent=2)
        self._sdk_clock.advance(2)  # type: ignore[attr-defined]
        self.deliver_batch_of_messages(None, TAG, [{"n": self.state["position"]}])
        self.persistence_object.save_state(self.state)

    def is_data_up_to_date(self) -> bool:
        self.running_flag = False
        return self.state["position"] % 2 == 0

    def pull_pause(self, wait: bool | None = None) -> None:  # noqa: FBT001  (the contract)
        """Nothing to pause."""

    def pull_stop(self) -> None:
        """Nothing to stop."""


SCHEMAS: dict[str, Any] = {
    "common.json": {"required": ["credentials"]},
    "internal.json": {"properties": {"size": {"type": "integer"}}},
    "user.json": {
        "properties": {"period": {"minimum": 1}, "regions": {"$ref": "regions.json"}}
    },
    "regions.json": {"type": "array", "items": {"type": "string"}},
    "state.json": {
        "properties": {
            "position": {"type": "integer"},
            "started": {},
            "corrected": {},
        },
        "additionalProperties": False,
    },
}
NAMES = {
    "common_config": "common.json",
    "internal_config": "internal.json",
    "user_config": "user.json",
    "persistence": "state.json",
}


def _definition(**changes: Any) -> dict[str, Any]:
    metadata = {
        "schemas": NAMES,
        "persistence_version": 3,
        "allowed_overwrites": {"override_url": "url"},
    }
    definition = {
        "module_properties": {"size": 10, "url": "https://example.com"},
        "requests_limits": [],
        "metadata": metadata,
    }
    return definition | changes


@pytest.fixture(autouse=True)
def _schemas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "schemas").mkdir()
    for name, schema in SCHEMAS.items():
        (tmp_path / "schemas" / name).write_text(json.dumps(schema))


def _puller(
    definition: dict[str, Any] | None = None,
    user: dict[str, Any] | None = None,
    common: dict[str, Any] | None = None,
    setup: Any = None,
) -> Any:
    return build(
        VendorPuller,
        definition=definition or _definition(),
        service_config=user,
        input_config={"credentials": {"key": "k"}} if common is None else common,
        setup_class=setup,
    )


def test_settings_are_merged_and_overwritten() -> None:
    """Input, definition, user: the later wins; what may be overwritten is."""
    puller = _puller(
        user={"size": 20, "override_url": "https://other", "override_x": 1}
    )

    variables = puller.collector_variables
    assert variables["credentials"] == {"key": "k"}
    assert (variables["size"], variables["url"]) == (20, "https://other")
    assert puller.journal == ["validate"]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"metadata": None}, "InitVariablesError [CODE:0000] reason: the definition"),
        ({"metadata": {"schemas": {}}}, "[CODE:0000] reason: metadata.schemas names"),
        (
            {"metadata": {"schemas": NAMES, "persistence_version": 100}},
            "[CODE:0000] reason: metadata.persistence_version is",
        ),
        ({"requests_limits": {"period": "1m", "number_of_requests": 1}}, "[CODE:0002]"),
        ({"module_properties": {"size": "x"}}, "[CODE:0000] reason: module_properties"),
    ],
    ids=["metadata", "schemas", "version", "limits", "properties"],
)
def test_wrong_definition_is_the_developers_error(
    changes: dict[str, Any], error: str
) -> None:
    """The code tells whom to ask."""
    assert error in str(_puller(_definition(**changes)).initialization_error)


@pytest.mark.parametrize(
    ("user", "common", "line"),
    [
        (
            {"period": 0},
            None,
            "user.json: $.period: breaks the rule minimum: 1",
        ),
        (
            {"regions": ["a", 77]},
            None,
            'user.json: $.regions[1]: breaks the rule type: "string"',
        ),
        (None, {"secret": 77}, "common.json: $: 'credentials' is a required property"),
    ],
    ids=["value", "beside", "missing"],
)
def test_wrong_settings_are_named_by_place_and_never_by_value(
    user: Any, common: Any, line: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The value may be a secret."""
    puller = _puller(user=user, common=common)

    assert "InitVariablesError [CODE:0001]" in str(puller.initialization_error)
    assert line in caplog.messages
    assert "77" not in caplog.text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, "cannot be read"),
        ("{", "cannot be read"),
        ('{"type": 7}', "is no schema of draft 6"),
        ('{"$ref": "https://example.com/x.json"}', "refers to what is not beside it"),
    ],
    ids=["missing", "no JSON", "no schema", "elsewhere"],
)
def test_schema_that_cannot_be_used_is_the_developers_error(
    text: str | None, reason: str, tmp_path: Path
) -> None:
    """Nothing is fetched, and nothing goes unchecked."""
    file = tmp_path / "schemas" / "user.json"
    file.unlink()
    if text is not None:
        file.write_text(text)

    error = str(_puller(user={}).initialization_error)

    assert "InitVariablesError [CODE:0000]" in error
    assert reason in error


def test_pull_goes_on_until_the_data_is_up_to_date(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Each turn prints its report; events carry the identifier of the pull."""
    caplog.set_level("INFO")
    puller = _puller()

    puller.run()

    pulling_id = str(int(puller.last_execution_timestamp.timestamp() * 1000))
    sent = [
        (item.timestamp, json.loads(text))
        for item in puller.output_queue.items
        for text in item.texts
    ]
    assert sent == [
        ("2023-01-10 00:00:02.000", {"n": 1, "@devo_pulling_id": pulling_id}),
        ("2023-01-10 00:00:04.000", {"n": 2, "@devo_pulling_id": pulling_id}),
    ]
    assert [line for line in caplog.messages if "Statistics" in line] == [
        (
            f"(Partial) Statistics for this pull cycle (@devo_pulling_id={pulling_id}):"
            "Number of requests made: 1; Number of events received: 3; Number of"
            " duplicated events filtered out: 1; Number of events generated and sent:"
            " 2; Average of events per second: 1.000."
        ),
        (
            f"Statistics for this pull cycle (@devo_pulling_id={pulling_id}):"
            "Number of requests made: 2; Number of events received: 6; Number of"
            " duplicated events filtered out: 2; Number of events generated and sent:"
            " 4; Average of events per second: 1.000."
        ),
    ]


def test_stop_ends_a_pull_between_two_turns() -> None:
    """What is collected so far is reported as a part."""
    puller = _puller()
    puller.pre_pull(puller.clock.now())
    puller.request_stop()

    puller.pull(puller.clock.now())

    assert puller.state["position"] == 1


def test_new_state_is_saved_with_its_version() -> None:
    """Default, upgrade, correction, reset, in this order; then it is saved."""
    puller = _puller()

    puller.pre_pull(puller.clock.now())

    assert puller.journal == ["validate", "upgrade from None", "limiters"]
    assert puller.persistence_object.state == {
        "position": 0,
        "started": "2023",
        "corrected": "yes",
        "@persistence_version": 3,
    }


def test_older_state_is_upgraded_and_a_reset_begins_anew() -> None:
    """The step sees the version it was saved with."""
    puller = _puller()
    puller.persistence_object.state = {"position": 5, "@persistence_version": 2}

    puller.pre_pull(puller.clock.now())

    assert "upgrade from 2" in puller.journal
    assert puller.state["position"] == 5
    puller.collector_variables["reset"] = True
    puller.pre_pull(puller.clock.now())
    assert puller.state["position"] == 0


def test_state_of_version_0_is_neither_loaded_nor_saved() -> None:
    """Such a module begins anew at each start."""
    definition = _definition()
    definition["metadata"] = definition["metadata"] | {"persistence_version": 0}
    puller = _puller(definition)
    puller.persistence_object.state = {"position": 5}

    puller.pre_pull(puller.clock.now())

    assert puller.state["position"] == 0
    assert puller.persistence_object.state == {"position": 5}


def test_state_that_breaks_its_schema_is_not_used(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Nothing is pulled from a position that means nothing."""
    puller = _puller()
    puller.persistence_object.state = {"position": "77"}
    puller.clock.on_wait = lambda _seconds: puller.request_stop()

    puller.run()

    assert "PrePullError [CODE:0240] reason: the state breaks its schema" in caplog.text
    assert "state.json: $.position: breaks the rule type" in caplog.text
    assert "@persistence_version" not in puller.persistence_object.state


def test_text_without_the_pulls_identifier_is_refused() -> None:
    """Unless the caller wants it so."""
    puller = _puller()
    puller.collector_variables["devo_pulling_id"] = "123"

    with pytest.raises(PullError, match="CODE:0300"):
        puller.deliver_batch_of_messages("date", TAG, ["id 123", "none"])
    assert puller.output_queue.unsent == ["a text holds no @devo_pulling_id"]
    puller.deliver_batch_of_messages("date", TAG, ["none"], True)  # noqa: FBT003

    assert [item.texts for item in puller.output_queue.items] == [("none",)]


@pytest.mark.parametrize(
    ("event", "route", "expected"),
    [
        (
            {"a": ["x", "y"], "b": 1},
            "a",
            [
                {"a": "x", "a_found": 2, "a_id": 0, "b": 1},
                {"a": "y", "a_found": 2, "a_id": 1, "b": 1},
            ],
        ),
        (
            {"a": {"b": [7], "c": 1}},
            ["a", "b"],
            [{"a": {"b": 7, "b_found": 1, "b_id": 0, "c": 1}}],
        ),
        ({"a": []}, ["a"], [{"a": None, "a_found": 0}]),
        ({"a": 7}, ["a"], [{"a": 7}]),
        ({"a": 7}, ["a", "b"], [{"a": 7}]),
        ({"a": 7}, [], [{"a": 7}]),
    ],
    ids=["list", "deep", "empty", "no list", "no way", "no route"],
)
def test_event_is_flattened_by_a_list_in_it(
    event: dict[str, Any], route: Any, expected: list[Any]
) -> None:
    """One event for each element, which knows its number; the event stays whole."""
    before = json.dumps(event)

    flat = VendorPuller.flatten_dict_key(event, route)

    assert flat == expected
    assert json.dumps(event) == before


class VendorSetup(Template1CollectorPullerSetup):
    """Keeps its authentication in the variables it shares with the puller."""

    pullable = True
    refreshes = True

    def service_auth_is_defined(self) -> bool:
        return "ticket" in self.collector_variables

    def build_authentication(self) -> None:
        self.collector_variables["ticket"] = "new"

    def service_auth_is_valid(self) -> bool:
        return self.collector_variables["ticket"] != "expired"

    def refresh_auth(self) -> None:
        if self.refreshes:
            self.collector_variables["ticket"] = "fresh"

    def remote_source_is_pullable(self) -> bool:
        return self.pullable


@pytest.mark.parametrize(
    ("ticket", "changes", "result"),
    [
        (None, {}, "new"),
        ("expired", {}, "fresh"),
        ("good", {}, "good"),
        ("expired", {"refreshes": False}, "SetupError [CODE:0101]"),
        ("good", {"pullable": False}, "SetupError [CODE:0100]"),
    ],
    ids=["created", "refreshed", "kept", "still expired", "not pullable"],
)
def test_setup_creates_refreshes_and_tries_the_authentication(
    ticket: str | None, changes: dict[str, bool], result: str
) -> None:
    """Errors name the step; each step is counted by the puller's limits."""
    limits = [{"period": "1m", "number_of_requests": 2}]
    puller = _puller(
        _definition(requests_limits=limits), setup=type("S", (VendorSetup,), changes)
    )
    if ticket:
        puller.collector_variables["ticket"] = ticket
    setup = puller.setup_instance
    setup.clock.on_wait = lambda _seconds: setup.stop()

    setup.run()

    shown = setup.setup_error or puller.collector_variables["ticket"]
    assert result in str(shown)
    [calls] = puller.rate_limiter._calls.values()
    assert len(calls) == 2
