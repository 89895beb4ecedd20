"""Client, setup and puller with the vendor's SDK against the emulator."""

from __future__ import annotations

import json
import logging
import os
import threading
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from alibaba_cloud.actiontrail.calls import PatientCalls
from alibaba_cloud.actiontrail.client import ActionTrailClient
from alibaba_cloud.actiontrail.window import Window
from alibaba_cloud.errors import ApiError, PullError
from alibaba_cloud.pacing import Limiter
from collector_emulators.accounts import AccessKey
from collector_emulators.actiontrail.emulator import ActionTrailEmulator
from collector_emulators.faults import Fault
from fakes.actiontrail import (
    KEY,
    START,
    FakeHost,
    FakeModule,
    crowded_trail,
    event,
    settings,
)
from fakes.clocks import ManualClock

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from alibaba_cloud.actiontrail.settings import Settings

NOW = START + timedelta(hours=2)
DENIED = {"actiontrail:LookupEvents": "ImplicitDeny"}
WINDOW = Window(START, START + timedelta(hours=1))


def _events() -> list[dict[str, Any]]:
    return crowded_trail("[]").events


def _settings(
    emulator: ActionTrailEmulator, source: Mapping[str, Any] | None = None
) -> Settings:
    service = {"endpoint": f"http://{emulator.endpoint}"}
    return settings(service, {"credentials": KEY, **(source or {})})


def _client(
    emulator: ActionTrailEmulator, source: Mapping[str, Any] | None = None
) -> ActionTrailClient:
    chosen = _settings(emulator, source)
    return ActionTrailClient(chosen.connection, chosen.credentials)


def _pull(emulator: ActionTrailEmulator, times: int = 2) -> FakeHost:
    """Pull as often as asked, a minute apart, and return what was sent."""
    host, clock = FakeHost(), ManualClock(NOW)
    client: Any = _client(emulator)
    puller = FakeModule(client, host, clock, _settings(emulator))
    for _ in range(times):
        puller.pull()
        clock.advance(60)
    return host


def _counts(host: FakeHost) -> Counter[str]:
    return Counter(str(one.get("eventId")) for one in host.sent)


@pytest.mark.parametrize("bounds", ["[]", "[)", "(]"])
def test_every_event_arrives_once_under_any_meaning_of_the_bounds(
    emulator: ActionTrailEmulator, bounds: Any
) -> None:
    """The whole reading side over a real socket: none lost, none twice."""
    emulator.knobs.bounds = bounds

    host = _pull(emulator)

    assert _counts(host) == {one["eventId"]: 1 for one in _events()}


def test_event_leaves_as_it_came(emulator: ActionTrailEmulator) -> None:
    """Order of keys, integers and text are those of the service."""
    odd = event(999, START, big=2**70, text='"\u4e2d\n\U0001f600', b=1, a=2)
    emulator.load([{**odd, "acsRegion": "cn-hangzhou"}])

    host = _pull(emulator, times=1)

    (found,) = [one for one in host.sent if one["eventId"] == odd["eventId"]]
    added = {"@devo_pulling_id": "1672884000.000000", "@devo_environment": "prod"}
    expected = {**odd, "acsRegion": "cn-hangzhou", **added}
    assert list(found.items()) == list(expected.items())


@pytest.mark.parametrize(
    "fault",
    [
        *("http_500_empty", "http_502_html", "http_503_xml", "http_504_html"),
        *("ok_html", "ok_empty", "ok_no_content", "ok_empty_object", "ok_null"),
        *("ok_list", "ok_error_code", "events_null", "events_text"),
        *("truncated_json", "truncated_body", "chunked"),
        *("reset_before", "reset_during", "reset_after", "close_after"),
    ],
)
def test_wrong_answer_costs_a_repetition_and_no_event(
    emulator: ActionTrailEmulator, fault: str
) -> None:
    """Two wrong answers in a row, then the page: none lost, none twice."""
    emulator.faults.set([Fault(fault, at_calls=frozenset({2, 3}))])

    host = _pull(emulator)

    assert _counts(host) == {one["eventId"]: 1 for one in _events()}


@pytest.mark.parametrize("retry_after_ms", [None, 1500])
def test_throttling_costs_time_only(
    emulator: ActionTrailEmulator, retry_after_ms: int | None
) -> None:
    """Refused calls are repeated after the wait the vendor asks for."""
    options = {"code": "Throttling.User", "retry_after_ms": retry_after_ms}
    emulator.faults.set(
        [Fault("error", at_calls=frozenset({1, 2, 4}), options=options)]
    )

    host = _pull(emulator)

    assert _counts(host) == {one["eventId"]: 1 for one in _events()}


@pytest.mark.parametrize(
    "fault", ["duplicate_events", "shuffled_second", "shuffled_page"]
)
def test_page_that_repeats_or_shuffles_events_causes_no_duplicate(
    emulator: ActionTrailEmulator, fault: str
) -> None:
    """Overlapping pages and any order within a second are of no consequence."""
    emulator.faults.set([Fault(fault)])

    host = _pull(emulator)

    assert _counts(host) == {one["eventId"]: 1 for one in _events()}


@pytest.mark.parametrize(
    "fault", ["changed_event", "missing_event_id", "non_dict_event", "invalid_utf8"]
)
def test_odd_event_is_sent_beside_the_others(
    emulator: ActionTrailEmulator, fault: str
) -> None:
    """What the page holds beside right events is delivered too, and costs none."""
    emulator.faults.set([Fault(fault, at_calls=frozenset({2}))])
    client, messages = _client(emulator), list[str]()
    host = FakeHost()
    host.send = messages.extend
    any_client: Any = client

    FakeModule(any_client, host, ManualClock(NOW), _settings(emulator)).pull()

    read = [json.loads(message) for message in messages]
    found = Counter(one.get("eventId") for one in read if isinstance(one, dict))
    assert found.keys() >= {one["eventId"] for one in _events()}
    assert len(messages) >= len(_events())


@pytest.mark.parametrize("fault", ["repeated_token", "endless_token", "empty_page"])
def test_window_without_end_ends_the_pull(
    emulator: ActionTrailEmulator, fault: str
) -> None:
    """A service that goes in a circle is left alone until the next pull."""
    emulator.faults.set([Fault(fault)])

    with pytest.raises(PullError, match=r"CODE:0300"):
        _pull(emulator, times=1)

    assert len(emulator.ledger.calls()) <= 110


def test_silence_is_a_transport_problem(emulator: ActionTrailEmulator) -> None:
    """An answer is not awaited for longer than configured."""
    emulator.faults.set([Fault("delay", options={"seconds": 1})])
    service = {
        "endpoint": f"http://{emulator.endpoint}",
        "read_timeout_in_seconds": 0.1,
    }
    chosen = settings(service, {"credentials": KEY})

    with pytest.raises(ApiError, match=r"CODE:0400"):
        ActionTrailClient(chosen.connection, chosen.credentials).fetch(WINDOW, None, 50)


def test_redirection_is_not_followed(emulator: ActionTrailEmulator) -> None:
    """A signed request goes where the configuration says, and nowhere else."""
    emulator.faults.set([Fault("redirect_302")])

    with pytest.raises(ApiError, match=r"CODE:0423"):
        _client(emulator).fetch(WINDOW, None, 50)

    assert len(emulator.ledger.calls()) == 1


@pytest.mark.parametrize(
    ("changes", "credentials", "code"),
    [
        ({"secret": "other"}, {}, "0413"),
        ({}, {"access_key_id": "unknown-id"}, "0411"),
        ({"active": False}, {}, "0412"),
        ({"denied": DENIED}, {}, "0415"),
        ({"security_token": "t", "expires_at": 1.0}, {"security_token": "t"}, "0410"),
    ],
    ids=["wrong-secret", "unknown", "disabled", "denied", "expired"],
)
def test_key_that_may_not_read_is_named(
    emulator: ActionTrailEmulator,
    changes: dict[str, Any],
    credentials: dict[str, Any],
    code: str,
) -> None:
    """Each refusal has a number of its own, and no secret in its text."""
    emulator.accounts.change("example-id", **changes)
    client = _client(emulator, {"credentials": {**KEY, **credentials}})

    with pytest.raises(ApiError, match=f"CODE:{code}") as caught:
        client.fetch(WINDOW, None, 50)

    assert KEY["access_key_secret"] not in str(caught.value)
    assert code != "0415" or "AuthAction=actiontrail:LookupEvents" in str(caught.value)


def test_wrong_clock_is_said_in_words(emulator: ActionTrailEmulator) -> None:
    """A difference of twenty minutes is no riddle."""
    emulator.clock.shift_s = 1200

    with pytest.raises(ApiError, match="clock is wrong"):
        _client(emulator).fetch(WINDOW, None, 50)


def test_service_that_is_away_is_named(emulator: ActionTrailEmulator) -> None:
    """A refused connection is a transport problem."""
    emulator.refuse(30)

    with pytest.raises(ApiError, match=r"CODE:0400"):
        _client(emulator).fetch(WINDOW, None, 50)


def test_new_temporary_key_counts_at_once(
    emulator: ActionTrailEmulator, tmp_path: Path
) -> None:
    """A key file that something else renews needs no restart."""
    path = tmp_path / "key.json"
    client = _client(emulator, {"credentials": {"type": "file", "path": str(path)}})
    limiter = Limiter(ManualClock(), 2)
    source: Any = client
    calls = PatientCalls(source, settings().rules, limiter, threading.Event())

    for token in ("first", "second"):
        secret = KEY["access_key_secret"]
        emulator.accounts.add(AccessKey("sts-id", secret, security_token=token))
        path.write_text(
            json.dumps({**KEY, "access_key_id": "sts-id", "security_token": token}),
            encoding="utf-8",
        )
        assert calls.page(WINDOW, None).events


def test_sdk_is_quiet_and_cannot_be_made_to_print_requests(
    emulator: ActionTrailEmulator,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """DEBUG=sdk would print signatures; the SDK's loggers have no handlers left."""
    monkeypatch.setenv("DEBUG", "sdk")

    _client(emulator).fetch(WINDOW, None, 50)

    assert "DEBUG" not in os.environ
    assert "DEBUG=sdk was removed" in caplog.text
    assert "Authorization" not in caplog.text + "".join(capfd.readouterr())
    assert not logging.getLogger("darabonba-core").handlers


def test_loopback_is_reached_without_the_proxy_of_the_environment(
    emulator: ActionTrailEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The SDK alone would send the request to the proxy."""
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    assert _client(emulator).fetch(WINDOW, None, 50).events
