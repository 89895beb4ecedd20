"""The gateway in front of the service: who asks, and is the request in form.

The order of the checks is inferred; each check has the vendor's code. It knows
nothing of what an action does.
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from collector_emulators.log_service.errors import ApiError
from collector_emulators.log_service.signatures import (
    Claim,
    is_body_intact,
    is_signed_by,
    parse_authorization,
    string_to_sign,
)

if TYPE_CHECKING:
    from collector_emulators.accounts import AccessKey, Accounts
    from collector_emulators.clock import TransportClock
    from collector_emulators.http_server import Request
    from collector_emulators.log_service.knobs import Knobs

API_VERSION = "0.6.0"


class Gateway:
    """Checks who sent a request."""

    def __init__(
        self, region: str, accounts: Accounts, knobs: Knobs, clock: TransportClock
    ) -> None:
        self._region = region
        self._accounts = accounts
        self._knobs = knobs
        self._clock = clock

    def admit(self, request: Request) -> AccessKey:
        """Return the key that signed, once every check passed.

        Raises:
            ApiError: With the code of the first check that failed.
        """
        claim = _claim(request)
        _check_form(request, claim)
        self._check_date(request, claim)
        key = self._key(claim.key_id)
        self._check_token(key, request.headers.get("x-acs-security-token", ""))
        self._check_signature(request, claim, key)
        return key

    def check_right(self, key: AccessKey, action: str, resource: str) -> None:
        """Refuse an action the key has no right to.

        Args:
            key: The key that signed.
            action: As RAM calls it, e.g. `log:ListShards`.
            resource: Behind the account in the resource's name.

        Raises:
            ApiError: Unauthorized.
        """
        if action in key.denied:
            name = f"acs:log:{self._region}:{key.account_id}:{resource}"
            message = f"denied by sts or ram, action: {action}, resource: {name}"
            raise ApiError(code="Unauthorized", message=message)

    def _check_date(self, request: Request, claim: Claim) -> None:
        headers = request.headers
        text = headers.get("x-log-date", headers.get("date", ""))
        if not text:
            raise ApiError(code="MissingDate")
        try:
            sent = _parse_date(text, claim)
        except (TypeError, ValueError) as err:
            message = f"date {text} must follow the format of its signature"
            raise ApiError(code="InvalidDateFormat", message=message) from err
        if abs(self._clock.seconds() - sent) > self._knobs.max_skew_s:
            raise ApiError(code=self._knobs.skew_error)

    def _key(self, key_id: str) -> AccessKey:
        key = self._accounts.find(key_id)
        if key is None:
            raise ApiError(
                code="Unauthorized", message=f"AccessKeyId not found: {key_id}"
            )
        if not key.active:
            raise ApiError(
                code="Unauthorized", message=f"AccessKeyId is disabled: {key_id}"
            )
        return key

    def _check_token(self, key: AccessKey, token: str) -> None:
        if key.is_temporary and not token:
            # A temporary key is unknown to those who do not show its token.
            raise ApiError(
                code="Unauthorized", message=f"AccessKeyId not found: {key.key_id}"
            )
        if token != key.security_token:
            message = "The security token you provided is invalid"
            raise ApiError(code="Unauthorized", message=message)
        if key.expires_at is not None and self._clock.seconds() >= key.expires_at:
            message = "The security token you provided has expired"
            raise ApiError(code=self._knobs.token_error, message=message)

    def _check_signature(self, request: Request, claim: Claim, key: AccessKey) -> None:
        if not is_body_intact(request):
            raise ApiError(code="InvalidContentMD5")
        is_here = not claim.is_v4 or claim.region == self._region
        if is_here and is_signed_by(request, claim, key.secret):
            return
        text = string_to_sign(request, claim)
        message = f"signature {claim.signature} not match, string to sign: {text!r}"
        raise ApiError(code="SignatureNotMatch", message=message)


def _claim(request: Request) -> Claim:
    text = request.headers.get("authorization", "")
    if not text:
        raise ApiError(
            code="MissAccessKeyId", message="the header Authorization is missing"
        )
    claim = parse_authorization(text)
    if claim is None:
        raise ApiError(
            code="Unauthorized", message="the header Authorization has no known form"
        )
    return claim


def _check_form(request: Request, claim: Claim) -> None:
    version = request.headers.get("x-log-apiversion")
    if version is None:
        raise ApiError(code="MissingAPIVersion")
    if version != API_VERSION:
        raise ApiError(
            code="InvalidAPIVersion", message=f"Invalid API version: {version}"
        )
    if claim.is_v4:
        return
    method = request.headers.get("x-log-signaturemethod")
    if method is None:
        raise ApiError(code="MissingSignatureMethod")
    if method != "hmac-sha1":
        raise ApiError(code="InvalidSignatureMethod")


def _parse_date(text: str, claim: Claim) -> float:
    if not claim.is_v4:
        return parsedate_to_datetime(text).timestamp()
    instant = datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    if not text.startswith(claim.date):
        message = "the date of the signature is another one"
        raise ValueError(message)
    return instant.timestamp()
