"""Collects the values that must never be shown.

Two sources: places a schema marks `writeOnly`, and paths a plugin names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from collector_lint.document import texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from collector_host.config.catalogue import Catalogue, ServiceDefinition
    from collector_lint.document import Document
    from collector_lint.schemas import Schemas


def collect_secrets(
    document: Document, catalogue: Catalogue, schemas: Schemas, named: Sequence[str]
) -> frozenset[str]:
    """Return every secret of all inputs, disabled ones included.

    Args:
        document: The configuration, references resolved, without any mistake.
        catalogue: Tells which schema describes an input or a service.
        schemas: All schemas.
        named: Dotted paths below an input, `*` for any key or index.
    """
    found: set[str] = set()
    for name in document.mapping(("inputs",)):
        block = document.mapping(("inputs", name))
        for path in named:
            found.update(_at(block, path.split(".")))
        for schema_id, part in _described(name, document, catalogue):
            if schema_id in schemas.ids:
                found |= schemas.secrets(schema_id, part)
    return frozenset(found - {""})


def _described(
    name: str, document: Document, catalogue: Catalogue
) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield every part of an input that has a schema of its own."""
    definition = catalogue.inputs[name]
    path = ("inputs", name)
    yield str(definition.definition.get("settings_schema")), document.mapping(path)
    for service in document.mapping((*path, "services")):
        found = cast("ServiceDefinition", definition.find(service))
        part = document.mapping((*path, "services", service))
        yield str(found.about.get("settings_schema")), part


def _at(value: object, path: Sequence[str]) -> Iterator[str]:
    """Yield the texts and numbers below every place that a path leads to."""
    if not path:
        yield from texts(value)
        return
    children: dict[str, object] = {}
    if isinstance(value, dict):
        children = cast("dict[str, object]", value)
    elif isinstance(value, list):
        entries = cast("list[object]", value)
        children = {str(index): entry for index, entry in enumerate(entries)}
    for key, child in children.items():
        if path[0] in {key, "*"}:
            yield from _at(child, path[1:])
