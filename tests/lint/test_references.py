"""References are replaced by what they name, and nothing else changes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from collector_lint.document import UNKNOWN
from collector_lint.loader import parse
from collector_lint.references import MAX_SECRET_BYTES, resolve

if TYPE_CHECKING:
    from pathlib import Path

    from collector_lint.document import Document
    from collector_lint.findings import Finding

ENVIRONMENT = {"NAME": "north", "PORT": "443", "EMPTY": "", "DOLLAR": "$${NAME}"}


def _resolve(
    text: str, folder: Path, name: str = "c.yaml"
) -> tuple[Document, tuple[Finding, ...]]:
    document, findings = parse(text.encode(), name)
    assert document is not None
    assert findings == ()
    return resolve(document, environment=ENVIRONMENT, folder=folder)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("${NAME}", "north"),
        ("a-${NAME}-${PORT}", "a-north-443"),
        ("${PORT}", 443),
        ('"${PORT}"', "443"),
        ("'${PORT}'", "443"),
        ("${PORT}0", "4430"),
        ("${ABSENT:-8080}", 8080),
        ('"${ABSENT:-8080}"', "8080"),
        ("${ABSENT:-no}", False),
        ("${ABSENT:-2023-01-05T00:00:00Z}", "2023-01-05T00:00:00Z"),
        ("${EMPTY:-x}", "x"),
        ("${ABSENT:-}", None),
        ('"${ABSENT:-}"', ""),
        ('"${EMPTY}"', ""),
        ("${EMPTY}", None),
        ("$${NAME}", "${NAME}"),
        ("$$$${NAME}", "$${NAME}"),
        ("a$b $ c$", "a$b $ c$"),
        ("pa$$word", "pa$word"),
        ("${DOLLAR}", "$${NAME}"),
        ("[1, true, null]", [1, True, None]),
    ],
)
def test_references_are_resolved(tmp_path: Path, text: str, value: object) -> None:
    """Each form gives its value; an unquoted lone reference is read as YAML."""
    document, findings = _resolve(f"a: {text}\n", tmp_path)

    assert document.data == {"a": value}
    assert findings == ()


def test_json_references_stay_text(tmp_path: Path) -> None:
    """All texts of a JSON file are quoted, so what they name stays text."""
    document, _ = _resolve('{"a": "${PORT}"}', tmp_path, "c.json")

    assert document.data == {"a": "443"}


def test_keys_are_never_resolved(tmp_path: Path) -> None:
    """A reference in a key is part of its name."""
    document, _ = _resolve("${NAME}: 1\n", tmp_path)

    assert document.data == {"${NAME}": 1}


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b"s3cret\n", "s3cret"),
        (b"s3cret\r\n", "s3cret"),
        (b"s3cret\n\n", "s3cret\n"),
        (b"s3cret\r", "s3cret\r"),
        (b"", ""),
        (b"a\nb ${NAME}", "a\nb ${NAME}"),
        (b"x" * MAX_SECRET_BYTES, "x" * MAX_SECRET_BYTES),
    ],
    ids=["line", "dos line", "two ends", "bare return", "empty", "inner", "largest"],
)
def test_file_reference_gives_the_text_without_its_line_end(
    tmp_path: Path, content: bytes, value: str
) -> None:
    """One line end is stripped; nothing inside is resolved again."""
    (tmp_path / "secret").write_bytes(content)
    (tmp_path / "secret").chmod(0o600)

    absolute, _ = _resolve(f'a: "${{file:{tmp_path}/secret}}"\n', tmp_path / "x")
    relative, findings = _resolve('a: "${file:secret}"\n', tmp_path)

    assert absolute.data == relative.data == {"a": value}
    assert findings == ()


def test_file_that_everybody_may_read_is_a_warning(tmp_path: Path) -> None:
    """Mounted secrets are often readable by all: said, but not refused."""
    (tmp_path / "secret").write_text("s3cret", "utf-8")
    (tmp_path / "secret").chmod(0o644)

    document, findings = _resolve("a: ${file:secret}\n", tmp_path)

    assert document.data == {"a": "s3cret"}
    assert [(f.code, f.severity) for f in findings] == [("RF104", "warning")]
    assert "s3cret" not in str(findings)


def _unusable(folder: Path) -> None:
    (folder / "binary").write_bytes(b"\xff\xfe")
    (folder / "large").write_bytes(b"x" * (MAX_SECRET_BYTES + 1))
    (folder / "escape").write_bytes(b"\x1b[31m")
    os.mkfifo(folder / "fifo")
    for name in ("binary", "large", "escape"):
        (folder / name).chmod(0o600)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "${ABSENT}",
            (
                "RF102 environment variable ABSENT is not set"
                " (set it, or give a default: ${ABSENT:-default})"
            ),
        ),
        (
            "${}",
            (
                "RF101 not a reference: ${NAME}, ${NAME:-default} or ${file:path}"
                " (write $$ for a dollar)"
            ),
        ),
        (
            "x${NAME",
            (
                "RF101 not a reference: ${NAME}, ${NAME:-default} or ${file:path}"
                " (write $$ for a dollar)"
            ),
        ),
        ("${file:absent}", "RF103 cannot read HOME/absent: no such file or directory"),
        ("${file:}", "RF103 cannot read HOME: is a directory"),
        ("${file:fifo}", "RF103 cannot read HOME/fifo: not a regular file"),
        ("${file:large}", "RF103 cannot read HOME/large: larger than 65536 bytes"),
        ("${file:binary}", "RF103 HOME/binary is not UTF-8 text"),
        (
            "${file:escape}",
            (
                "SY010 the text holds a control character or half a character,"
                " after its references"
            ),
        ),
    ],
)
def test_references_that_fail_are_located(
    tmp_path: Path, text: str, expected: str
) -> None:
    """A reference that cannot be resolved is one finding, and its value is damaged."""
    _unusable(tmp_path)

    document, findings = _resolve(f"a:\n  b: {text}\n", tmp_path)

    found = [str(finding).replace(str(tmp_path), "HOME") for finding in findings]
    assert found == [f"c.yaml:2:6: {expected}"]
    assert document.is_damaged(("a", "b"))
    assert document.data == {"a": {"b": UNKNOWN}}
