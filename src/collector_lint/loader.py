"""Loads one YAML or JSON file: a document, and every mistake in its syntax.

Whatever the bytes are, the answer is findings, never an exception. It knows nothing
of what the data means.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from collector_lint import codes
from collector_lint.document import START, finding_at, leaves
from collector_lint.files import MAX_FILE_BYTES, UnreadableError, decode, read_regular
from collector_lint.findings import tidy
from collector_lint.json_text import parse_json
from collector_lint.scalars import oddity
from collector_lint.yaml_text import parse_yaml

if TYPE_CHECKING:
    from pathlib import Path

    from collector_lint.document import DataPath, Document
    from collector_lint.findings import Finding


def load(file: Path) -> tuple[Document | None, tuple[Finding, ...]]:
    """Load a file; one named `*.json` by JSON's rules, every other by YAML's.

    Returns:
        The document, or None when nothing could be built, and the findings.
    """
    try:
        content = read_regular(file, max_bytes=MAX_FILE_BYTES)
    except UnreadableError as err:
        message = f"the file cannot be read: {err}"
        return None, (finding_at(str(file), START, codes.UNREADABLE, message),)
    return parse(content.data, str(file))


@cache
def load_installed(file: Path) -> tuple[Document | None, tuple[Finding, ...]]:
    """Do what `load` does with a file that stays the same while the program runs."""
    return load(file)


def parse(data: bytes, name: str) -> tuple[Document | None, tuple[Finding, ...]]:
    """Do what `load` does with bytes that were already read.

    Args:
        data: Content of the file.
        name: Name shown in findings; its ending chooses the rules.
    """
    text, findings = decode(data, name)
    if text is None:
        return None, tidy(findings)
    parser = parse_json if name.endswith(".json") else parse_yaml
    document, more = parser(text, name)
    findings += more
    if document is None:
        return None, tidy(findings)
    odd = list(_odd_scalars(document))
    damaged = document.damaged.union(path for path, _ in odd)
    findings += [finding for _, finding in odd]
    return replace(document, damaged=damaged), tidy(findings)


def _odd_scalars(document: Document) -> list[tuple[DataPath, Finding]]:
    return [
        (path, document.finding(path, codes.SCALAR, reason))
        for path, value in leaves(document.data)
        if (reason := oddity(value))
    ]
