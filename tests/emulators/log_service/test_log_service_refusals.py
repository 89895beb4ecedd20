"""Who may ask: signatures, keys, tokens, clocks, rights, hosts."""

from __future__ import annotations

import json
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

import pytest
from aliyun.log import LogException

from collector_emulators.accounts import (
    EXAMPLE_ACCOUNT_ID,
    EXAMPLE_KEY_ID,
    AccessKey,
)
from emulators.log_service.caller import Caller
from emulators.log_service.vendor import (
    NOW,
    PROJECT,
    STORE,
    WHERE,
    event,
    make_client,
)

if TYPE_CHECKING:
    from collector_emulators.log_service import LogServiceEmulator

VERSIONS = pytest.mark.parametrize("version", ["v1", "v4"])


def refusal(emulator: LogServiceEmulator, **config: Any) -> tuple[int, str, str]:
    """Return status, code and message of a refused list of shards."""
    client = make_client(emulator, **config)
    with pytest.raises(LogException) as caught:
        client.list_shards(*WHERE)
    error = caught.value
    return error.get_resp_status(), error.get_error_code(), error.get_error_message()


def list_shards(caller: Caller, **changes: str | None) -> Any:
    """List shards with changed headers."""
    return caller.call("GET", f"/logstores/{STORE}/shards", **changes)


@VERSIONS
def test_unknown_key_is_not_found(emulator: LogServiceEmulator, version: str) -> None:
    """The answer names the key that does not exist."""
    found = refusal(emulator, auth_version=version, accessKeyId="nobody")

    assert found == (401, "Unauthorized", "AccessKeyId not found: nobody")


@VERSIONS
def test_disabled_key_is_refused(emulator: LogServiceEmulator, version: str) -> None:
    """A key can be disabled while clients use it."""
    emulator.accounts.change(EXAMPLE_KEY_ID, active=False)

    status, code, message = refusal(emulator, auth_version=version)

    assert (status, code) == (401, "Unauthorized")
    assert "disabled" in message


@VERSIONS
def test_wrong_secret_does_not_match(
    emulator: LogServiceEmulator, version: str
) -> None:
    """The signature of another secret is refused, and not shown the right one."""
    status, code, message = refusal(emulator, auth_version=version, accessKey="guess")

    assert (status, code) == (401, "SignatureNotMatch")
    assert "string to sign" in message


def test_signature_of_another_region_does_not_match(
    emulator: LogServiceEmulator,
) -> None:
    """The region inside a V4 signature must be that of the endpoint."""
    _status, code, _message = refusal(emulator, auth_version="v4", region="cn-shanghai")

    assert code == "SignatureNotMatch"


@VERSIONS
def test_temporary_key_needs_its_token(
    emulator: LogServiceEmulator, version: str
) -> None:
    """With its token a temporary key works, until it expires."""
    now = emulator.clock.seconds()
    key = emulator.accounts.assume_role(EXAMPLE_KEY_ID, now=now, duration_s=900)
    config = {
        "auth_version": version,
        "accessKeyId": key.key_id,
        "accessKey": key.secret,
    }
    token = key.security_token

    client = make_client(emulator, securityToken=token, **config)
    assert len(client.list_shards(*WHERE).get_shards_info()) == 2
    none = refusal(emulator, **config)
    wrong = refusal(emulator, securityToken="guess", **config)
    emulator.accounts.change(key.key_id, expires_at=now)
    expired = refusal(emulator, securityToken=token, **config)

    assert none[:2] == wrong[:2] == expired[:2] == (401, "Unauthorized")
    assert wrong[2] == "The security token you provided is invalid"
    assert expired[2] == "The security token you provided has expired"


def test_expired_token_has_two_codes(emulator: LogServiceEmulator) -> None:
    """A knob chooses the newer code."""
    now = emulator.clock.seconds()
    key = emulator.accounts.assume_role(EXAMPLE_KEY_ID, now=now, duration_s=0)
    emulator.knobs.token_error = "SecurityTokenExpired"  # noqa: S105 - a code

    found = refusal(
        emulator,
        accessKeyId=key.key_id,
        accessKey=key.secret,
        securityToken=key.security_token,
    )

    assert found[:2] == (401, "SecurityTokenExpired")


def test_token_of_a_lasting_key_is_invalid(emulator: LogServiceEmulator) -> None:
    """A key without a token must not show one."""
    found = refusal(emulator, securityToken="guess")

    assert found[:2] == (401, "Unauthorized")


@VERSIONS
@pytest.mark.parametrize("shift_s", [-1000, 1000])
def test_wrong_clock_is_refused(
    emulator: LogServiceEmulator, version: str, shift_s: int
) -> None:
    """More than 15 minutes off is too much in either direction; two codes exist."""
    emulator.clock.shift_s = shift_s

    newer = refusal(emulator, auth_version=version)
    emulator.knobs.skew_error = "RequestTimeTooSkewed"
    older = refusal(emulator, auth_version=version)

    assert newer[:2] == (400, "RequestTimeExpired")
    assert older[:2] == (400, "RequestTimeTooSkewed")


def test_clock_may_be_a_little_wrong(emulator: LogServiceEmulator) -> None:
    """Fourteen minutes do no harm."""
    emulator.clock.shift_s = 840

    client = make_client(emulator)

    assert len(client.list_shards(*WHERE).get_shards_info()) == 2


@pytest.mark.parametrize(
    ("action", "call"),
    [
        ("log:ListShards", lambda client: client.list_shards(*WHERE)),
        ("log:GetCursorOrData", lambda client: client.get_begin_cursor(*WHERE, 0)),
        ("log:GetCursorOrData", lambda client: client.pull_logs(*WHERE, 0, "x")),
    ],
    ids=["shards", "cursor", "pull"],
)
def test_denied_right_is_named(
    emulator: LogServiceEmulator, action: str, call: Any
) -> None:
    """The answer tells the action and the resource that were denied."""
    emulator.accounts.change(EXAMPLE_KEY_ID, denied={action: "ImplicitDeny"})

    with pytest.raises(LogException) as caught:
        call(make_client(emulator))

    assert caught.value.get_resp_status() == 401
    assert caught.value.get_error_code() == "Unauthorized"
    assert caught.value.get_error_message() == (
        f"denied by sts or ram, action: {action}, resource: "
        f"acs:log:cn-hangzhou:{EXAMPLE_ACCOUNT_ID}:project/{PROJECT}/logstore/{STORE}"
    )


def test_one_right_may_be_missing(emulator: LogServiceEmulator) -> None:
    """A key that may not list shards may still read them."""
    emulator.append(*WHERE, [event(0)], shard=0)
    emulator.accounts.change(EXAMPLE_KEY_ID, denied={"log:ListShards": "ExplicitDeny"})
    client = make_client(emulator)

    cursor = client.get_begin_cursor(*WHERE, 0).get_cursor()

    assert client.pull_logs(*WHERE, 0, cursor).get_loggroup_count() == 1


def test_project_of_another_account_is_denied(emulator: LogServiceEmulator) -> None:
    """A key works in its own account only."""
    emulator.accounts.add(AccessKey("other", "secret", account_id="2"))

    status, code, message = refusal(
        emulator,
        accessKeyId="other",
        accessKey="secret",
    )

    assert (status, code) == (401, "Unauthorized")
    assert message.startswith("denied by sts or ram")


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("example-project.cn-hangzhou.log.aliyuncs.com", ""),
        ("example-project.cn-hangzhou.log.aliyuncs.com:80", ""),
        ("example-project.cn-hangzhou-intranet.log.aliyuncs.com", ""),
        ("example-project.cn-hangzhou-share.log.aliyuncs.com", ""),
        ("EXAMPLE-project.localhost:1234", ""),
        ("example-project.127.0.0.1", ""),
        ("example-project.cn-shanghai.log.aliyuncs.com", "ProjectNotExist"),
        ("cn-hangzhou.log.aliyuncs.com", "ProjectNotExist"),
        ("127.0.0.1:80", "ProjectNotExist"),
        ("example-project.example.com", "InvalidHost"),
    ],
)
def test_project_is_read_from_the_host(
    emulator: LogServiceEmulator, caller: Caller, host: str, expected: str
) -> None:
    """Every name of the endpoint works; a bare one has no project."""
    del emulator

    reply = list_shards(caller, host=host)

    code = "" if reply.status == 200 else reply.code
    assert code == expected


def date(seconds: float) -> str:
    """Return a date as HTTP writes it."""
    return formatdate(seconds, usegmt=True)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"authorization": None}, (400, "MissAccessKeyId"), id="no-key"),
        pytest.param(
            {"authorization": "Basic eDp5"}, (401, "Unauthorized"), id="basic"
        ),
        pytest.param(
            {"x_log_apiversion": None}, (400, "MissingAPIVersion"), id="no-version"
        ),
        pytest.param(
            {"x_log_apiversion": "0.4.0"}, (400, "InvalidAPIVersion"), id="version"
        ),
        pytest.param(
            {"x_log_signaturemethod": None},
            (400, "MissingSignatureMethod"),
            id="no-method",
        ),
        pytest.param(
            {"x_log_signaturemethod": "hmac-md5"},
            (400, "InvalidSignatureMethod"),
            id="method",
        ),
        pytest.param({"date": None}, (400, "MissingDate"), id="no-date"),
        pytest.param({"date": "yesterday"}, (400, "InvalidDateFormat"), id="date"),
        pytest.param({"date": date(0)}, (400, "RequestTimeExpired"), id="old-date"),
        pytest.param({"content_md5": "0" * 32}, (400, "InvalidContentMD5"), id="md5"),
        pytest.param({"signature": "AAAA"}, (401, "SignatureNotMatch"), id="signature"),
        pytest.param({"host": None}, (400, "MissingHost"), id="no-host"),
    ],
)
def test_request_must_be_in_form(
    emulator: LogServiceEmulator,
    caller: Caller,
    changes: dict[str, str | None],
    expected: tuple[int, str],
) -> None:
    """Each flaw of the headers has its code, and the ledger has the call."""
    if "authorization" in changes and changes["authorization"] is None:
        changes = {"authorization": ""}

    reply = list_shards(caller, **changes)

    assert (reply.status, reply.code) == expected
    assert [call.verdict for call in emulator.requests()] == [expected[1]]


def test_signed_headers_cannot_be_changed(
    emulator: LogServiceEmulator, caller: Caller
) -> None:
    """A header added behind the signature breaks it, but for the repeated date."""
    del emulator
    now = formatdate(usegmt=True)

    repeated = list_shards(caller, date=now, x_log_date=now)
    unsigned = list_shards(caller, accept="text/plain", user_agent="x")

    assert repeated.status == unsigned.status == 200
    assert json.loads(repeated.body)[0]["shardID"] == 0


def test_method_must_be_known(emulator: LogServiceEmulator, caller: Caller) -> None:
    """A method no API has is refused like any unknown API."""
    del emulator

    reply = caller.call("PUT", f"/logstores/{STORE}/shards")

    assert (reply.status, reply.code) == (400, "UnsupportedByEmulator")


def sign_v4(**headers: str) -> dict[str, str | None]:
    """Return the headers of a V4 request whose signature is made up."""
    scope = "20260101/cn-hangzhou/sls/aliyun_v4_request"
    authorization = f"SLS4-HMAC-SHA256 Credential={EXAMPLE_KEY_ID}/{scope}"
    return {"authorization": f"{authorization},Signature=00", **headers}


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        pytest.param({"x_log_date": "20260102T000000Z"}, "InvalidDateFormat", id="day"),
        pytest.param({"x_log_date": "2026-01-01"}, "InvalidDateFormat", id="form"),
        pytest.param(
            {"x_log_date": "20260101T000000Z", "x_log_content_sha256": "00"},
            "InvalidContentMD5",
            id="hash",
        ),
        pytest.param({"x_log_date": "20260101T000000Z"}, "SignatureNotMatch", id="sum"),
    ],
)
def test_newer_signature_must_be_in_form(
    emulator: LogServiceEmulator,
    caller: Caller,
    headers: dict[str, str],
    expected: str,
) -> None:
    """The day of the scope, the date, the hash of the body and the sum are checked."""
    emulator.clock.shift_s = NOW - emulator.clock.seconds()

    reply = list_shards(caller, **sign_v4(**headers))

    assert reply.code == expected
