"""From the bytes of an answer to a page of events.

Parsing is ours, not the SDK's: integers stay exact, and one odd value never costs
the whole page.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional, cast

from ..errors import ApiError
from ..naming import name_answer
from ..problems import GARBLED, SERVER, THROTTLED
from .exact import Exact
from .failures import classify

_logger = logging.getLogger(__name__)
_REQUEST_ID = "x-acs-request-id"
_XML = "text/xml;charset=utf-8"
_FIRST_ERROR = 400


@dataclass(frozen=True)
class Page:
    """One answer.

    Attributes:
        events: Events as the service gave them, in its order.
        token: Asks for the next page; None when the window is exhausted.
    """

    events: List[Any]
    token: Optional[str]


def parse_page(
    body: bytes, status: int, *, with_token: bool, request_id: Optional[str] = None
) -> Page:
    """Return the page an answer holds.

    Bytes that are not UTF-8 are kept as lone surrogates. What JSON as it is written
    here cannot carry exactly becomes a text, see `exact`.

    Args:
        body: The answer's body.
        status: Its HTTP status.
        with_token: Whether the request carried a token.
        request_id: The vendor's name for the call, from the answer's headers.

    Raises:
        ApiError: The body is not a page, or an error in a page's place.

    Source:
        Vendor documentation of LookupEvents, "Response parameters".
    """
    exact = Exact()
    try:
        answer = exact.parse(body.decode("utf-8", errors="surrogateescape"))
    except ValueError as error:
        found = f"{len(body)} bytes that are not JSON"
        problem = classify(None, status, with_token=False)
        raise ApiError(problem, name_answer(found, status, request_id)) from error
    if not isinstance(answer, dict):
        found = f"{_shape(answer)} in place of an object"
        raise ApiError(GARBLED, name_answer(found, status, request_id))
    fields = cast("Dict[str, Any]", answer)
    name = request_id or fields.get("RequestId")
    events = fields.get("Events")
    if not isinstance(events, list):
        raise _refusal(fields, status, name, with_token=with_token)
    if exact.texts:
        reasons = ", ".join(exact.texts)
        _logger.warning(
            "%d value(s) are delivered as text, because JSON cannot carry them"
            " exactly: %s",
            sum(exact.texts.values()),
            name_answer(reasons, status, name),
        )
    return Page(cast("List[Any]", events), _token(fields, status, name))


def refuse_unreadable(status: int, headers: Mapping[str, str], body: bytes) -> None:
    """Refuse an error answer that the vendor's SDK cannot read.

    The SDK forgets status and headers of it; both are needed to say what it is.

    Args:
        status: HTTP status of the answer.
        headers: Its headers, found whatever the case of their names.
        body: Its body.

    Raises:
        ApiError: The answer is an error without the vendor's error document.
    """
    if status < _FIRST_ERROR or headers.get("content-type") == _XML:
        return
    try:
        is_document = isinstance(json.loads(body), dict)
    except (ValueError, RecursionError):
        is_document = False
    if not is_document:
        # A refusal without a code is no word of the service but of a gateway.
        problem = classify(None, status, with_token=False)
        problem = problem if problem in {SERVER, THROTTLED} else GARBLED
        found = f"{len(body)} bytes without an error code"
        raise ApiError(problem, name_answer(found, status, headers.get(_REQUEST_ID)))


def _refusal(
    answer: Mapping[str, Any], status: int, request_id: object, *, with_token: bool
) -> ApiError:
    """Return what an answer without a list of events means."""
    code = answer.get("Code")
    known = code if isinstance(code, str) else None
    found = known or f"{_shape(answer.get('Events'))} in place of events"
    problem = classify(known, status, with_token=with_token)
    return ApiError(problem, name_answer(found, status, request_id))


def _token(answer: Mapping[str, Any], status: int, request_id: object) -> Optional[str]:
    """Return the token; what is none must not end a window before its end."""
    token = answer.get("NextToken")
    if token is None or token == "":
        return None
    if isinstance(token, str) and token.isprintable():
        return token
    found = f"{_shape(token)} that cannot be a token"
    raise ApiError(GARBLED, name_answer(found, status, request_id))


def _shape(value: object) -> str:
    return "nothing" if value is None else f"a {type(value).__name__}"
