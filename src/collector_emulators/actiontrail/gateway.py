"""The gateway in front of the service: who asks, may they, and how often.

The order of the checks is inferred; each check has the vendor's code. It knows
nothing of what an action does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

from collector_emulators.accounts import AccessKey, Accounts, Nonces, RateLimiter
from collector_emulators.actiontrail.errors import ApiError
from collector_emulators.clock import parse_instant
from collector_emulators.signing import (
    Authorization,
    is_signed_by,
    parse_authorization,
    string_to_sign,
)

if TYPE_CHECKING:
    from collector_emulators.actiontrail.knobs import Knobs
    from collector_emulators.clock import DataClock, TransportClock
    from collector_emulators.http_server import Request

VERSION: Final = "2020-07-06"

_DATE: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def read_parameters(request: Request) -> dict[str, str]:
    """Return the parameters of the query and of a form in the body."""
    texts = (request.query, request.body.decode("utf-8", "replace"))
    return {
        name: value
        for text in texts
        for name, value in parse_qsl(text, keep_blank_values=True)
    }


class Gateway:
    """Checks requests in the order of the vendor's gateway."""

    def __init__(
        self,
        accounts: Accounts,
        knobs: Knobs,
        clock: TransportClock,
        data_clock: DataClock,
    ) -> None:
        self._accounts = accounts
        self._knobs = knobs
        self._clock = clock
        self._data_clock = data_clock
        self._nonces = Nonces()
        self._limiter = RateLimiter()

    def admit(self, request: Request, ram_action: str) -> AccessKey:
        """Return the key that signed, once every check passed.

        Raises:
            ApiError: With the code of the first check that failed.
        """
        claim = parse_authorization(request.headers.get("authorization", ""))
        if claim is None:
            raise ApiError(code="IncompleteSignature")
        key = self._key(claim.key_id)
        self._check_date(request.headers.get("x-acs-date", ""))
        self._check_token(key, request.headers.get("x-acs-security-token", ""))
        self._check_signature(request, claim, key)
        self._check_nonce(request, key)
        _check_permission(key, ram_action)
        self._check_rate(key)
        return key

    def _key(self, key_id: str) -> AccessKey:
        key = self._accounts.find(key_id)
        if key is None:
            raise ApiError(code="InvalidAccessKeyId.NotFound")
        if not key.active:
            raise ApiError(code="InvalidAccessKeyId.Inactive")
        return key

    def _check_date(self, text: str) -> None:
        if not _DATE.fullmatch(text):
            raise ApiError(code="InvalidTimeStamp.Format")
        try:
            sent = parse_instant(text)
        except ValueError as err:
            raise ApiError(code="InvalidTimeStamp.Format") from err
        if abs(self._clock.seconds() - sent) > self._knobs.max_skew_s:
            raise ApiError(code="InvalidTimeStamp.Expired")

    def _check_token(self, key: AccessKey, token: str) -> None:
        if key.is_temporary and not token:
            # A temporary key is unknown to those who do not show its token.
            raise ApiError(code="InvalidAccessKeyId.NotFound")
        if token and not key.is_temporary:
            raise ApiError(code="InvalidSecurityToken.MismatchWithAccessKey")
        if token != key.security_token:
            raise ApiError(code="InvalidSecurityToken.Malformed")
        if key.expires_at is not None and self._clock.seconds() >= key.expires_at:
            raise ApiError(code="InvalidSecurityToken.Expired")

    def _check_signature(
        self, request: Request, claim: Authorization, key: AccessKey
    ) -> None:
        if is_signed_by(request, claim, key.secret):
            return
        text = string_to_sign(request, claim.signed_headers)
        message = f"Specified signature does not match our calculation: {text!r}"
        raise ApiError(code="SignatureDoesNotMatch", message=message)

    def _check_nonce(self, request: Request, key: AccessKey) -> None:
        nonce = f"{key.key_id} {request.headers['x-acs-signature-nonce']}"
        if not self._nonces.use(nonce, self._clock.seconds()):
            raise ApiError(code="SignatureNonceUsed")

    def _check_rate(self, key: AccessKey) -> None:
        per_s = self._knobs.rate_per_s
        by_data = self._knobs.rate_clock == "data"
        now = (self._data_clock if by_data else self._clock).seconds()
        if per_s is None or self._limiter.take(key.account_id, per_s=per_s, now=now):
            return
        raise ApiError(
            code="Throttling.User",
            status=self._knobs.throttle_status,
            retry_after_ms=self._knobs.retry_after_ms,
        )


def _check_permission(key: AccessKey, ram_action: str) -> None:
    denial = key.denied.get(ram_action)
    if denial is None:
        return
    detail = {
        "PolicyType": "AccountLevelIdentityBasedPolicy",
        "AuthPrincipalOwnerId": key.account_id,
        "AuthPrincipalType": "AssumedRoleUser" if key.is_temporary else "SubUser",
        "AuthPrincipalDisplayName": key.principal_id,
        "NoPermissionType": denial,
        "AuthAction": ram_action,
        "EncodedDiagnosticMessage": "",
    }
    raise ApiError(code="NoPermission", detail={"AccessDeniedDetail": detail})
