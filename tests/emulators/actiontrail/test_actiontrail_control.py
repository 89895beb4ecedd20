"""The control door: what can be seen and turned from outside, with the secret."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest
from alibabacloud_tea_openapi.exceptions import ClientException

from collector_emulators.accounts import EXAMPLE_KEY_ID, EXAMPLE_KEY_SECRET
from emulators.actiontrail.vendor import event, lookup, make_client

if TYPE_CHECKING:
    from alibabacloud_actiontrail20200706.client import Client

    from collector_emulators.actiontrail import ActionTrailEmulator


def call(
    emulator: ActionTrailEmulator,
    name: str,
    body: object = None,
    *,
    secret: str | None = None,
) -> Any:
    """Call a control route: GET without a body, POST with one."""
    data = body if body is None or isinstance(body, bytes) else json.dumps(body)
    request = urllib.request.Request(  # noqa: S310 - always http on loopback
        emulator.control_url + name,
        data=data.encode() if isinstance(data, str) else data,
        headers={"X-Emulator-Secret": secret or emulator.control_secret},
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=5) as response:
        return json.loads(response.read())


def refused_status(emulator: ActionTrailEmulator, name: str, **arguments: Any) -> int:
    """Return the HTTP status of a refused control call."""
    with pytest.raises(urllib.error.HTTPError) as caught:
        call(emulator, name, **arguments)
    with caught.value:
        return caught.value.code


def test_control_refuses_without_the_secret(emulator: ActionTrailEmulator) -> None:
    """A wrong secret opens nothing, known route or not."""
    assert refused_status(emulator, "clock", secret="guess") == 403  # noqa: S106
    assert refused_status(emulator, "nothing", secret="guess") == 403  # noqa: S106
    assert refused_status(emulator, "nothing") == 404


@pytest.mark.parametrize(
    ("name", "body"),
    [
        pytest.param("knobs", {"colour": "red"}, id="unknown-knob"),
        pytest.param("knobs", {"bounds": "()"}, id="no-choice"),
        pytest.param("knobs", {"rate_per_s": "two"}, id="text-for-number"),
        pytest.param("knobs", {"max_skew_s": True}, id="flag-for-number"),
        pytest.param("knobs", {"token_error": "Nope"}, id="no-error-code"),
        pytest.param("faults", {"faults": [{"kind": "fire"}]}, id="unknown-fault"),
        pytest.param("faults", {"faults": [{"kind": "error"}]}, id="fault-options"),
        pytest.param("keys", {"key_id": "nobody", "active": False}, id="unknown-key"),
        pytest.param("clock", [1], id="no-object"),
        pytest.param("clock", {"speed": -1}, id="backwards"),
        pytest.param("events", b'{"eventId":"a"}\n{"eventId', id="torn-event"),
    ],
)
def test_control_refuses_what_makes_no_sense(
    emulator: ActionTrailEmulator, name: str, body: object
) -> None:
    """A mistake is a 400, and nothing has changed."""
    before = call(emulator, "knobs")

    assert refused_status(emulator, name, body=body) == 400
    assert call(emulator, "knobs") == before


def test_events_come_in_as_lines(emulator: ActionTrailEmulator, client: Client) -> None:
    """Events are posted one a line, with an arrival when they have one."""
    late = {"event": event("late", 20), "arrival": "2026-01-01T00:01:00Z"}
    lines = [json.dumps(event("now", 10)), json.dumps(late), ""]

    answer = call(emulator, "events", "\n".join(lines).encode())
    before = lookup(client).events
    moved = call(emulator, "clock", {"now": "2026-01-01T00:01:00Z", "speed": 0})
    after = lookup(client).events

    assert answer == {"loaded": 2, "stored": 2}
    assert [e["eventId"] for e in before] == ["now"]
    assert moved["now"] == "2026-01-01T00:01:00Z"
    assert [e["eventId"] for e in after] == ["late", "now"]


def test_knobs_and_faults_take_effect_at_once(
    emulator: ActionTrailEmulator, client: Client
) -> None:
    """A knob and a plan set from outside hold for the next call."""
    emulator.load([event(f"e{n}", 9 - n) for n in range(3)])
    fault = {"kind": "error", "at_calls": [1], "options": {"code": "InternalError"}}

    call(emulator, "knobs", {"default_page_size": 2, "rate_per_s": 500})
    call(emulator, "faults", {"faults": [fault], "seed": 3})

    with pytest.raises(Exception, match="InternalError"):
        lookup(client)
    assert len(lookup(client, max_results=None).events) == 2


def test_key_is_rotated_from_outside(
    emulator: ActionTrailEmulator, client: Client
) -> None:
    """An old key is disabled, a new one added; secrets are never shown."""
    call(emulator, "keys", {"key_id": "new", "secret": "new-secret"})
    shown = call(emulator, "keys", {"key_id": EXAMPLE_KEY_ID, "active": False})

    with pytest.raises(ClientException):
        lookup(client)
    rotated = make_client(
        emulator,
        access_key_id="new",
        access_key_secret="new-secret",  # noqa: S106 - made up here
    )
    assert lookup(rotated).events == []
    assert shown[EXAMPLE_KEY_ID]["active"] is False
    assert EXAMPLE_KEY_SECRET not in json.dumps(shown)


def test_books_can_be_read_from_outside(
    emulator: ActionTrailEmulator, client: Client
) -> None:
    """Requests, counters and the summary tell what was asked and served."""
    emulator.load([event("a", 5), event("b", 4)])
    lookup(client)
    lookup(client, max_results="1")

    first, second = call(emulator, "requests")

    assert (first["verdict"], first["events"], first["key_id"]) == (
        "ok",
        2,
        EXAMPLE_KEY_ID,
    )
    assert second["parameters"]["MaxResults"] == "1"
    assert call(emulator, "counters") == {"a": 2, "b": 1}
    assert call(emulator, "summary") == {
        "calls": 2,
        "verdicts": {"ok": 2},
        "pages": 2,
        "served": 3,
        "distinct": 2,
    }


def test_port_can_be_closed_from_outside(emulator: ActionTrailEmulator) -> None:
    """A refusal asked for at the control door closes the service alone."""
    assert call(emulator, "refuse", {"seconds": 3600}) == {"seconds": 3600.0}

    with pytest.raises(Exception, match="refused"):
        lookup(make_client(emulator))
    assert call(emulator, "summary")["calls"] == 0
