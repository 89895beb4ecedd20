"""Every wrong answer of the source against the real plugin: reaction, lines, position.

The setup's probe is call 1; most faults strike at calls 3 and 4: a page behind the
first, and what the collector does about it.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from collector_emulators.actiontrail.errors import ERRORS
from collector_emulators.actiontrail.fault_kinds import FAULT_KINDS
from collector_emulators.faults import Fault
from support.mutants import source as mutants
from support.source import codes, trouble, under

if TYPE_CHECKING:
    from collections.abc import Callable

STRUCK = frozenset({3, 4})
RIGHT_AWAY, AFTER_A_PULL = True, False


class Row(NamedTuple):
    """A fault, the numbers of its lines, and whether the pull goes on by itself."""

    numbers: tuple[str, str]
    same_pull: bool


def _repeated(number: str) -> Row:
    return Row((number, number), RIGHT_AWAY)


def _stopped(number: str) -> Row:
    return Row((number, number), AFTER_A_PULL)


def _token_then(number: str) -> Row:
    """Begin the window again; the same refusal of its first page ends the pull."""
    return Row(("0420", number), AFTER_A_PULL)


ERROR_CODES = {
    "InvalidParameterCombination": _token_then("0422"),
    "InvalidParameterStartTime": _token_then("0421"),
    "InvalidParameterEndTime": _token_then("0421"),
    "TimeRangeExceeded": _token_then("0421"),
    "InvalidQueryParameter": _token_then("0422"),
    "MissingAction": _token_then("0422"),
    "InvalidTrailNameException": _token_then("0499"),
    "TrailNotFoundException": _token_then("0499"),
    "IncompleteSignature": _stopped("0413"),
    "SignatureDoesNotMatch": _stopped("0413"),
    "InvalidAccessKeyId.NotFound": _stopped("0411"),
    "InvalidAccessKeyId.Inactive": _stopped("0412"),
    "InvalidTimeStamp.Expired": _stopped("0414"),
    "InvalidTimeStamp.Format": _stopped("0414"),
    "SignatureNonceUsed": _repeated("0404"),
    # Credentials that are fetched again once: a second refusal ends the pull.
    "InvalidSecurityToken.Expired": _stopped("0410"),
    "InvalidSecurityToken.Malformed": _stopped("0410"),
    "InvalidSecurityToken.MismatchWithAccessKey": _stopped("0410"),
    "NoPermission": _stopped("0415"),
    "Forbidden.RAM": _stopped("0415"),
    "Throttling": _repeated("0403"),
    "Throttling.User": _repeated("0403"),
    "Throttling.Api": _repeated("0403"),
    "Throttling.System": _repeated("0403"),
    "Throttling.Api.Risk": _repeated("0403"),
    "InvalidApi.NotFound": _stopped("0423"),
    "InvalidVersion": _stopped("0423"),
    "InvalidAction.NotFound": _stopped("0423"),
    "InvalidProtocol.NeedSsl": _stopped("0423"),
    "InternalError": _repeated("0402"),
    "ServiceUnavailable": _repeated("0402"),
}
WRONG_ANSWERS = {
    **dict.fromkeys(
        ("http_500_empty", "http_502_html", "http_503_xml", "http_504_html"),
        _repeated("0402"),
    ),
    **dict.fromkeys(
        ("ok_html", "ok_empty", "ok_no_content", "ok_empty_object", "ok_null"),
        _repeated("0401"),
    ),
    **dict.fromkeys(
        ("ok_list", "events_null", "events_text", "truncated_json"), _repeated("0401")
    ),
    "ok_error_code": _repeated("0402"),
    "redirect_302": _stopped("0423"),
    **dict.fromkeys(
        ("delay", "reset_before", "reset_during", "truncated_body"), _repeated("0400")
    ),
}
HARMLESS = {
    *("chunked", "close_after", "reset_after", "shuffled_page", "shuffled_second"),
    *("duplicate_events", "empty_page", "endless_token"),
}
ODD_PAGES = {
    *("changed_event", "invalid_utf8", "missing_event_id", "non_dict_event"),
    "raw_event",
}
LOOPS = {"repeated_token"}


def test_every_error_and_every_fault_of_the_emulator_is_in_a_table() -> None:
    """A new kind of fault is not forgotten here."""
    assert set(ERROR_CODES) == set(ERRORS)
    covered = {"error", *WRONG_ANSWERS, *HARMLESS, *ODD_PAGES, *LOOPS}
    assert covered == FAULT_KINDS


def _fault(kind: str, **options: Any) -> Fault:
    return Fault(kind, at_calls=STRUCK, options={"seconds": 0.6, **options})


def _check_lines(records: list[Any], row: Row, failed: int) -> None:
    """One line for each failed call, with its number and the vendor's request id."""
    lines = trouble(records)
    assert tuple(codes(lines)) == row.numbers
    assert len(lines) == failed
    assert not any(record.exc_info for record in records)
    assert "Traceback" not in "".join(lines)
    assert row.numbers[0] == "0400" or all("request " in line for line in lines)
    next_pulls = [line for line in lines if line.startswith('{"msg"')]
    assert bool(next_pulls) is (row.same_pull is AFTER_A_PULL)


@pytest.mark.parametrize("code", ERROR_CODES)
def test_error_code_has_its_reaction_and_one_line_a_call(
    code: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Right reaction, nothing lost or twice, no position ahead of delivery."""
    caplog.set_level("INFO")

    found = under(_fault("error", code=code))

    assert (found.lost, found.duplicates, found.passed) == (0, 0, 0)
    assert found.completed
    _check_lines(caplog.records, ERROR_CODES[code], found.failed)
    request = re.compile(r"request [0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}")
    lines = trouble(caplog.records)
    assert all(f"{code} (HTTP {ERRORS[code].status}, " in line for line in lines)
    assert all(request.search(line) for line in lines)


@pytest.mark.parametrize("kind", WRONG_ANSWERS)
def test_wrong_answer_has_its_reaction_and_one_line_a_call(
    kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever stands in a page's place costs a repetition or a pull, and no event."""
    caplog.set_level("INFO")

    found = under(_fault(kind))

    assert (found.lost, found.duplicates, found.passed) == (0, 0, 0)
    assert found.completed
    # A right answer that is only late is none the ledger calls spoiled.
    failed = 2 if kind == "delay" else found.failed
    _check_lines(caplog.records, WRONG_ANSWERS[kind], failed)


CLOSES_SILENTLY = {"close_after", "reset_after"}
"""The next request may meet a connection that is closed already, or may not."""


@pytest.mark.parametrize("kind", sorted(HARMLESS))
def test_harmless_oddity_is_no_trouble(
    kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    """What costs nothing is not reported."""
    caplog.set_level("INFO")

    found = under(_fault(kind))

    assert (found.lost, found.duplicates, found.passed) == (0, 0, 0)
    assert found.completed
    may_be = {"0400"} if kind in CLOSES_SILENTLY else set[str]()
    assert set(codes(trouble(caplog.records))) <= may_be


@pytest.mark.parametrize("kind", ["endless_token", "repeated_token", "empty_page"])
def test_loop_is_left_said_once_a_pull_and_costs_no_event(
    kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Forty calls in a circle: one line a pull that fails, and then all is there."""
    caplog.set_level("INFO")

    found = under(Fault(kind, at_calls=frozenset(range(3, 40))))

    assert (found.lost, found.duplicates, found.passed) == (0, 0, 0)
    assert found.completed
    lines = trouble(caplog.records)
    assert set(codes(lines)) <= {"0300"}
    assert bool(lines) is (kind == "repeated_token")
    assert len(lines) == sum('"msg"' in line for line in lines)


@pytest.mark.parametrize("code", ["NoPermission", "Throttling.User", "InternalError"])
def test_trouble_that_stays_is_asked_about_ever_more_slowly(code: str) -> None:
    """Hours of refusals: nothing passes the position, and the source is left alone."""
    found = under(Fault("error", options={"code": code}), hours=6)

    assert not found.completed
    assert found.passed == 0
    assert found.lost == 180
    assert found.calls <= 6 * 60


def test_answers_of_a_storm_are_outlasted(caplog: pytest.LogCaptureFixture) -> None:
    """Two of three calls fail, in every way at random: time, and no event."""
    kinds = ["http_502_html", "ok_html", "reset_during", "truncated_json"]
    faults = [Fault(kind, probability=0.2) for kind in kinds]
    faults.append(Fault("error", probability=0.3, options={"code": "Throttling.User"}))
    caplog.set_level("INFO")

    found = under(*faults, hours=24)

    assert (found.lost, found.duplicates, found.passed) == (0, 0, 0)
    assert found.completed
    assert len(trouble(caplog.records)) == found.failed


_ALWAYS_SHORT = Fault("empty_page", at_calls=frozenset({3}))
_MUTANTS: list[tuple[Callable[..., None], Fault, str]] = [
    (mutants.malformed_answer_is_an_empty_page, _fault("ok_html"), "lost"),
    (mutants.malformed_answer_is_an_empty_page, _fault("events_null"), "passed"),
    (
        mutants.refused_token_is_the_end,
        _fault("error", code="TimeRangeExceeded"),
        "lost",
    ),
    (mutants.short_page_is_the_end, _ALWAYS_SHORT, "lost"),
]


@pytest.mark.parametrize(("mutant", "fault", "figure"), _MUTANTS)
def test_taking_a_mechanism_out_loses_events(
    mutant: Callable[..., None],
    fault: Fault,
    figure: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The tables above would find a reading side that takes trouble for the end."""
    mutant(monkeypatch.setattr)

    assert getattr(under(fault), figure) > 0


@pytest.mark.parametrize(
    ("mutant", "code", "numbers"),
    [
        (mutants.nothing_is_repeated, "InternalError", {"0402"}),
        (mutants.throttling_is_not_known, "Throttling.User", {"0420", "0499"}),
        (mutants.every_failed_call_has_two_lines, "NoPermission", {"0415"}),
    ],
)
def test_taking_a_reaction_out_changes_the_lines(
    mutant: Callable[..., None],
    code: str,
    numbers: set[str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The tables above would find a wrong reaction, or a second line."""
    caplog.set_level("INFO")
    mutant(monkeypatch.setattr)

    found = under(_fault("error", code=code))

    assert set(codes(trouble(caplog.records))) == numbers
    with pytest.raises(AssertionError):
        _check_lines(caplog.records, ERROR_CODES[code], found.failed)


def test_without_a_look_at_error_answers_status_and_reaction_are_lost(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The vendor's SDK alone forgets that a gateway answered 502."""
    mutants.error_documents_only(monkeypatch.setattr)

    under(_fault("http_502_html"))

    assert set(codes(trouble(caplog.records))) == {"0401"}
    assert "502" not in "".join(trouble(caplog.records))


def test_without_the_guard_a_loop_never_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test of loops would find a reader that follows them."""
    mutants.loops_are_followed(monkeypatch.setattr)
    endless = Fault("endless_token", at_calls=frozenset(range(3, 100_000)))

    found = under(endless, hours=0.05)

    assert not found.completed
    assert found.calls > 200


def test_error_line_of_a_pull_is_one_json_object(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Machines can read it; it names code, request and remedy."""
    under(_fault("error", code="NoPermission"))

    fields = json.loads(trouble(caplog.records)[0])
    assert fields["details"]["type"] == "ApiError"
    assert "grant actiontrail:LookupEvents" in fields["msg"]
