"""A walk over the parts of a JSON Schema that are schemas themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from collector_lint.document import DataPath, Document
    from collector_lint.findings import Finding
    from collector_lint.rule import Check
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace

_NAMED: Final = ("properties", "patternProperties", "$defs", "dependentSchemas")
_LISTS: Final = ("allOf", "anyOf", "oneOf", "prefixItems")
_SINGLE: Final = (
    *("items", "additionalProperties", "propertyNames", "contains"),
    *("unevaluatedProperties", "unevaluatedItems", "if", "then", "else", "not"),
)
_CONDITIONS: Final = frozenset(
    {"if", "then", "else", "not", "allOf", "anyOf", "oneOf", "dependentSchemas"}
)


@dataclass(frozen=True, slots=True)
class Subschema:
    """One schema inside a schema.

    Attributes:
        path: Where it is.
        schema: The schema.
        name: What the property is called that it describes, or "".
        is_condition: Whether it only adds to a schema above, and so needs neither
            texts nor to be closed.
    """

    path: DataPath
    schema: Mapping[str, object]
    name: str = ""
    is_condition: bool = False


def subschemas(document: Document) -> Iterator[Subschema]:
    """Yield every schema of a document, the document itself first."""
    yield from _walk(document.data, (), "", condition=False)


def of_each_subschema(
    check: Callable[[Document, Subschema], Iterator[Finding]],
) -> Check:
    """Return the check of a rule that asks about every schema of a document."""

    def check_all(target: Target, _workspace: Workspace) -> Iterator[Finding]:
        if target.document is not None:
            for place in subschemas(target.document):
                yield from check(target.document, place)

    return check_all


def _walk(
    value: object, path: DataPath, name: str, *, condition: bool
) -> Iterator[Subschema]:
    if not isinstance(value, dict):
        return
    schema = cast("dict[str, object]", value)
    yield Subschema(path, schema, "" if condition else name, condition)
    for keyword in _NAMED:
        group = schema.get(keyword)
        inner = condition or keyword in _CONDITIONS
        for key, child in _items(group):
            called = key if keyword == "properties" else ""
            yield from _walk(child, (*path, keyword, key), called, condition=inner)
    for keyword in _LISTS:
        group = schema.get(keyword)
        inner = condition or keyword in _CONDITIONS
        for index, child in enumerate(_entries(group)):
            yield from _walk(child, (*path, keyword, index), "", condition=inner)
    for keyword in _SINGLE:
        inner = condition or keyword in _CONDITIONS
        yield from _walk(schema.get(keyword), (*path, keyword), "", condition=inner)


def _items(group: object) -> list[tuple[str, object]]:
    if not isinstance(group, dict):
        return []
    return list(cast("dict[str, object]", group).items())


def _entries(group: object) -> list[object]:
    return cast("list[object]", group) if isinstance(group, list) else []
