"""From what the vendor's SDK raises to our errors, by code first and status second.

The SDK's classes are not imported: their attributes say enough, and for 4xx
answers with a retry-after header the class says the wrong thing.

Source:
    Vendor documentation of LookupEvents, "Error codes"; gateway codes of the
    OpenAPI common errors; surfaces measured with alibabacloud-tea-openapi 0.4.6.
"""

from __future__ import annotations

import re
from typing import Any, Mapping, Optional, Tuple, cast

from ..errors import ApiError, Problem
from ..naming import name_answer, shown
from ..problems import (
    CLOCK,
    ENDPOINT,
    GARBLED,
    KEY_INACTIVE,
    KEY_UNKNOWN,
    NO_CREDENTIALS,
    NONCE_USED,
    PAGE_TOKEN,
    PERMISSION,
    REQUEST,
    SERVER,
    SIGNATURE,
    THROTTLED,
    TIME_RANGE,
    TOKEN_EXPIRED,
    TRANSPORT,
    UNKNOWN,
)

_BY_CODE: Tuple[Tuple[str, Problem], ...] = (
    ("Throttling", THROTTLED),
    ("InvalidSecurityToken", TOKEN_EXPIRED),
    ("InvalidAccessKeyId.Inactive", KEY_INACTIVE),
    ("InvalidAccessKeyId", KEY_UNKNOWN),
    ("SignatureDoesNotMatch", SIGNATURE),
    ("IncompleteSignature", SIGNATURE),
    ("SignatureNonceUsed", NONCE_USED),
    ("InvalidTimeStamp", CLOCK),
    ("NoPermission", PERMISSION),
    ("Forbidden", PERMISSION),
    ("InvalidCredentials", NO_CREDENTIALS),
    ("InvalidParameterStartTime", TIME_RANGE),
    ("InvalidParameterEndTime", TIME_RANGE),
    ("TimeRangeExceeded", TIME_RANGE),
    ("InvalidParameterCombination", REQUEST),
    ("InvalidQueryParameter", REQUEST),
    ("Missing", REQUEST),
    ("InvalidApi.NotFound", ENDPOINT),
    ("InvalidAction.NotFound", ENDPOINT),
    ("InvalidVersion", ENDPOINT),
    ("InvalidProtocol", ENDPOINT),
    ("InternalError", SERVER),
    ("ServiceUnavailable", SERVER),
)
"""Beginning of a code -> problem; the first that fits counts."""

_OF_THE_QUERY = frozenset({TIME_RANGE, REQUEST, UNKNOWN})
"""What a refused page token may look like; its own code is not documented."""

_REDIRECTION, _CLIENT, _TOO_MANY, _SERVER = 300, 400, 429, 500
_CAUSE_LENGTH = 300
_RETRY_AFTER_MAX_S = 900.0
"""Longest wait an answer can ask for; a wrong header must not end the reading."""

_QUERY = re.compile(r" with url: \S+")


def translate(error: Exception, *, with_token: bool) -> ApiError:
    """Return our error for what a call raised.

    Args:
        error: What the vendor's SDK raised.
        with_token: Whether the request carried the token of a next page.
    """
    if isinstance(error, ApiError):
        return error
    inner = getattr(error, "inner_exception", None)
    if isinstance(inner, Exception):
        return _translate_inner(inner)
    status = getattr(error, "status_code", None)
    code = getattr(error, "code", None)
    problem = classify(code, status, with_token=with_token)
    wait_ms = getattr(error, "retry_after", None)
    wait_s = min(wait_ms / 1000, _RETRY_AFTER_MAX_S) if wait_ms else None
    request_id = getattr(error, "request_id", None)
    cause = name_answer(code, status, request_id) + _denied(error)
    return ApiError(problem, cause, wait_s)


def classify(
    code: Optional[str], status: Optional[int], *, with_token: bool
) -> Problem:
    """Return what a refusal means.

    Args:
        code: The vendor's error code, or None.
        status: The HTTP status, or None.
        with_token: Whether the request carried the token of a next page.
    """
    problem = _by_code(code or "") or _by_status(status)
    return PAGE_TOKEN if with_token and problem in _OF_THE_QUERY else problem


def _by_code(code: str) -> Optional[Problem]:
    for beginning, problem in _BY_CODE:
        if code.startswith(beginning):
            return problem
    return None


def _by_status(status: Optional[int]) -> Problem:
    if status == _TOO_MANY:
        return THROTTLED
    if status is None or status >= _SERVER:
        return SERVER
    if _REDIRECTION <= status < _CLIENT:
        return ENDPOINT
    return UNKNOWN if status >= _CLIENT else GARBLED


def _translate_inner(inner: Exception) -> ApiError:
    """Translate what the SDK wraps when there was no answer it could read."""
    if isinstance(inner, ApiError):
        return inner
    if getattr(inner, "name", None) == "RetryError":
        # The query is left out: it would hide the reason behind it.
        reason = _QUERY.sub("", str(getattr(inner, "message", inner)))
        return ApiError(TRANSPORT, reason[:_CAUSE_LENGTH])
    return ApiError(GARBLED, f"no readable answer ({type(inner).__name__})")


def _denied(error: Exception) -> str:
    """Return which permission is missing, and to whom, if the answer says it."""
    denied = getattr(error, "access_denied_detail", None)
    if not isinstance(denied, dict):
        return ""
    detail = cast("Mapping[str, Any]", denied)
    wanted = ("AuthAction", "AuthPrincipalType", "AuthPrincipalDisplayName")
    found = [f"{key}={shown(detail[key])}" for key in wanted if detail.get(key)]
    return f"; {', '.join(found)}" if found else ""
