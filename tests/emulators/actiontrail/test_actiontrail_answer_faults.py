"""How planned errors and spoiled answers surface in the vendor SDK."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from alibabacloud_tea_openapi.exceptions import (
    ClientException,
    ServerException,
    ThrottlingException,
)
from darabonba.exceptions import RetryError, UnretryableException

from collector_emulators.actiontrail.errors import ERRORS
from collector_emulators.faults import Fault
from emulators.actiontrail.vendor import event, lookup, make_client

if TYPE_CHECKING:
    from alibabacloud_actiontrail20200706.client import Client

    from collector_emulators.actiontrail import ActionTrailEmulator


def plan_error(emulator: ActionTrailEmulator, **options: Any) -> None:
    """Let the next call fail with an error of the service."""
    emulator.faults.set([Fault("error", frozenset({1}), options=options)])


@pytest.mark.parametrize("code", sorted(ERRORS))
def test_every_error_code_surfaces(
    emulator: ActionTrailEmulator, client: Client, code: str
) -> None:
    """Each code comes with its status, in the SDK's class for that status."""
    plan_error(emulator, code=code)
    status = ERRORS[code].status

    with pytest.raises(ServerException if status >= 500 else ClientException) as caught:
        lookup(client)

    assert (caught.value.code, caught.value.status_code) == (code, status)
    assert caught.value.request_id
    assert emulator.ledger.calls()[-1].verdict == code
    assert lookup(client).events == []


@pytest.mark.parametrize(
    ("code", "status"),
    [("Throttling.User", 400), ("Throttling.Api", 429), ("ServiceUnavailable", 503)],
)
def test_retry_after_makes_any_error_a_throttling(
    emulator: ActionTrailEmulator, client: Client, code: str, status: int
) -> None:
    """The header turns every class into ThrottlingException, and gives the time."""
    plan_error(emulator, code=code, status=status, retry_after_ms=2500)

    with pytest.raises(ThrottlingException) as caught:
        lookup(client)

    assert (caught.value.code, caught.value.retry_after) == (code, 2500)


@pytest.mark.parametrize(
    "kind",
    [
        "http_500_empty",
        "http_502_html",
        "http_504_html",
        "ok_html",
        "ok_empty",
        "ok_no_content",
        "truncated_json",
        "invalid_utf8",
    ],
)
def test_unreadable_answer_is_no_service_error(
    emulator: ActionTrailEmulator, client: Client, kind: str
) -> None:
    """What is not JSON surfaces as UnretryableException, its status lost."""
    emulator.load([event("a", 5)])
    emulator.faults.set([Fault(kind, frozenset({1}))])

    with pytest.raises(UnretryableException) as caught:
        lookup(client)

    assert not isinstance(caught.value.inner_exception, RetryError)
    assert [e["eventId"] for e in lookup(client).events] == ["a"]


def test_xml_error_is_parsed(emulator: ActionTrailEmulator, client: Client) -> None:
    """An XML error of the gateway surfaces as a server error with its code."""
    emulator.faults.set([Fault("http_503_xml")])

    with pytest.raises(ServerException) as caught:
        lookup(client)

    assert caught.value.status_code == 503


@pytest.mark.parametrize(
    ("kind", "events"),
    [
        ("ok_empty_object", None),
        ("ok_list", None),
        ("ok_error_code", None),
        ("events_null", None),
        ("events_text", "none"),
    ],
)
def test_answer_without_events_is_no_exception(
    emulator: ActionTrailEmulator, client: Client, kind: str, events: object
) -> None:
    """A 200 with the wrong JSON gives a body whose events are not a list."""
    emulator.faults.set([Fault(kind)])

    assert lookup(client).events == events


def test_null_answer_has_no_body(emulator: ActionTrailEmulator, client: Client) -> None:
    """A 200 with `null` gives no body at all."""
    emulator.faults.set([Fault("ok_null")])

    assert lookup(client) is None


@pytest.mark.parametrize("kind", ["reset_before", "reset_during", "truncated_body"])
def test_broken_connection_is_a_retry_error(
    emulator: ActionTrailEmulator, client: Client, kind: str
) -> None:
    """A connection that breaks inside an answer surfaces as RetryError inside."""
    emulator.load([event("a", 5)])
    emulator.faults.set([Fault(kind, frozenset({1}))])

    with pytest.raises(UnretryableException) as caught:
        lookup(client)

    assert isinstance(caught.value.inner_exception, RetryError)
    spoiled = emulator.ledger.calls()[0]
    assert (spoiled.faults, spoiled.is_spoiled) == ((kind,), True)
    assert emulator.ledger.served() == {}


@pytest.mark.parametrize("kind", ["chunked", "close_after", "reset_after"])
def test_whole_answer_is_read_whatever_follows(
    emulator: ActionTrailEmulator, kind: str
) -> None:
    """An answer that came whole counts, even when its connection ends with it."""
    emulator.load([event(f"e{n}", 5, text="x" * 900) for n in range(3)])
    emulator.faults.set([Fault(kind, frozenset({1}))])

    assert len(lookup(make_client(emulator)).events) == 3
    assert emulator.ledger.served().total() == 3


def test_delay_runs_into_the_read_timeout(emulator: ActionTrailEmulator) -> None:
    """An answer later than the client's read timeout surfaces as RetryError."""
    emulator.faults.set(
        [Fault("delay", frozenset({1}), options={"seconds": 30})],
    )

    with pytest.raises(UnretryableException) as caught:
        lookup(make_client(emulator, read_timeout=300))

    assert isinstance(caught.value.inner_exception, RetryError)


def test_redirect_is_followed_to_nowhere(
    emulator: ActionTrailEmulator, client: Client
) -> None:
    """The SDK follows a redirect without asking; the ledger shows both calls."""
    emulator.faults.set([Fault("redirect_302", frozenset({1}))])

    with pytest.raises(ClientException) as caught:
        lookup(client)

    assert caught.value.code == "InvalidApi.NotFound"
    verdicts = [call.verdict for call in emulator.ledger.calls()]
    assert verdicts == ["fault", "InvalidApi.NotFound"]


def test_refusing_port_comes_back(emulator: ActionTrailEmulator) -> None:
    """While the port refuses, the SDK cannot connect; then it can, on that port."""
    port = emulator.port
    emulator.refuse(3600)

    with pytest.raises(UnretryableException) as caught:
        lookup(make_client(emulator))
    emulator.listen()

    assert isinstance(caught.value.inner_exception, RetryError)
    assert emulator.port == port
    assert lookup(make_client(emulator)).events == []
