"""Schemas as plain functions that say quickly whether data is valid.

Most data is valid, and jsonschema builds an object for each rule it looks at. So the
engine asks such a function first, and jsonschema, which stays the reference, only
where the answer is no. A schema with a rule that is not known here has no function.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from jsonschema import Draft202012Validator

from collector_lint.schema.rules import RULES, all_of, always, never
from collector_lint.schema.spelling import FORBIDDEN, NOTHING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from collector_lint.schema.rules import Predicate, Rule

_BASES: Final = ("$id", "$anchor", "$dynamicAnchor")


class NoPredicateError(Exception):
    """A schema has rules that cannot be told quickly."""


class Predicates:
    """Makes functions of a closed set of schemas, each when it is first asked for.

    Args:
        schemas: Every schema by its `$id`.
        extra: Rules that count beside those of JSON Schema.
    """

    def __init__(
        self,
        schemas: Mapping[str, Mapping[str, object]],
        extra: Mapping[str, Rule],
    ) -> None:
        self._schemas = schemas
        self._rules = {**RULES, FORBIDDEN: _forbidden, **extra}
        self._made: dict[tuple[str, str], Predicate] = {}
        self._by_part: dict[int, Predicate] = {}

    def is_surely_valid(self, schema_id: str, data: object) -> bool:
        """Return True where data is valid; False also where it cannot be told.

        Args:
            schema_id: `$id` of a schema; behind a `#` may follow the way to a part.
            data: Plain data.
        """
        try:
            return self._reference(schema_id, "")(data)
        except (NoPredicateError, RecursionError):
            return False

    def is_part_valid(self, part: object, data: object) -> bool:
        """Do what `is_surely_valid` does for a part of a schema, the very object."""
        try:
            return self._by_part.get(id(part), never)(data)
        except (NoPredicateError, RecursionError):
            return False

    def _known(self, base: str, pointer: str) -> Predicate:
        key = (base, pointer)
        if key not in self._made:
            # A schema that holds itself meets this: it asks when it is used.
            self._made[key] = self._later(key)
            try:
                self._made[key] = self._compile_at(base, pointer)
            except NoPredicateError:
                self._made[key] = _unknown
                raise
        return self._made[key]

    def _later(self, key: tuple[str, str]) -> Predicate:
        def ask(value: object) -> bool:
            return self._made[key](value)

        return ask

    def _compile_at(self, base: str, pointer: str) -> Predicate:
        node: Any = self._schemas[base]
        try:
            for step in pointer.split("/")[1:]:
                name = unquote(step).replace("~1", "/").replace("~0", "~")
                node = node[name] if name in node else node[int(name)]
            return self._compile(node, base, is_root=not pointer)
        except (LookupError, TypeError, ValueError, re.error) as err:
            raise NoPredicateError from err

    def _compile(self, schema: Any, base: str, *, is_root: bool = False) -> Predicate:
        if isinstance(schema, bool):
            return always if schema else never
        if not is_root and any(word in schema for word in _BASES):
            raise NoPredicateError

        def inner(part: Any) -> Predicate:
            return self._compile(part, base)

        found: list[Predicate] = []
        for keyword, value in schema.items():
            if keyword == "$ref":
                found.append(self._reference(value, base))
            elif keyword in self._rules:
                predicate = self._rules[keyword](value, schema, inner)
                found += [] if predicate is always else [predicate]
            elif keyword in Draft202012Validator.VALIDATORS:
                raise NoPredicateError
        predicate = all_of(found)
        # The schemas are kept, so that no other object comes to have the same id.
        self._by_part[id(schema)] = predicate
        return predicate

    def _reference(self, reference: str, base: str) -> Predicate:
        name, _, pointer = reference.partition("#")
        target = name or base
        if target not in self._schemas or (pointer and not pointer.startswith("/")):
            raise NoPredicateError
        return self._known(target, pointer)


def _unknown(_value: Any) -> bool:
    raise NoPredicateError


def _forbidden(value: Any, _schema: Any, _inner: Any) -> Predicate:
    return never if value is NOTHING else always


def marking(keyword: str) -> dict[str, Rule]:
    """Return a rule that no value keeps where the schema says `keyword: true`.

    Without a keyword there is no such rule.
    """

    def rule(value: Any, _schema: Any, _inner: Any) -> Predicate:
        return never if value is True else always

    return {keyword: rule} if keyword else {}
