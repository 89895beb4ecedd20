"""The error table: what the vendor's SDK raises, and what is done about it."""

from __future__ import annotations

from typing import Any

import pytest
from alibabacloud_tea_openapi.exceptions import (
    ClientException,
    ServerException,
    ThrottlingException,
)
from darabonba.exceptions import RetryError, UnretryableException
from darabonba.policy.retry import RetryPolicyContext

from alibaba_cloud import problems
from alibaba_cloud.actiontrail.answers import parse_page
from alibaba_cloud.actiontrail.failures import translate
from alibaba_cloud.errors import ApiError, Problem, Reaction

_CODES: list[tuple[int, str, Problem, Reaction]] = [
    (400, "InvalidParameterCombination", problems.REQUEST, Reaction.STOP),
    (400, "InvalidParameterStartTime", problems.TIME_RANGE, Reaction.STOP),
    (400, "InvalidParameterEndTime", problems.TIME_RANGE, Reaction.STOP),
    (400, "TimeRangeExceeded", problems.TIME_RANGE, Reaction.STOP),
    (400, "InvalidQueryParameter", problems.REQUEST, Reaction.STOP),
    (400, "IncompleteSignature", problems.SIGNATURE, Reaction.STOP),
    (404, "InvalidAccessKeyId.NotFound", problems.KEY_UNKNOWN, Reaction.STOP),
    (400, "InvalidAccessKeyId.Inactive", problems.KEY_INACTIVE, Reaction.STOP),
    (400, "SignatureDoesNotMatch", problems.SIGNATURE, Reaction.STOP),
    (400, "InvalidTimeStamp.Expired", problems.CLOCK, Reaction.STOP),
    (400, "InvalidTimeStamp.Format", problems.CLOCK, Reaction.STOP),
    (400, "SignatureNonceUsed", problems.NONCE_USED, Reaction.RETRY),
    (400, "InvalidSecurityToken.Expired", problems.TOKEN_EXPIRED, Reaction.REFRESH),
    (400, "InvalidSecurityToken.Malformed", problems.TOKEN_EXPIRED, Reaction.REFRESH),
    (403, "NoPermission", problems.PERMISSION, Reaction.STOP),
    (403, "NoPermission.Policy", problems.PERMISSION, Reaction.STOP),
    (403, "Forbidden.RAM", problems.PERMISSION, Reaction.STOP),
    (400, "Throttling", problems.THROTTLED, Reaction.SLOW_DOWN),
    (400, "Throttling.User", problems.THROTTLED, Reaction.SLOW_DOWN),
    (429, "Throttling.Api.Risk", problems.THROTTLED, Reaction.SLOW_DOWN),
    (429, "Unheard", problems.THROTTLED, Reaction.SLOW_DOWN),
    (404, "InvalidApi.NotFound", problems.ENDPOINT, Reaction.STOP),
    (404, "InvalidAction.NotFound", problems.ENDPOINT, Reaction.STOP),
    (400, "InvalidVersion", problems.ENDPOINT, Reaction.STOP),
    (400, "MissingAction", problems.REQUEST, Reaction.STOP),
    (400, "InvalidProtocol.NeedSsl", problems.ENDPOINT, Reaction.STOP),
    (400, "InvalidCredentials", problems.NO_CREDENTIALS, Reaction.STOP),
    (500, "InternalError", problems.SERVER, Reaction.RETRY),
    (503, "ServiceUnavailable", problems.SERVER, Reaction.RETRY),
    (502, "None", problems.SERVER, Reaction.RETRY),
    (400, "Unheard", problems.UNKNOWN, Reaction.STOP),
]


@pytest.mark.parametrize(
    ("status", "code", "problem", "reaction"), _CODES, ids=[c[1] for c in _CODES]
)
def test_code_of_the_vendor_has_a_problem_and_a_reaction(
    status: int, code: str, problem: Problem, reaction: Reaction
) -> None:
    """Every documented code is known by name, and its reaction is the right one."""
    raised = ServerException if status >= 500 else ClientException

    error = translate(
        raised(status_code=status, code=code, message="m", request_id="R-1"),
        with_token=False,
    )

    assert (error.problem, error.reaction) == (problem, reaction)
    assert f"{code} (HTTP {status}, request R-1)" in str(error)


@pytest.mark.parametrize(
    "code", ["InvalidQueryParameter", "InvalidParameterStartTime", "Unheard"]
)
def test_refusal_of_a_request_with_a_page_token_begins_the_window_again(
    code: str,
) -> None:
    """What a stale token is refused with is not documented, so any of these may be."""
    error = translate(ClientException(status_code=400, code=code), with_token=True)

    assert error.reaction is Reaction.RESTART


@pytest.mark.parametrize("code", ["Throttling.User", "NoPermission", "InternalError"])
def test_page_token_does_not_hide_another_problem(code: str) -> None:
    """A missing permission stays one in the middle of a window."""
    error = translate(ClientException(status_code=400, code=code), with_token=True)

    assert error.reaction is not Reaction.RESTART


def test_wait_the_vendor_asked_for_is_kept_in_seconds() -> None:
    """The SDK gives milliseconds, and one class for every status."""
    raised = ThrottlingException(
        status_code=503, code="ServiceUnavailable", retry_after=1500
    )

    error = translate(raised, with_token=False)

    assert (error.problem, error.retry_after_s) == (problems.SERVER, 1.5)


def test_denied_permission_names_action_and_principal() -> None:
    """The operator reads what to grant to whom."""
    detail = {"AuthAction": "actiontrail:LookupEvents", "AuthPrincipalType": "SubUser"}
    raised = ClientException(
        status_code=403, code="NoPermission", access_denied_detail=detail
    )

    text = str(translate(raised, with_token=False))

    assert "AuthAction=actiontrail:LookupEvents, AuthPrincipalType=SubUser" in text


def test_vendor_message_never_reaches_ours() -> None:
    """For a wrong signature the vendor repeats the whole request."""
    raised = ClientException(
        status_code=400, code="SignatureDoesNotMatch", message="string to sign: X"
    )

    assert "string to sign" not in str(translate(raised, with_token=False))


def _wrapped(inner: Exception) -> Exception:
    return UnretryableException(
        RetryPolicyContext(retries_attempted=1, exception=inner)
    )


@pytest.mark.parametrize(
    ("inner", "problem"),
    [
        (RetryError("connection refused"), problems.TRANSPORT),
        (RuntimeError("Failed to parse the value as json format"), problems.GARBLED),
        (AttributeError("get"), problems.GARBLED),
        (ApiError(problems.NO_CREDENTIALS, "none"), problems.NO_CREDENTIALS),
    ],
    ids=["transport", "html", "json-list", "credentials"],
)
def test_what_the_sdk_wraps_is_told_apart(inner: Exception, problem: Problem) -> None:
    """Without a readable answer the inner exception decides."""
    assert translate(_wrapped(inner), with_token=False).problem is problem


_ANSWERS: list[tuple[str, bytes, int, Problem]] = [
    ("html", b"<html>", 200, problems.GARBLED),
    ("empty", b"", 200, problems.GARBLED),
    ("redirection", b"", 302, problems.ENDPOINT),
    ("gateway", b"<html>", 502, problems.SERVER),
    ("null", b"null", 200, problems.GARBLED),
    ("list", b"[]", 200, problems.GARBLED),
    ("object", b"{}", 200, problems.GARBLED),
    ("code", b'{"Code":"Throttling.User"}', 200, problems.THROTTLED),
    ("events-null", b'{"Events":null}', 200, problems.GARBLED),
    ("events-text", b'{"Events":"x"}', 200, problems.GARBLED),
    ("truncated", b'{"Events":[{"a":', 200, problems.GARBLED),
    ("nested", b"[" * 100_000, 200, problems.GARBLED),
]


@pytest.mark.parametrize(
    ("body", "status", "problem"),
    [answer[1:] for answer in _ANSWERS],
    ids=[answer[0] for answer in _ANSWERS],
)
def test_answer_that_is_no_page_is_an_error(
    body: bytes, status: int, problem: Problem
) -> None:
    """Whatever comes in place of a page has a problem, and is never an empty page."""
    with pytest.raises(ApiError) as caught:
        parse_page(body, status, with_token=False)

    assert caught.value.problem is problem


@pytest.mark.parametrize(
    ("body", "token"),
    [
        (b'{"Events":[],"NextToken":"t"}', "t"),
        (b'{"Events":[],"NextToken":""}', None),
        (b'{"Events":[]}', None),
    ],
    ids=["present", "empty", "absent"],
)
def test_token_is_taken_as_it_is(body: bytes, token: str | None) -> None:
    """An empty token is none."""
    assert parse_page(body, 200, with_token=False).token == token


def test_huge_integer_does_not_cost_the_page() -> None:
    """More digits than Python converts become text."""
    digits = b"9" * 5000

    events: list[Any] = parse_page(
        b'{"Events":[%s,1]}' % digits, 200, with_token=False
    ).events

    assert events == [digits.decode(), 1]
