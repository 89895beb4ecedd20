"""No form of a secret passes the masker, and little else is touched."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector_host.telemetry.masking import Masker

CANARY = "Zk7/+q=\"'\\x ü&\n%9~canary"
SMALL_ESCAPES = "Zk7%2f%2bq%3d%22%27%5cx%20%c3%bc%26%0a%259~canary"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(CANARY, id="as it is"),
        pytest.param(f"a{CANARY}b", id="inside a word"),
        pytest.param(quote(CANARY, safe=""), id="URL"),
        pytest.param(quote(CANARY), id="URL path"),
        pytest.param(quote_plus(CANARY), id="URL form"),
        pytest.param(urlencode({"k": CANARY}), id="URL query"),
        pytest.param(quote(quote(CANARY, safe=""), safe=""), id="URL twice"),
        pytest.param(SMALL_ESCAPES, id="URL in small letters"),
        pytest.param(json.dumps({"k": CANARY}), id="JSON"),
        pytest.param(json.dumps({"k": CANARY}, ensure_ascii=False), id="JSON in UTF-8"),
        pytest.param(repr({"k": CANARY}), id="repr"),
        pytest.param(ascii(CANARY), id="ascii"),
        pytest.param(base64.b64encode(CANARY.encode()).decode(), id="base64"),
        pytest.param(
            base64.urlsafe_b64encode(CANARY.encode()).decode().rstrip("="),
            id="base64 for URLs",
        ),
    ],
)
def test_masker_hides_a_known_value_in_every_form(text: str) -> None:
    """The value is recognised however a library printed it."""
    masked = Masker([CANARY]).mask(f"before {text} after")

    assert "canary" not in masked
    assert "Zk7" not in masked
    assert masked.startswith("before ")
    assert masked.endswith(" after")
    assert masked.count("****") == 1


@given(st.text(min_size=4), st.text(), st.text())
def test_masker_hides_any_value_anywhere(secret: str, before: str, after: str) -> None:
    """Whatever the value and its surroundings, it is not in the result."""
    secret = secret.strip()
    masked = Masker([secret]).mask(before + secret + after)

    assert len(secret) < 4 or "****" in masked
    assert len(secret) < 4 or secret not in masked.replace("****", "\n")


@given(st.binary(max_size=5), st.text(min_size=12), st.binary(max_size=5))
def test_masker_hides_values_inside_base64(
    before: bytes, secret: str, after: bytes
) -> None:
    """A header as of basic authentication gives away at most its edges."""
    secret = secret.strip()
    text = base64.b64encode(before + secret.encode() + after).decode()

    masked = Masker([secret]).mask(text)

    assert len(secret) < 12 or "****" in masked
    assert len(secret) < 12 or len(masked) <= len("****") + 20


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        pytest.param(
            "key LTAI5tExampleKeyId1234 used", "key LTAI**** used", id="access key id"
        ),
        pytest.param(
            "id STS.NTexampleExample12345", "id STS.****", id="temporary key id"
        ),
        pytest.param(
            f"token CAIS{'aB3+/=' * 20}, next", "token ****, next", id="security token"
        ),
        pytest.param(
            "a -----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- b",
            "a **** b",
            id="private key",
        ),
        pytest.param(
            "a -----BEGIN PRIVATE KEY-----\nMIIE", "a ****", id="half a private key"
        ),
    ],
)
def test_masker_hides_keys_by_their_shape(text: str, masked: str) -> None:
    """Keys nobody told the masker about are found as well."""
    assert Masker().mask(text) == masked


def test_masker_leaves_ordinary_text_alone() -> None:
    """Event ids, times and tables are not secrets."""
    text = (
        "Updating persisted data with {'last_ids': "
        "['16BE7780-2F03-5C25-BC0F-ASDF1234ASDF']} cloud.alibaba.actiontrail.events"
    )

    assert Masker([CANARY]).mask(text) == text


def test_masker_leaves_very_short_values_alone() -> None:
    """Masking three letters would spoil the log and protect nothing."""
    assert Masker(["", "abc", " "]).mask("abcabc  abc") == "abcabc  abc"


def test_masker_takes_secrets_later() -> None:
    """A token renewed while running is hidden from then on, the old one still."""
    masker = Masker(["first-token"])
    masker.add("second-token\n", "third-token")

    assert masker.mask("first-token second-token third-token") == "**** **** ****"


def test_masker_hides_the_longer_of_two_values() -> None:
    """A secret that begins like another one leaves no rest behind."""
    assert Masker(["secret", "secret-and-more"]).mask("secret-and-more") == "****"
