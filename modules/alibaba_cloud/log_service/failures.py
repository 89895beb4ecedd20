"""From what the vendor's SDK raises to our errors, by code and, where shared, by text.

The SDK's classes are not imported: their methods say enough. A network fault has
the status 200 there, so the status alone means nothing.

Source:
    Vendor documentation of Log Service, "Error codes"; behaviour measured with
    aliyun-log-python-sdk 0.9.52.
"""

from __future__ import annotations

import re
from typing import Any, Optional, Tuple

from ..errors import ApiError, Problem
from ..naming import name_answer
from ..problems import (
    CLOCK,
    CLOSED,
    CURSOR_EXPIRED,
    ENDPOINT,
    KEY_INACTIVE,
    KEY_UNKNOWN,
    NO_STORE,
    REQUEST,
    SERVER,
    SHARD_GONE,
    SIGNATURE,
    STORE_PERMISSION,
    THROTTLED,
    TOKEN_EXPIRED,
    TRANSPORT,
    UNKNOWN,
    UNREADABLE,
)

_BY_TEXT: Tuple[Tuple[str, Problem], ...] = (
    ("denied by", STORE_PERMISSION),
    ("security token", TOKEN_EXPIRED),
    ("disabled", KEY_INACTIVE),
    ("inactive", KEY_INACTIVE),
    ("forbidden", CLOSED),
    ("not opened", CLOSED),
)
"""Part of the message -> problem, for codes that stand for several."""

_BY_CODE: Tuple[Tuple[str, Problem], ...] = (
    ("SecurityToken", TOKEN_EXPIRED),
    ("InvalidSecurityToken", TOKEN_EXPIRED),
    ("RequestTimeout", SERVER),
    ("RequestTime", CLOCK),
    ("SignatureNotMatch", SIGNATURE),
    ("ProjectForbidden", CLOSED),
    ("ProjectNotExist", NO_STORE),
    ("LogStoreNotExist", NO_STORE),
    ("ShardNotExist", SHARD_GONE),
    ("InvalidCursor", CURSOR_EXPIRED),
    ("LogStoreWithoutShard", SERVER),
    ("InternalServerError", SERVER),
    ("ServerBusy", SERVER),
    ("UnsupportedCompressType", UNREADABLE),
    ("DecompressError", UNREADABLE),
    ("BadResponse", UNREADABLE),
    ("InvalidResponse", UNREADABLE),
    ("InvalidMethod", ENDPOINT),
    ("InvalidHost", ENDPOINT),
    ("Parameter", REQUEST),
    ("PostBody", REQUEST),
    ("Miss", REQUEST),
    ("Invalid", REQUEST),
    ("NotSupported", REQUEST),
)
"""Beginning of a code -> problem; the first that fits counts."""

_SHARED_CODES = frozenset({"Unauthorized", "InvalidAccessKeyId", "SignatureNotMatch"})
_OWN_CODE = "LogRequestError"
_NO_JSON = "BadResponse"
"""What the SDK says of a gateway's page, whatever its status is."""
_REDIRECTION, _CLIENT, _TOO_MANY, _SERVER = 300, 400, 429, 500
_CAUSE_LENGTH = 300
_URL = re.compile(r" with url: \S+")
_ACTION = re.compile(r"action: ?(log:\w+)")


def translate(error: Exception) -> ApiError:
    """Return our error for what a call raised.

    Args:
        error: What the vendor's SDK raised.
    """
    if isinstance(error, ApiError):
        return error
    code = _ask(error, "get_error_code")
    if code is None:
        # Its text may hold the answer itself.
        return ApiError(UNREADABLE, f"no readable answer ({type(error).__name__})")
    status: int = _ask(error, "get_resp_status") or 200
    message = str(_ask(error, "get_error_message") or "")
    request_id = _ask(error, "get_request_id")
    if code == _OWN_CODE and not request_id and status == 200:  # noqa: PLR2004  (what the SDK fills in)
        return ApiError(TRANSPORT, shown_reason(message))
    problem = _classify(code, status, message)
    cause = name_answer(code, status, request_id)
    denied = _ACTION.search(message)
    if problem is STORE_PERMISSION and denied:
        cause = f"{cause}; missing: {denied[1]}"
    return ApiError(problem, cause)


def shown_reason(text: str) -> str:
    """Return why a connection failed; the query would hide the reason behind it."""
    reason = _URL.sub("", text)[:_CAUSE_LENGTH]
    return "".join(one if one.isprintable() else "?" for one in reason)


def _ask(error: Exception, method: str) -> Any:
    ask = getattr(error, method, None)
    return ask() if ask else None


def _classify(code: str, status: int, message: str) -> Problem:
    if "Quota" in code or status == _TOO_MANY:
        return THROTTLED
    if code == _NO_JSON and not (status < _REDIRECTION or _CLIENT <= status < _SERVER):
        return _by_status(status)
    if code.partition(".")[0] in _SHARED_CODES:
        # Some say in a second part of the code what others say in the message.
        return _by_text(f"{code} {message}".lower()) or (
            SIGNATURE if code == "SignatureNotMatch" else KEY_UNKNOWN
        )
    for beginning, problem in _BY_CODE:
        if code.startswith(beginning):
            return problem
    return _by_status(status)


def _by_text(message: str) -> Optional[Problem]:
    return next((problem for part, problem in _BY_TEXT if part in message), None)


def _by_status(status: int) -> Problem:
    if status >= _SERVER:
        return SERVER
    if status >= _CLIENT:
        return UNKNOWN
    if status >= _REDIRECTION:
        return ENDPOINT
    return UNREADABLE
