"""Errors the service answers, with status, code and body.

It does not know when they apply.

Source: vendor documentation of ActionTrail and of the gateway's common error codes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Kind(NamedTuple):
    """Status and message that belong to a code."""

    status: int
    message: str


ERRORS: Final[Mapping[str, Kind]] = {
    "InvalidParameterCombination": Kind(
        400, "The end time must be later than the start time."
    ),
    "InvalidParameterStartTime": Kind(400, "The start time is invalid."),
    "InvalidParameterEndTime": Kind(400, "The end time is invalid."),
    "InvalidQueryParameter": Kind(400, "A query parameter is invalid."),
    "TimeRangeExceeded": Kind(400, "The time range is too long or too old."),
    "IncompleteSignature": Kind(
        400, "The request signature does not conform to the standard."
    ),
    "InvalidAccessKeyId.NotFound": Kind(404, "Specified access key is not found."),
    "InvalidAccessKeyId.Inactive": Kind(400, "Specified access key is disabled."),
    "SignatureDoesNotMatch": Kind(400, "Specified signature does not match."),
    "InvalidTimeStamp.Expired": Kind(400, "Specified time stamp is expired."),
    "InvalidTimeStamp.Format": Kind(400, "Specified time stamp is not well formatted."),
    "SignatureNonceUsed": Kind(400, "Specified signature nonce was used already."),
    "InvalidSecurityToken.Expired": Kind(400, "Specified SecurityToken is expired."),
    "InvalidSecurityToken.Malformed": Kind(
        400, "Specified SecurityToken is malformed."
    ),
    "InvalidSecurityToken.MismatchWithAccessKey": Kind(
        400, "Specified SecurityToken mismatches the AccessKey."
    ),
    "NoPermission": Kind(403, "You are not authorized to perform this operation."),
    "Forbidden.RAM": Kind(403, "User not authorized to operate this resource."),
    "Throttling": Kind(400, "Request was denied due to request throttling."),
    "Throttling.User": Kind(400, "Request was denied due to user flow control."),
    "Throttling.Api": Kind(400, "Request was denied due to API flow control."),
    "Throttling.System": Kind(400, "Request was denied due to system flow control."),
    "Throttling.Api.Risk": Kind(400, "Request was denied due to risk control."),
    "InvalidApi.NotFound": Kind(404, "Specified api is not found."),
    "InvalidVersion": Kind(404, "Specified parameter Version is not valid."),
    "InvalidAction.NotFound": Kind(404, "Specified action is not found."),
    "MissingAction": Kind(400, "Action is mandatory for this request."),
    "InvalidProtocol.NeedSsl": Kind(400, "Your request must be sent over TLS."),
    "InvalidTrailNameException": Kind(400, "The trail name is invalid."),
    "TrailNotFoundException": Kind(404, "The trail does not exist."),
    "InternalError": Kind(500, "The request processing has failed."),
    "ServiceUnavailable": Kind(503, "The request has failed, try again later."),
}


class ApiError(Exception):
    """A refusal the caller gets as an error body.

    Args:
        code: Key of `ERRORS`.
        message: Text in place of the usual one.
        status: HTTP status in place of the usual one.
        retry_after_ms: Value of the header `x-acs-retry-after`; None without.
        detail: More fields of the body.

    Raises:
        KeyError: If the code is unknown.
    """

    def __init__(
        self,
        *,
        code: str,
        message: str = "",
        status: int | None = None,
        retry_after_ms: int | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> None:
        kind = ERRORS[code]
        super().__init__(code)
        self.code = code
        self.message = message or kind.message
        self.status = status if status is not None else kind.status
        self.headers: dict[str, str] = {}
        if retry_after_ms is not None:
            self.headers["x-acs-retry-after"] = str(retry_after_ms)
        self._detail = detail or {}

    def body(self, *, request_id: str, host_id: str) -> dict[str, Any]:
        """Return the body of the answer."""
        return {
            "RequestId": request_id,
            "HostId": host_id,
            "Code": self.code,
            "Message": self.message,
            "Recommend": f"https://api.alibabacloud.com/troubleshoot?q={self.code}",
            **self._detail,
        }
