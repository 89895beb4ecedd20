"""Faults of the answer: whole answers that are wrong, and right ones spoiled.

They know nothing of events: see `page_faults` for faults inside a page.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from collector_emulators.actiontrail.errors import ApiError
from collector_emulators.http_server import Answer, Wire

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from collector_emulators.faults import Fault

_JSON: Final = {"content-type": "application/json;charset=utf-8"}
_HTML: Final = {"content-type": "text/html;charset=utf-8"}
_XML: Final = {"content-type": "text/xml;charset=utf-8"}

_GATEWAY_PAGE: Final = b"<html><body><h1>Bad Gateway</h1></body></html>"
_LOGIN_PAGE: Final = b"<html><body><form>Sign in to the network</form></body></html>"
_XML_ERROR: Final = (
    b'<?xml version="1.0" encoding="UTF-8"?><Error><RequestId>0</RequestId>'
    b"<Code>ServiceUnavailable</Code><Message>Try again later.</Message></Error>"
)

WRONG_ANSWERS: Final[Mapping[str, Answer]] = {
    "http_500_empty": Answer(500),
    "http_502_html": Answer(502, _GATEWAY_PAGE, _HTML),
    "http_503_xml": Answer(503, _XML_ERROR, _XML),
    "http_504_html": Answer(504, _GATEWAY_PAGE, _HTML),
    "ok_html": Answer(200, _LOGIN_PAGE, _HTML),
    "ok_empty": Answer(200, b"", _JSON),
    "ok_no_content": Answer(204),
    "ok_empty_object": Answer(200, b"{}", _JSON),
    "ok_null": Answer(200, b"null", _JSON),
    "ok_list": Answer(200, b"[]", _JSON),
    "ok_error_code": Answer(
        200, b'{"RequestId":"0","Code":"InternalError","Message":"failed"}', _JSON
    ),
    "events_null": Answer(200, b'{"RequestId":"0","Events":null}', _JSON),
    "events_text": Answer(200, b'{"RequestId":"0","Events":"none"}', _JSON),
    "redirect_302": Answer(302, b"", {"location": "/login"}),
}
"""Answers given in place of the service's, before any check."""


def planned_error(fault: Fault) -> ApiError:
    """Return the error that a fault of the kind `error` asks for.

    Its options are `code`, and if wanted `status` and `retry_after_ms`.
    """
    options = fault.options
    return ApiError(
        code=options["code"],
        status=options.get("status"),
        retry_after_ms=options.get("retry_after_ms"),
    )


def _wired(wire: Wire) -> Callable[[Answer, Fault], Answer]:
    return lambda answer, _fault: replace(answer, wire=wire)


def _delay(answer: Answer, fault: Fault) -> Answer:
    return replace(answer, delay_s=float(fault.options["seconds"]))


def _truncated_json(answer: Answer, _fault: Fault) -> Answer:
    return replace(answer, body=answer.body[: len(answer.body) // 2])


def _invalid_utf8(answer: Answer, _fault: Fault) -> Answer:
    middle = len(answer.body) // 2
    return replace(answer, body=answer.body[:middle] + b"\xff" + answer.body[middle:])


ANSWER_FAULTS: Final[Mapping[str, Callable[[Answer, Fault], Answer]]] = {
    "chunked": _wired(Wire.CHUNKED),
    "close_after": _wired(Wire.CLOSE_AFTER),
    "delay": _delay,
    "invalid_utf8": _invalid_utf8,
    "reset_after": _wired(Wire.RESET_AFTER),
    "reset_before": _wired(Wire.RESET_BEFORE),
    "reset_during": _wired(Wire.RESET_DURING),
    "truncated_body": _wired(Wire.TRUNCATED),
    "truncated_json": _truncated_json,
}
"""Changes made to the service's own answer."""

SPOILING: Final = frozenset(
    {
        "invalid_utf8",
        "reset_before",
        "reset_during",
        "truncated_body",
        "truncated_json",
    }
)
"""Answer faults after which no client can have read the page."""
