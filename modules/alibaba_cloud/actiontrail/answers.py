"""From the bytes of an answer to a page of events.

Parsing is ours, not the SDK's: integers stay exact, and one odd value never costs
the whole page.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Union, cast

from ..errors import ApiError
from ..problems import GARBLED
from .failures import classify

_DIGITS_MAX = 4000
"""Python refuses to convert integers of more digits (4,300 by default)."""


@dataclass(frozen=True)
class Page:
    """One answer.

    Attributes:
        events: Events as the service gave them, in its order.
        token: Asks for the next page; None when the window is exhausted.
    """

    events: List[Any]
    token: Optional[str]


def parse_page(body: bytes, status: int, *, with_token: bool) -> Page:
    """Return the page an answer holds.

    Bytes that are not UTF-8 are kept as lone surrogates. Numbers that Python or
    JSON cannot carry exactly become texts.

    Args:
        body: The answer's body.
        status: Its HTTP status.
        with_token: Whether the request carried a token.

    Raises:
        ApiError: The body is not a page, or an error in a page's place.

    Source:
        Vendor documentation of LookupEvents, "Response parameters".
    """
    answer = _parse_object(body, status)
    events = answer.get("Events")
    if isinstance(events, list):
        return Page(cast("List[Any]", events), _token(answer))
    code = answer.get("Code")
    cause = f"HTTP {status} with {_shape(events)} in place of events"
    if isinstance(code, str):
        problem = classify(code, status, with_token=with_token)
        raise ApiError(problem, f"{code} in an answer with HTTP {status}")
    raise ApiError(classify(None, status, with_token=with_token), cause)


def _parse_object(body: bytes, status: int) -> Dict[str, Any]:
    try:
        answer: Any = json.loads(
            body.decode("utf-8", errors="surrogateescape"),
            parse_int=_exact_int,
            parse_float=_finite_float,
            parse_constant=str,
        )
    except (ValueError, RecursionError) as error:
        problem = classify(None, status, with_token=False)
        cause = f"HTTP {status}, {len(body)} bytes that are not JSON"
        raise ApiError(problem, cause) from error
    if not isinstance(answer, dict):
        raise ApiError(GARBLED, f"{_shape(answer)} in place of an object")
    return cast("Dict[str, Any]", answer)


def _exact_int(digits: str) -> Union[int, str]:
    return int(digits) if len(digits) <= _DIGITS_MAX else digits


def _finite_float(digits: str) -> Union[float, str]:
    number = float(digits)
    return number if math.isfinite(number) else digits


def _token(answer: Dict[str, Any]) -> Optional[str]:
    token = answer.get("NextToken")
    return str(token) if token else None


def _shape(value: object) -> str:
    return "nothing" if value is None else f"a {type(value).__name__}"
