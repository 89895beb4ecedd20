"""Errors the Log Service answers, with status, code and body.

It does not know when they apply.

Source: vendor documentation of the common error codes of Log Service.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from collector_emulators.ledger import compact_json

if TYPE_CHECKING:
    from collections.abc import Mapping


class Kind(NamedTuple):
    """Status and message that belong to a code."""

    status: int
    message: str


ERRORS: Final[Mapping[str, Kind]] = {
    "ConsumerGroupAlreadyExist": Kind(400, "The consumer group already exists."),
    "ConsumerGroupNotExist": Kind(404, "The consumer group does not exist."),
    "ConsumerNotMatch": Kind(400, "The shard is held by another consumer."),
    "ExceedQuota": Kind(403, "The quota is exceeded."),
    "InternalServerError": Kind(500, "Internal server error message."),
    "InvalidAPIVersion": Kind(400, "The API version is not supported."),
    "InvalidAccessKeyId": Kind(401, "The AccessKeyId is invalid."),
    "InvalidBodyRawSize": Kind(400, "The x-log-bodyrawsize is invalid."),
    "InvalidCompressType": Kind(400, "The compress type is not supported."),
    "InvalidContentMD5": Kind(400, "The Content-MD5 does not match the body."),
    "InvalidContentType": Kind(415, "The Content-Type is not supported."),
    "InvalidCursor": Kind(400, "Cursor is invalid."),
    "InvalidDateFormat": Kind(400, "The date must follow RFC 822."),
    "InvalidHost": Kind(400, "The Host is not one of this service."),
    "InvalidMethod": Kind(405, "The method is not supported."),
    "InvalidSignatureMethod": Kind(400, "The signature method is not supported."),
    "InvalidTimeRange": Kind(400, "The time range is invalid."),
    "LogStoreAlreadyExist": Kind(400, "The logstore already exists."),
    "LogStoreNotExist": Kind(404, "The logstore does not exist."),
    "LogStoreWithoutShard": Kind(400, "The logstore has no shard."),
    "MissAccessKeyId": Kind(400, "The access key id is missing."),
    "MissingAPIVersion": Kind(400, "The x-log-apiversion is required."),
    "MissingBodyRawSize": Kind(400, "The x-log-bodyrawsize is required."),
    "MissingContentType": Kind(400, "The Content-Type is required."),
    "MissingDate": Kind(400, "The Date is required."),
    "MissingHost": Kind(400, "The Host is required."),
    "MissingSignatureMethod": Kind(400, "The x-log-signaturemethod is required."),
    "NotSupportedAcceptContentType": Kind(
        400, "Only application/x-protobuf can be accepted."
    ),
    "NotSupportedAcceptEncoding": Kind(400, "The Accept-Encoding is not supported."),
    "ParameterInvalid": Kind(400, "A parameter is invalid."),
    "PostBodyInvalid": Kind(400, "The body is invalid."),
    "PostBodyTooLarge": Kind(413, "The body is too large."),
    "ProjectAlreadyExist": Kind(400, "The project already exists."),
    "ProjectForbidden": Kind(403, "The project is forbidden."),
    "ProjectNotExist": Kind(404, "The project does not exist."),
    "ReadQuotaExceed": Kind(403, "Read QPS Exceed"),
    "RequestTimeExpired": Kind(400, "The request time has expired."),
    "RequestTimeTooSkewed": Kind(400, "The request time is too skewed."),
    "RequestTimeout": Kind(400, "The request timed out."),
    "SecurityTokenExpired": Kind(401, "The security token has expired."),
    "ServerBusy": Kind(503, "The server is busy, please try again later."),
    "ShardNotExist": Kind(404, "The shard does not exist."),
    "ShardReadQuotaExceed": Kind(403, "shard read bytes exceed quota limits"),
    "ShardWriteQuotaExceed": Kind(403, "The write quota of the shard is exceeded."),
    "SignatureNotMatch": Kind(401, "The signature does not match."),
    "Unauthorized": Kind(401, "The AccessKeyId is unauthorized."),
    "UnsupportedByEmulator": Kind(400, "The emulator has no such API."),
    "WriteQuotaExceed": Kind(403, "The write quota is exceeded."),
}


class ApiError(Exception):
    """A refusal the caller gets as an error body.

    Args:
        code: Key of `ERRORS`, or any other code when `status` and `message` are
            given.
        message: Text in place of the usual one.
        status: HTTP status in place of the usual one.

    Raises:
        KeyError: If the code is unknown.
    """

    def __init__(
        self, *, code: str, message: str | None = None, status: int | None = None
    ) -> None:
        super().__init__(code)
        self.code = code
        self.message = message if message is not None else ERRORS[code].message
        self.status = status if status is not None else ERRORS[code].status

    def body(self) -> bytes:
        """Return the body of the answer."""
        return compact_json({"errorCode": self.code, "errorMessage": self.message})
