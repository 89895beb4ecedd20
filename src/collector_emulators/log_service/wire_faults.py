"""Faults of the answer: whole answers that are wrong, and right ones spoiled.

They know nothing of records: see `page_faults` for faults inside a pull.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from collector_emulators.http_server import Answer, Wire
from collector_emulators.log_service.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from collector_emulators.faults import Fault

_JSON: Final = {"content-type": "application/json"}
_HTML: Final = {"content-type": "text/html;charset=utf-8"}

_TURNED_OVER: Final = bytes(range(255, -1, -1))

_GATEWAY_PAGE: Final = b"<html><body><h1>Bad Gateway</h1></body></html>"
_LOGIN_PAGE: Final = b"<html><body><form>Sign in to the network</form></body></html>"

WRONG_ANSWERS: Final[Mapping[str, Answer]] = {
    "http_429_empty": Answer(429),
    "http_500_empty": Answer(500),
    "http_502_empty": Answer(502),
    "http_502_html": Answer(502, _GATEWAY_PAGE, _HTML),
    "http_503_html": Answer(503, _GATEWAY_PAGE, _HTML),
    "ok_html": Answer(200, _LOGIN_PAGE, _HTML),
    "ok_empty": Answer(200, b"", _JSON),
    "ok_no_content": Answer(204),
    "ok_empty_object": Answer(200, b"{}", _JSON),
    "ok_null": Answer(200, b"null", _JSON),
    "ok_list": Answer(200, b"[]", _JSON),
    "redirect_302": Answer(302, b"", {"location": "/login"}),
}
"""Answers given in place of the service's, before any check; none has `x-log-*`."""


def planned_error(fault: Fault) -> ApiError:
    """Return the error that a fault of the kind `error` asks for.

    Its options are `code`, and if wanted `status` and `message`; a code the
    emulator does not know needs both.

    Raises:
        KeyError: If one of them is missing.
    """
    options = fault.options
    return ApiError(
        code=options["code"],
        message=options.get("message"),
        status=options.get("status"),
    )


def _wired(wire: Wire) -> Callable[[Answer, Fault], Answer]:
    return lambda answer, _fault: replace(answer, wire=wire)


def _delay(answer: Answer, fault: Fault) -> Answer:
    return replace(answer, delay_s=float(fault.options["seconds"]))


def _stall_body(answer: Answer, fault: Fault) -> Answer:
    return replace(answer, stall_s=float(fault.options["seconds"]))


def _truncated_json(answer: Answer, _fault: Fault) -> Answer:
    return replace(answer, body=answer.body[: len(answer.body) // 2])


def _broken_body(answer: Answer, _fault: Fault) -> Answer:
    """Turn over the body's bits: neither compressed nor protocol buffer any more."""
    return replace(answer, body=answer.body.translate(_TURNED_OVER))


def _broken_protobuf(answer: Answer, _fault: Fault) -> Answer:
    """Answer bytes that are sent rightly and are no protocol buffer."""
    body = b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff not a list"
    headers = {**answer.headers, "x-log-bodyrawsize": str(len(body))}
    headers.pop("x-log-compresstype", None)
    return replace(answer, body=body, headers=headers)


def _missing_headers(answer: Answer, fault: Fault) -> Answer:
    """Leave out the headers `names`, or all those a pull needs."""
    gone: Sequence[str] = fault.options.get("names", _PAGE_HEADERS)
    kept = {name: value for name, value in answer.headers.items() if name not in gone}
    return replace(answer, headers=kept)


_PAGE_HEADERS: Final = ("x-log-bodyrawsize", "x-log-count", "x-log-cursor")


def _wrong_raw_size(answer: Answer, fault: Fault) -> Answer:
    """Announce `by` (-1) bytes more than the body has."""
    size = int(answer.headers.get("x-log-bodyrawsize", "0"))
    wrong = max(1, size + int(fault.options.get("by", -1)))
    headers = {**answer.headers, "x-log-bodyrawsize": str(wrong)}
    return replace(answer, headers=headers)


def _empty_cursor(answer: Answer, _fault: Fault) -> Answer:
    return replace(answer, headers={**answer.headers, "x-log-cursor": ""})


ANSWER_FAULTS: Final[Mapping[str, Callable[[Answer, Fault], Answer]]] = {
    "broken_body": _broken_body,
    "broken_protobuf": _broken_protobuf,
    "chunked": _wired(Wire.CHUNKED),
    "close_after": _wired(Wire.CLOSE_AFTER),
    "close_before": _wired(Wire.CLOSE_BEFORE),
    "delay": _delay,
    "empty_cursor": _empty_cursor,
    "missing_headers": _missing_headers,
    "reset_after": _wired(Wire.RESET_AFTER),
    "reset_before": _wired(Wire.RESET_BEFORE),
    "reset_during": _wired(Wire.RESET_DURING),
    "stall_body": _stall_body,
    "truncated_body": _wired(Wire.TRUNCATED),
    "truncated_json": _truncated_json,
    "wrong_raw_size": _wrong_raw_size,
}
"""Changes made to the service's own answer."""

SPOILING: Final = frozenset(
    {
        "broken_body",
        "broken_protobuf",
        "close_before",
        "empty_cursor",
        "missing_headers",
        "reset_before",
        "reset_during",
        "truncated_body",
        "truncated_json",
        "wrong_raw_size",
    }
)
"""Answer faults after which no client can have read the page and gone on."""
