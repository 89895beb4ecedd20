"""The only door to jsonschema: data and schemas in, violations out.

A violation is neutral: what was broken and where, without words. It knows neither
files nor places. Nothing is ever fetched: a `$ref` finds what was registered or fails.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.exceptions import SchemaError
from referencing import Registry
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

from collector_lint.document import holds_unknown
from collector_lint.schema.marks import has_key, marked_keys
from collector_lint.schema.metaschema import is_surely_schema
from collector_lint.schema.predicates import Predicates, marking
from collector_lint.schema.spelling import spelled
from collector_lint.schema.unknown import careful_class
from collector_lint.schema.validator import FORMATS, validator_class

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from collector_lint.document import DataPath


class BrokenSchemaError(Exception):
    """A schema cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule of a schema that one value breaks.

    Attributes:
        path: Where the value is, from the root of the checked data.
        keyword: The rule, e.g. `minimum`; `false` where nothing may be given.
        expected: What the rule asks for, e.g. the smallest number.
        instance: The value. It may be a secret: never show it.
        schema: The schema object that holds the rule.
        at_key: True when the rule is about the key at the end of `path`.
        branches: For `anyOf` and `oneOf`, what each alternative complains about.
    """

    path: DataPath
    keyword: str
    expected: object
    instance: object
    schema: Mapping[str, object]
    at_key: bool = False
    branches: tuple[tuple[Violation, ...], ...] = ()


class Engine:
    """Validates data against a closed set of schemas, found by their `$id`."""

    def __init__(self, schemas: Mapping[str, Mapping[str, object]]) -> None:
        self._schemas = {name: spelled(schema) for name, schema in schemas.items()}
        resources = [
            (name, DRAFT202012.create_resource(cast("Any", schema)))
            for name, schema in self._schemas.items()
        ]
        self._registry: Registry[Any] = cast("Any", Registry)().with_resources(
            resources
        )
        self._predicates: dict[str, Predicates] = {}
        self._validators: dict[tuple[str, bool], Any] = {}
        self._marked: dict[str, frozenset[str] | None] = {}

    def violations(self, schema_id: str, data: object) -> tuple[Violation, ...]:
        """Return every rule of the schema that `data` breaks.

        Raises:
            BrokenSchemaError: The schema refers to itself without end, or to nothing.
        """
        return self._run("", schema_id, data)

    def annotated(
        self, schema_id: str, data: object, keyword: str
    ) -> tuple[tuple[DataPath, object], ...]:
        """Return every value at a place that the schema marks `keyword: true`.

        Raises:
            BrokenSchemaError: The schema refers to itself without end, or to nothing.
        """
        if keyword not in self._marked:
            self._marked[keyword] = marked_keys(self._schemas.values(), keyword)
        keys = self._marked[keyword]
        if keys is not None and not has_key(data, keys):
            return ()
        found = self._run(keyword, schema_id, data)
        return tuple((v.path, v.instance) for v in _all(found) if v.keyword == keyword)

    def missing_reference(self, schema_id: str) -> str | None:
        """Return the first `$ref` of a schema that leads nowhere."""
        resource = self._registry[schema_id]
        resolver = self._registry.resolver(base_uri=schema_id)
        for reference in _references(resource.contents):
            try:
                resolver.lookup(reference)
            except (Unresolvable, LookupError, TypeError, ValueError):
                return reference
        return None

    def _run(self, mark: str, schema_id: str, data: object) -> tuple[Violation, ...]:
        """Return what is broken, when a mark is a rule that no value keeps."""
        predicates = self._quick(mark)
        if predicates.is_surely_valid(schema_id, data):
            return ()
        key = (mark, holds_unknown(data))
        if key not in self._validators:
            make = careful_class if key[1] else validator_class
            self._validators[key] = make(predicates, mark)
        validator = self._validators[key](
            {"$ref": schema_id}, registry=self._registry, format_checker=FORMATS
        )
        try:
            return tuple(_violation(error) for error in validator.iter_errors(data))
        except RecursionError as err:
            message = "the schema refers to itself without end"
            raise BrokenSchemaError(message) from err
        except Unresolvable as err:
            message = "the schema refers to what is not there"
            raise BrokenSchemaError(message) from err

    def _quick(self, mark: str) -> Predicates:
        if mark not in self._predicates:
            self._predicates[mark] = Predicates(self._schemas, marking(mark))
        return self._predicates[mark]


def check_schema(schema: object) -> tuple[DataPath, str] | None:
    """Return place and reason of what makes this no schema of draft 2020-12."""
    if is_surely_schema(schema):
        return None
    try:
        Draft202012Validator.check_schema(cast("Any", schema))
    except SchemaError as err:
        return tuple(err.absolute_path), str(err.validator)
    return None


def _violation(error: ValidationError) -> Violation:
    branches: dict[object, list[Violation]] = defaultdict(list)
    for inner in error.context or ():
        branches[inner.schema_path[0]].append(_violation(inner))
    schema = cast("object", error.schema)
    at_key = "propertyNames" in error.absolute_schema_path
    key = (cast("str", error.instance),) if at_key else ()
    return Violation(
        path=(*error.absolute_path, *key),
        keyword=str(error.validator or "false"),
        expected=cast("object", error.validator_value),
        instance=cast("object", error.instance),
        schema=cast("dict[str, object]", schema) if isinstance(schema, dict) else {},
        at_key=at_key,
        branches=tuple(tuple(each) for each in branches.values()),
    )


def _all(violations: tuple[Violation, ...]) -> Iterator[Violation]:
    for violation in violations:
        yield violation
        for branch in violation.branches:
            yield from _all(branch)


def _references(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        for key, value in cast("dict[str, object]", schema).items():
            if key == "$ref" and isinstance(value, str):
                yield value
            else:
                yield from _references(value)
    elif isinstance(schema, list):
        for entry in cast("list[object]", schema):
            yield from _references(entry)
