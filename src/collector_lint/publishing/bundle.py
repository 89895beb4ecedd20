"""Puts a schema and all that it refers to into one schema that needs no other.

Editors and other validators read one file; a `$ref` to a `urn:` says nothing to them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

_OWN_ID = re.compile(r"urn:[^:]+:schema:(?P<name>.+):\d+")
_GENERIC: Final = "collector."
_NOT_A_NAME = re.compile(r"[^0-9A-Za-z_.-]+")


class BundleError(Exception):
    """A schema refers to what is not there; the message says to what."""


def short_name(schema_id: str) -> str:
    """Return how people call a schema: `service.actiontrail`, `config`."""
    own = _OWN_ID.fullmatch(schema_id)
    name = own["name"].replace(":", ".") if own else schema_id
    return _NOT_A_NAME.sub("_", name.removeprefix(_GENERIC))


def bundle(
    schema: Mapping[str, Any], schemas: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """Return a schema with everything it refers to below its own `$defs`.

    Args:
        schema: The schema; its `$id` is kept.
        schemas: Every schema it may refer to, by `$id`.

    Raises:
        BundleError: A reference leads to no schema of these.
    """
    return _Bundle(schema, schemas).build()


class _Bundle:
    def __init__(
        self, schema: Mapping[str, Any], schemas: Mapping[str, Mapping[str, Any]]
    ) -> None:
        self._root = schema
        self._root_id = str(schema.get("$id", ""))
        self._schemas = schemas
        self._places: dict[str, str] = {self._root_id: "#"}
        self._waiting: list[str] = []

    def build(self) -> dict[str, Any]:
        built = cast("dict[str, Any]", self._copy(self._root, self._root_id))
        definitions: dict[str, Any] = built.pop("$defs", {})
        while self._waiting:
            schema_id = self._waiting.pop(0)
            part = self._copy(self._schemas[schema_id], schema_id)
            part = {k: v for k, v in part.items() if k not in {"$id", "$schema"}}
            definitions[self._places[schema_id].rpartition("/")[2]] = part
        head = {"$schema": DIALECT} | built
        return head | ({"$defs": definitions} if definitions else {})

    def _copy(self, node: Any, base: str) -> Any:
        if isinstance(node, list):
            return [self._copy(part, base) for part in cast("list[Any]", node)]
        if not isinstance(node, dict):
            return node
        return {
            key: self._reference(part, base)
            if key == "$ref" and isinstance(part, str)
            else self._copy(part, base)
            for key, part in cast("dict[str, Any]", node).items()
        }

    def _reference(self, reference: str, base: str) -> str:
        name, _, pointer = reference.partition("#")
        return self._place(name or base) + pointer

    def _place(self, schema_id: str) -> str:
        if schema_id not in self._places:
            if schema_id not in self._schemas:
                message = f"no schema has the $id {schema_id}"
                raise BundleError(message)
            self._places[schema_id] = f"#/$defs/{self._free_name(schema_id)}"
            self._waiting.append(schema_id)
        return self._places[schema_id]

    def _free_name(self, schema_id: str) -> str:
        taken = {place.rpartition("/")[2] for place in self._places.values()}
        taken |= set(self._root.get("$defs", {}))
        name = short_name(schema_id)
        return name if name not in taken else _NOT_A_NAME.sub("_", schema_id)
