"""Reads a project's files as the SDK does, keeping the place of every value.

Differences from the host's own reading: keys may be numbers, a key given twice is only
a warning, and in definitions timestamps become instants, as safe YAML has them.
Such keys are for modules alone: `for_checks` leaves them out, so that no check meets
one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, cast

import yaml

from collector_lint import codes as lint_codes
from collector_lint.files import MAX_FILE_BYTES, UnreadableError, read_regular
from collector_lint.loader import load
from collector_lint.yaml_scalars import PlainResolver

if TYPE_CHECKING:
    from pathlib import Path

    from collector_lint.document import Document
    from collector_lint.findings import Finding

_TOLERATED: Final = frozenset({lint_codes.KEY_TYPE, lint_codes.DUPLICATE_KEY})
_NAMED: Final = ("inputs", "collector_inputs", "outputs", "services", "modules")
"""Keys below which the user chooses names."""


class _WithoutTimestamps(yaml.CSafeLoader):
    yaml_implicit_resolvers = PlainResolver.yaml_implicit_resolvers


def read(
    file: Path, *, timestamps: bool = False
) -> tuple[Document | None, tuple[Finding, ...]]:
    """Read a YAML file, or JSON where the name ends so.

    Args:
        file: The file.
        timestamps: Whether an unquoted timestamp becomes an instant; else it stays
            the text the user wrote.

    Returns:
        The document with the data as the SDK would have it, or None where nothing can
        be built, and every mistake. A mistake the SDK lives with is a warning.
    """
    document, findings = load(file)
    findings = tuple(map(_tolerant, findings))
    if document is None or file.suffix == ".json":
        return document, findings
    if any(finding.severity == "error" for finding in findings):
        return document, findings
    loader = yaml.CSafeLoader if timestamps else _WithoutTimestamps
    try:
        content = read_regular(file, max_bytes=MAX_FILE_BYTES)
        data: Any = yaml.load(content.data.decode("utf-8"), Loader=loader)  # noqa: S506  (both are safe loaders)
    except (UnreadableError, yaml.YAMLError, ValueError) as error:
        why = str(error).replace("\n", " ")
        finding = document.finding((), lint_codes.SYNTAX, f"not readable: {why}")
        return None, (*findings, finding)
    return replace(document, data=_with_names(data)), findings


def for_checks(document: Document) -> Document:
    """Return a document without the keys that are not text: each has a finding."""
    return replace(document, data=_text_keys(document.data))


def with_data(document: Document, data: dict[str, Any]) -> Document:
    """Return a document with other data at the same places."""
    return replace(document, data=data)


def plain_data(document: Document) -> dict[str, Any]:
    """Return a document's data, a mapping; an empty one if it is something else."""
    return cast("dict[str, Any]", document.mapping(()))


def _text_keys(value: object) -> object:
    if isinstance(value, dict):
        pairs = cast("dict[object, object]", value)
        return {k: _text_keys(v) for k, v in pairs.items() if isinstance(k, str)}
    if isinstance(value, list):
        return [_text_keys(each) for each in cast("list[object]", value)]
    return value


def _with_names(value: object) -> object:
    """Make text of names that are none: what they name shall run, and be checked.

    Those of modules stand below those of services, and these below those of inputs;
    what is deeper is the modules' own.
    """
    if not isinstance(value, dict):
        return value
    pairs = cast("dict[object, object]", value)
    return {key: _named(each) if key in _NAMED else each for key, each in pairs.items()}


def _named(value: object) -> object:
    if not isinstance(value, dict):
        return value
    pairs = cast("dict[object, object]", value)
    return {str(key): _with_names(each) for key, each in pairs.items()}


def _tolerant(finding: Finding) -> Finding:
    if finding.code in _TOLERATED:
        return replace(finding, severity="warning")
    return finding
