"""Credentials: where they come from, and that they stay hidden."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from alibaba_cloud.credentials import Credentials, credential_source
from alibaba_cloud.errors import ApiError, InitVariablesError

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "example-secret"  # noqa: S105  (opens nothing)
KEY: dict[str, Any] = {"access_key_id": "example-id", "access_key_secret": SECRET}


def test_key_of_the_configuration() -> None:
    """Two parts make a lasting key."""
    source = credential_source(KEY)

    found = source.get_credential()

    assert found == Credentials("example-id", SECRET)
    assert not found.temporary
    assert source.shared_id == "example-id"


def test_key_with_a_token_is_temporary() -> None:
    """The third part makes the vendor's SDK sign as for STS."""
    found = credential_source({**KEY, "security_token": "tok"}).get_credential()

    assert (found.type, found.security_token) == ("sts", "tok")
    assert found.temporary


def test_secrets_stay_out_of_the_representation() -> None:
    """Neither secret nor token shows up where a value is printed."""
    text = repr(Credentials("example-id", SECRET, "example-token"))

    assert SECRET not in text
    assert "example-token" not in text


def test_key_file_is_read_for_every_call(tmp_path: Path) -> None:
    """A rotated key counts at once."""
    path = tmp_path / "key.json"
    source = credential_source({"type": "file", "path": str(path)})
    path.write_text(json.dumps(KEY), encoding="utf-8")
    before = source.get_credential().access_key_id

    path.write_text(json.dumps({**KEY, "access_key_id": "new"}), encoding="utf-8")

    assert (before, source.get_credential().access_key_id) == ("example-id", "new")


@pytest.mark.parametrize(
    "text",
    [None, f'{{"access_key_secret": "{SECRET}', "[]", '{"access_key_id": "x"}'],
    ids=["missing", "cut", "no-object", "half"],
)
def test_key_file_that_cannot_be_used_is_an_error_without_its_content(
    tmp_path: Path, text: str | None
) -> None:
    """The error names the file and nothing that is in it."""
    path = tmp_path / "key.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")

    with pytest.raises(ApiError, match=r"CODE:0416") as caught:
        credential_source({"type": "file", "path": str(path)}).get_credential()

    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None or SECRET not in str(caught.value.__cause__)


@pytest.mark.parametrize(
    "block",
    [{}, {"access_key_id": "x"}, {"type": "file"}, {"access_key_secret": SECRET}],
    ids=["empty", "no-secret", "no-path", "no-id"],
)
def test_incomplete_block_is_refused(block: dict[str, Any]) -> None:
    """What is missing is named, what is there is not shown."""
    with pytest.raises(InitVariablesError, match=r"CODE:0004") as caught:
        credential_source(block)

    assert SECRET not in str(caught.value)


def test_default_chain_uses_the_vendor_and_is_opened_again_after_a_refresh(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The chain's client is kept until a refresh."""
    opened: list[int] = []

    class Client:
        def __init__(self) -> None:
            opened.append(1)

        def get_credential(self) -> Credentials:
            return Credentials("chain", SECRET, "tok", "sts", "default/env")

    monkeypatch.setattr("alibabacloud_credentials.client.Client", Client)
    source = credential_source({"type": "default"})

    found = [source.get_credential() for _ in range(3)]
    source.refresh()
    source.get_credential()

    assert {one.provider_name for one in found} == {"default/env"}
    assert source.shared_id is None
    assert len(opened) == 2


def test_chain_that_finds_nothing_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """The vendor's text is left out: it may quote a profile."""

    class Client:
        def get_credential(self) -> Credentials:
            message = f"profile says {SECRET}"
            raise RuntimeError(message)

    monkeypatch.setattr("alibabacloud_credentials.client.Client", Client)

    with pytest.raises(ApiError, match=r"CODE:0416") as caught:
        credential_source({"type": "default"}).get_credential()

    assert SECRET not in str(caught.value)
