"""Finds keys of a project's configuration that nothing reads.

Modules read keys by names that stand as texts in their source. So a key that is
neither the SDK's, nor named by the definitions or a schema of the project, nor
anywhere in its source, is most likely misspelt.
Credentials may be handed on as a whole, to a vendor's library that knows the names.
"""

from __future__ import annotations

import ast
import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast

from collector_host.config.inputs import is_enabled
from collector_host.config.project import codes
from collector_lint.findings import shown_key
from collector_lint.names import listing, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from collector_host.config.catalogue import Catalogue, ServiceDefinition
    from collector_lint.document import DataPath, Document
    from collector_lint.findings import Finding

_INPUT_KEYS: Final = frozenset(
    {
        "id",
        "enabled",
        "requests_per_second",
        "requests_limits",
        "environment",
        "autoconfig",
        "credentials",
        "services",
        "persistence",
        "use_time_slots_for_retrievals",
    }
)
_SERVICE_KEYS: Final = frozenset(
    {
        "enabled",
        "types",
        "request_period_in_seconds",
        "requests_per_second",
        "requests_limits",
        "obfuscation_data",
        "use_time_slots_for_retrievals",
    }
)
_MAX_SOURCE_BYTES: Final = 4 * 1024 * 1024
_CREDENTIALS: Final = "credentials"


@dataclass(slots=True)
class _Source:
    """What the project's source knows.

    Attributes:
        words: Every text in it, and every key of the project's schemas.
        is_whole: Whether all of it could be read; else a key may be named elsewhere.
        hands_on: Whether it hands on credentials without naming each.
    """

    words: set[str] = field(default_factory=set[str])
    is_whole: bool = True
    hands_on: bool = False


def unread_keys(
    document: Document, catalogue: Catalogue, folder: Path
) -> Iterator[Finding]:
    """Yield a warning for every key of an enabled input that nothing reads.

    Args:
        document: The configuration.
        catalogue: The project's definitions.
        folder: The project's root, whose `agent` and `schemas` are looked through.
    """
    source = _source(folder)
    if not source.is_whole:
        return
    words = frozenset(source.words)
    for name, block in document.mapping(("inputs",)).items():
        definition = catalogue.inputs.get(name)
        if definition is None or not is_enabled(block):
            continue
        path = ("inputs", name)
        yield from _unread(document, path, _INPUT_KEYS, words)
        if not source.hands_on:
            yield from _unread(document, (*path, _CREDENTIALS), frozenset(), words)
        for service in document.mapping((*path, "services")):
            found = definition.find(service)
            if found is not None:
                where = (*path, "services", service)
                known = _SERVICE_KEYS | _defined(found)
                yield from _unread(document, where, known, words)


def _unread(
    document: Document, path: DataPath, known: frozenset[str], words: frozenset[str]
) -> Iterator[Finding]:
    for key in document.mapping(path):
        text = str(key)
        # That a key is no text is told when the file is read.
        if text != key or text in known or text in words:
            continue
        near = suggestion(text, known) or suggestion(text, words)
        message = f"no module reads {shown_key(text)}{near}"
        hint = "" if near or not known else f"known here: {listing(known)}"
        yield document.finding(
            (*path, key),
            codes.UNREAD,
            message,
            hint=hint,
            at_key=True,
            severity="warning",
        )


def _defined(service: ServiceDefinition) -> frozenset[str]:
    """Return the keys that a service's definition says its modules read."""
    known: set[str] = set()
    for module in service.modules.values():
        metadata: dict[str, Any] = module.get("metadata") or {}
        properties: dict[str, Any] = module.get("module_properties") or {}
        known.update(metadata.get("allowed_overwrites") or {}, properties)
        if module.get("submodules_property"):
            known.add(str(module["submodules_property"]))
    return frozenset(map(str, known))


def _source(folder: Path) -> _Source:
    source = _Source()
    for file in sorted((folder / "agent").rglob("*.py")):
        try:
            if file.stat().st_size <= _MAX_SOURCE_BYTES:
                tree = ast.parse(file.read_bytes())
                source.words.update(_texts(tree))
                source.hands_on = source.hands_on or _hands_on(tree)
        except (OSError, ValueError, SyntaxError, RecursionError):
            # It fails where it is imported, and says so there.
            source.is_whole = False
    for file in sorted((folder / "schemas").glob("*.json")):
        with suppress(OSError, ValueError, RecursionError):
            source.words.update(_keys([json.loads(file.read_bytes())]))
    return source


def _hands_on(tree: ast.AST) -> bool:
    """Tell whether credentials are gone through, or given as keywords."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg is None:
            whole: ast.AST = node.value
        elif isinstance(node, ast.For | ast.comprehension):
            whole = node.iter
        elif isinstance(node, ast.Dict) and None in node.keys:
            whole = node
        else:
            continue
        if any(_CREDENTIALS in text for text in _names(whole)):
            return True
    return False


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                yield name.lower()
            case ast.Constant(value=str(text)):
                yield text
            case _:
                pass


def _texts(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.arg
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id  # a field of a settings class


def _keys(values: Iterable[object]) -> Iterator[str]:
    for value in values:
        if isinstance(value, dict):
            block = cast("dict[str, object]", value)
            yield from block
            yield from _keys(block.values())
        elif isinstance(value, list):
            yield from _keys(cast("list[object]", value))
