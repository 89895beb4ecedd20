"""The error table: what the vendor's SDK raises, and what is done about it."""

from __future__ import annotations

import pytest
from aliyun.log.logexception import LogException

from alibaba_cloud import problems
from alibaba_cloud.errors import ApiError, Problem, Reaction
from alibaba_cloud.log_service.failures import shown_reason, translate
from alibaba_cloud.naming import name_answer, shown

_STOP, _RETRY, _SLOW = Reaction.STOP, Reaction.RETRY, Reaction.SLOW_DOWN
_REQUEST, _THROTTLED = problems.REQUEST, problems.THROTTLED
_CODES: list[tuple[int, str, Problem, Reaction]] = [
    (400, "MissingContentType", _REQUEST, _STOP),
    (400, "MissingBodyRawSize", _REQUEST, _STOP),
    (400, "InvalidBodyRawSize", _REQUEST, _STOP),
    (400, "InvalidCompressType", _REQUEST, _STOP),
    (400, "MissingHost", _REQUEST, _STOP),
    (400, "MissingDate", _REQUEST, _STOP),
    (400, "InvalidDateFormat", _REQUEST, _STOP),
    (400, "MissingAPIVersion", _REQUEST, _STOP),
    (400, "InvalidAPIVersion", _REQUEST, _STOP),
    (400, "MissAccessKeyId", _REQUEST, _STOP),
    (400, "MissingSignatureMethod", _REQUEST, _STOP),
    (400, "InvalidSignatureMethod", _REQUEST, _STOP),
    (400, "InvalidContentLength", _REQUEST, _STOP),
    (400, "InvalidHost", problems.ENDPOINT, _STOP),
    (400, "RequestTimeTooSkewed", problems.CLOCK, _STOP),
    (400, "RequestTimeExpired", problems.CLOCK, _STOP),
    (400, "RequestTimeout", problems.SERVER, _RETRY),
    (400, "ParameterInvalid", _REQUEST, _STOP),
    (400, "MissingParameter", _REQUEST, _STOP),
    (400, "PostBodyInvalid", _REQUEST, _STOP),
    (400, "InvalidTimeRange", _REQUEST, _STOP),
    (400, "InvalidCursor", problems.CURSOR_EXPIRED, _STOP),
    (400, "LogStoreWithoutShard", problems.SERVER, _RETRY),
    (400, "NotSupportedAcceptEncoding", _REQUEST, _STOP),
    (400, "NotSupportedAcceptContentType", _REQUEST, _STOP),
    (401, "SignatureNotMatch", problems.SIGNATURE, _STOP),
    (403, "SignatureNotMatch", problems.SIGNATURE, _STOP),
    (401, "InvalidAccessKeyId", problems.KEY_UNKNOWN, _STOP),
    (401, "InvalidAccessKeyId.NotFound", problems.KEY_UNKNOWN, _STOP),
    (403, "InvalidAccessKeyId.Inactive", problems.KEY_INACTIVE, _STOP),
    (401, "SecurityTokenExpired", problems.TOKEN_EXPIRED, Reaction.REFRESH),
    (403, "SecurityToken.Expired", problems.TOKEN_EXPIRED, Reaction.REFRESH),
    (403, "InvalidSecurityToken", problems.TOKEN_EXPIRED, Reaction.REFRESH),
    (403, "ReadQuotaExceed", _THROTTLED, _SLOW),
    (403, "ShardReadQuotaExceed", _THROTTLED, _SLOW),
    (403, "ExceedQuota", _THROTTLED, _SLOW),
    (403, "WriteQuotaExceed", _THROTTLED, _SLOW),
    (403, "ShardWriteQuotaExceed", _THROTTLED, _SLOW),
    (403, "ProjectQuotaExceed", _THROTTLED, _SLOW),
    (429, "Unheard", _THROTTLED, _SLOW),
    (403, "ProjectForbidden", problems.CLOSED, _STOP),
    (404, "ProjectNotExist", problems.NO_STORE, _STOP),
    (404, "ProjectNotExists", problems.NO_STORE, _STOP),
    (404, "LogStoreNotExist", problems.NO_STORE, _STOP),
    (404, "ShardNotExist", problems.SHARD_GONE, _STOP),
    (400, "ShardNotExist", problems.SHARD_GONE, _STOP),
    (405, "InvalidMethod", problems.ENDPOINT, _STOP),
    (411, "MissingContentLength", _REQUEST, _STOP),
    (413, "PostBodyTooLarge", _REQUEST, _STOP),
    (415, "InvalidContentType", _REQUEST, _STOP),
    (500, "InternalServerError", problems.SERVER, _RETRY),
    (503, "ServerBusy", problems.SERVER, _RETRY),
    (502, "LogRequestError", problems.SERVER, _RETRY),
    (302, "LogRequestError", problems.ENDPOINT, _STOP),
    (204, "LogRequestError", problems.UNREADABLE, _RETRY),
    (200, "BadResponse", problems.UNREADABLE, _RETRY),
    (404, "BadResponse", problems.UNREADABLE, _RETRY),
    (502, "BadResponse", problems.SERVER, _RETRY),
    (301, "BadResponse", problems.ENDPOINT, _STOP),
    (200, "UnsupportedCompressType", problems.UNREADABLE, _RETRY),
    (200, "DecompressError", problems.UNREADABLE, _RETRY),
    (200, "InvalidResponse", problems.UNREADABLE, _RETRY),
    (400, "Unheard", problems.UNKNOWN, _STOP),
    (404, "Unheard", problems.UNKNOWN, _STOP),
    (500, "Unheard", problems.SERVER, _RETRY),
]


@pytest.mark.parametrize(
    ("status", "code", "problem", "reaction"),
    _CODES,
    ids=[f"{code}-{status}" for status, code, _, _ in _CODES],
)
def test_code_of_the_vendor_has_a_problem_and_a_reaction(
    status: int, code: str, problem: Problem, reaction: Reaction
) -> None:
    """Every documented code is known by name, and its reaction is the right one."""
    error = translate(LogException(code, "m", "R-1", status))

    assert (error.problem.number, error.reaction) == (problem.number, reaction)
    assert f"{code} (HTTP {status}, request R-1)" in str(error)


@pytest.mark.parametrize(
    ("code", "message", "problem"),
    [
        ("Unauthorized", "The AccessKeyId is unauthorized", problems.KEY_UNKNOWN),
        ("Unauthorized", "AccessKeyId not found: x", problems.KEY_UNKNOWN),
        ("Unauthorized", "AccessKeyId is disabled: x", problems.KEY_INACTIVE),
        ("Unauthorized", "The AccessKeyId is inactive", problems.KEY_INACTIVE),
        (
            "Unauthorized",
            "The security token you provided is invalid",
            problems.TOKEN_EXPIRED,
        ),
        (
            "Unauthorized",
            "The security token you provided has expired",
            problems.TOKEN_EXPIRED,
        ),
        ("Unauthorized", "denied by sts or ram", problems.STORE_PERMISSION),
        (
            "Unauthorized",
            "Your SLS service has been forbidden.",
            problems.CLOSED,
        ),
        ("InvalidAccessKeyId", "Your SLS service has not opened.", problems.CLOSED),
        ("Unauthorized", "", problems.KEY_UNKNOWN),
        ("SignatureNotMatch", "signature x not match", problems.SIGNATURE),
    ],
)
def test_code_that_stands_for_several_is_told_apart_by_its_text(
    code: str, message: str, problem: Problem
) -> None:
    """The vendor has one code for keys, tokens, rights and unpaid bills."""
    error = translate(LogException(code, message, "R-1", 401))

    assert error.problem.number == problem.number


@pytest.mark.parametrize("blank", ["", " "])
def test_denied_permission_names_the_action(blank: str) -> None:
    """The operator reads what to grant."""
    message = (
        f"denied by sts or ram, action:{blank}log:GetCursorOrData,"
        " resource: acs:log:cn-hangzhou:1:project/p/logstore/l"
    )

    text = str(translate(LogException("Unauthorized", message, "R-1", 401)))

    assert "missing: log:GetCursorOrData" in text
    assert "acs:log" not in text


def test_denied_permission_without_an_action_is_named_too() -> None:
    """Not every refusal says what is missing."""
    error = translate(LogException("Unauthorized", "denied by RAM", "R-1", 401))

    assert error.problem is problems.STORE_PERMISSION
    assert "missing:" not in str(error)


def test_network_fault_is_told_from_an_answer() -> None:
    """The SDK gives such a fault the status 200 and no name of a request."""
    reason = (
        "HTTPSConnectionPool(host='p.example.com', port=443): Max retries exceeded"
        " with url: /logstores/l/shards/0?type=log&cursor=MTY%3D (Caused by"
        " NewConnectionError('[Errno 111] Connection refused'))"
    )

    error = translate(LogException("LogRequestError", reason))

    assert (error.problem, error.reaction) == (problems.TRANSPORT, Reaction.RETRY)
    assert "Connection refused" in error.cause
    assert "cursor=" not in error.cause


@pytest.mark.parametrize(
    "raised", [ValueError("secret body"), RuntimeError("secret"), KeyError("secret")]
)
def test_what_the_sdk_lets_through_is_an_answer_that_cannot_be_read(
    raised: Exception,
) -> None:
    """Its text may hold the answer itself, and is left out."""
    error = translate(raised)

    assert (error.problem, error.reaction) == (problems.UNREADABLE, Reaction.RETRY)
    assert "secret" not in str(error)
    assert type(raised).__name__ in str(error)


def test_error_of_ours_stays_what_it_is() -> None:
    """What was translated once is not translated again."""
    ours = ApiError(problems.NO_CREDENTIALS, "none")

    assert translate(ours) is ours


@pytest.mark.parametrize("code", ["SignatureNotMatch", "Unauthorized", "BadResponse"])
def test_vendor_message_never_reaches_ours(code: str) -> None:
    """It may hold the string to sign, or the body of the answer in base64."""
    raised = LogException(code, "string to sign: s3cret", "R-1", 401)

    assert "s3cret" not in str(translate(raised))


def test_answer_cannot_forge_a_line_or_flood_the_log() -> None:
    """A code with line feeds or of any length becomes one short piece."""
    code = "Odd\n2026-01-01 ERROR forged\r" + "x" * 10_000

    text = str(translate(LogException(code, "m", "R\n1" * 5000, 400)))

    assert text.isprintable()
    assert len(text) < 600


def test_reason_cannot_forge_a_line_or_flood_the_log() -> None:
    """Neither can what a server put into the text of a network fault."""
    reason = shown_reason("refused\n2026-01-01 ERROR forged" + "x" * 10_000)

    assert reason.isprintable()
    assert len(reason) == 300


def test_answer_without_code_or_request_is_named_all_the_same() -> None:
    """What is missing is said to be missing."""
    assert name_answer("", None, None) == "no code (HTTP None, request unknown)"
    assert shown("a\tb\x1b[31m") == "a?b?[31m"
