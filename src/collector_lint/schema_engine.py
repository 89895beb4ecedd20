"""The only door to jsonschema: data and schemas in, violations out.

A violation is neutral: what was broken and where, without words. It knows neither
files nor places. Nothing is ever fetched: a `$ref` finds what was registered or fails.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.exceptions import SchemaError
from jsonschema.validators import (
    extend,  # pyright: ignore[reportUnknownVariableType]  jsonschema is partly typed
)
from referencing import Registry
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

from collector_lint.schema_forms import is_instant, portable_pattern
from collector_lint.schema_predicates import Predicates, marking
from collector_lint.schema_spelling import FORBIDDEN, NOTHING, spelled

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
        resources = [
            (name, DRAFT202012.create_resource(cast("Any", spelled(schema))))
            for name, schema in schemas.items()
        ]
        self._registry: Registry[Any] = cast("Any", Registry)().with_resources(
            resources
        )
        self._schemas = schemas
        self._predicates: dict[str, Predicates] = {}

    def violations(self, schema_id: str, data: object) -> tuple[Violation, ...]:
        """Return every rule of the schema that `data` breaks.

        Raises:
            BrokenSchemaError: The schema refers to itself without end.
        """
        if self._predicate("").is_surely_valid(schema_id, data):
            return ()
        return self._run(_Validator, schema_id, data)

    def annotated(
        self, schema_id: str, data: object, keyword: str
    ) -> tuple[tuple[DataPath, object], ...]:
        """Return every value at a place that the schema marks `keyword: true`.

        Raises:
            BrokenSchemaError: The schema refers to itself without end.
        """
        if self._predicate(keyword).is_surely_valid(schema_id, data):
            return ()
        found = self._run(_marking(keyword), schema_id, data)
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

    def _predicate(self, mark: str) -> Predicates:
        """Return what says quickly that there is no violation and no mark."""
        if mark not in self._predicates:
            extra = marking(mark) if mark else {}
            self._predicates[mark] = Predicates(self._schemas, extra)
        return self._predicates[mark]

    def _run(self, kind: Any, schema_id: str, data: object) -> tuple[Violation, ...]:
        validator = kind(
            {"$ref": schema_id}, registry=self._registry, format_checker=_FORMATS
        )
        try:
            return tuple(_violation(error) for error in validator.iter_errors(data))
        except RecursionError as err:
            message = "the schema refers to itself without end"
            raise BrokenSchemaError(message) from err


def check_schema(schema: object) -> tuple[DataPath, str] | None:
    """Return place and reason of what makes this no schema of draft 2020-12."""
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


def _extended(kind: Any, keyword: str, rule: Any) -> Any:
    return cast("Any", extend(kind, {keyword: rule}))


def _fail_where_true(
    _validator: object, value: object, _instance: object, _schema: object
) -> Iterator[ValidationError]:
    if value is True:
        yield ValidationError("marked")


def _fail_always(
    _validator: object, value: object, _instance: object, _schema: object
) -> Iterator[ValidationError]:
    if value is NOTHING:
        yield ValidationError("forbidden")


def _matches(
    validator: Any, pattern: str, instance: object, _schema: object
) -> Iterator[ValidationError]:
    if validator.is_type(instance, "string") and not portable_pattern(pattern).search(
        cast("str", instance)
    ):
        yield ValidationError("pattern")


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


@cache
def _marking(keyword: str) -> Any:
    """Return a validator for which a mark is a rule that always fails.

    jsonschema then walks `$ref` and all alternatives for us. Making such a class
    takes longer than using it.
    """
    return _extended(_Validator, keyword, _fail_where_true)


_FORMATS = FormatChecker(formats=())
_FORMATS.checks("date-time")(is_instant)
_Validator = _extended(
    _extended(Draft202012Validator, "pattern", _matches), FORBIDDEN, _fail_always
)
