"""Small pieces of hostile answers: names, codes, tokens, and what is shown of them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from alibabacloud_tea_openapi.exceptions import ClientException, ThrottlingException

from alibaba_cloud import credentials, problems
from alibaba_cloud.actiontrail.answers import parse_page, refuse_unreadable
from alibaba_cloud.actiontrail.failures import translate
from alibaba_cloud.errors import ApiError
from alibaba_cloud.problems import GARBLED, SERVER, THROTTLED

FORGED = "x\n2023-01-05 ERROR forged \x1b[2J\ud800" + "y" * 1_000_000


def _page(**fields: Any) -> bytes:
    return json.dumps({"Events": [], **fields}).encode()


@pytest.mark.parametrize("token", [0, 7, False, [], {"a": 1}, "a\nb", "\ud800"])
def test_token_that_is_none_is_no_end_of_a_window(token: object) -> None:
    """Only an absent or empty one is the end; anything else is asked for again."""
    with pytest.raises(ApiError) as caught:
        parse_page(_page(NextToken=token), 200, with_token=True, request_id="R-1")

    assert caught.value.problem is GARBLED
    assert "that cannot be a token (HTTP 200, request R-1)" in str(caught.value)


@pytest.mark.parametrize(
    "fields",
    [{"Code": FORGED}, {"RequestId": FORGED}, {"Code": 7}, {"Code": ["a"]}],
)
def test_answer_cannot_forge_or_flood_a_line(fields: dict[str, Any]) -> None:
    """What is shown of an answer is short and printable."""
    with pytest.raises(ApiError) as caught:
        parse_page(json.dumps(fields).encode(), 400, with_token=False)

    assert len(str(caught.value)) < 600
    assert str(caught.value).isprintable()


def test_refusal_cannot_forge_or_flood_a_line() -> None:
    """The same for what the vendor's SDK hands over."""
    detail = {"AuthAction": FORGED, "AuthPrincipalDisplayName": [FORGED]}
    raised = ClientException(
        status_code=403, code=FORGED, request_id=FORGED, access_denied_detail=detail
    )

    text = str(translate(raised, with_token=False))

    assert len(text) < 900
    assert text.isprintable()


def test_wait_asked_for_is_bounded() -> None:
    """A quarter of an hour at most."""
    raised = ThrottlingException(
        status_code=400, code="Throttling.User", retry_after=10**15
    )

    assert translate(raised, with_token=False).retry_after_s == 900


@pytest.mark.parametrize(
    ("status", "body", "problem"),
    [
        (500, b"", SERVER),
        (502, b"<html>", SERVER),
        (429, b"slow down", THROTTLED),
        (403, b"<html>", GARBLED),
        (407, b"", GARBLED),
        (404, b"[]", GARBLED),
        (503, b"[" * 100_000, SERVER),
    ],
)
def test_error_answer_without_a_document_keeps_its_status(
    status: int, body: bytes, problem: object
) -> None:
    """A gateway's word is told apart by status, and the request can be named."""
    with pytest.raises(ApiError) as caught:
        refuse_unreadable(status, {"x-acs-request-id": "R-2"}, body)

    assert caught.value.problem is problem
    assert f"(HTTP {status}, request R-2)" in str(caught.value)


@pytest.mark.parametrize(
    ("status", "body"), [(200, b"<html>"), (400, b'{"Code":"X"}'), (302, b"")]
)
def test_what_can_be_read_is_left_to_the_reader(status: int, body: bytes) -> None:
    """Successes and the vendor's own error documents pass."""
    refuse_unreadable(status, {}, body)


def test_default_chain_that_cannot_begin_is_no_riddle(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A broken profile file, for example; its text is not repeated."""

    def broken(_name: str) -> Any:
        message = "c4n4ry"
        raise RuntimeError(message)

    monkeypatch.setattr(credentials, "import_alone", broken)
    source = credentials.credential_source({"type": "default"})

    with pytest.raises(ApiError) as caught:
        source.get_credential()

    assert caught.value.problem is problems.NO_CREDENTIALS
    assert "c4n4ry" not in str(caught.value)
