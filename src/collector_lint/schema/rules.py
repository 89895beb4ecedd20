"""The rules of JSON Schema as functions from a rule's value to a predicate.

Each says exactly what jsonschema's rule of the same name says, in draft 2020-12; a
test holds them equal. Rules that no schema here needs are left out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from collector_lint.schema.forms import is_instant, portable_pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Predicate: TypeAlias = "Callable[[Any], bool]"
Rule: TypeAlias = "Callable[[Any, Any, Callable[[Any], Predicate]], Predicate]"
"""Takes a rule's value, the schema it stands in, and what compiles inner schemas."""


def always(_value: Any) -> bool:
    """Say that everything is valid."""
    return True


def never(_value: Any) -> bool:
    """Say that nothing is valid."""
    return False


def all_of(predicates: Iterable[Predicate]) -> Predicate:
    """Return what is true where all predicates are."""
    found = tuple(predicates)
    if len(found) < 2:  # noqa: PLR2004  one needs no loop
        return found[0] if found else always

    def check(value: Any) -> bool:
        for predicate in found:  # noqa: SIM110  a generator takes twice as long
            if not predicate(value):
                return False
        return True

    return check


# pyright would narrow an isinstance to containers of it knows not what.
def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _is_mapping(value: Any) -> bool:
    return isinstance(value, dict)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def same(one: Any, other: Any) -> bool:
    """Compare as JSON does: true is not 1, and 1.0 is 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if _is_list(one) and _is_list(other):
        return len(one) == len(other) and all(map(same, one, other))
    if _is_mapping(one) and _is_mapping(other):
        return one.keys() == other.keys() and all(same(one[k], other[k]) for k in one)
    return one == other


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_integer(value: Any) -> bool:
    if isinstance(value, float):
        return value.is_integer()
    return isinstance(value, int) and not isinstance(value, bool)


_TYPES: Final[dict[str, Predicate]] = {
    "array": _is_list,
    "boolean": lambda value: isinstance(value, bool),
    "integer": _is_integer,
    "null": lambda value: value is None,
    "number": _is_number,
    "object": _is_mapping,
    "string": _is_text,
}


def _type(value: Any, _schema: Any, _inner: Any) -> Predicate:
    checks = [_TYPES[name] for name in ([value] if isinstance(value, str) else value)]
    return checks[0] if len(checks) == 1 else _any(checks)


def _any(checks: Iterable[Predicate]) -> Predicate:
    found = tuple(checks)
    return lambda value: any(check(value) for check in found)


def _enum(allowed: Any, _schema: Any, _inner: Any) -> Predicate:
    if all(isinstance(each, str) for each in allowed):
        words = frozenset(allowed)
        return lambda value: isinstance(value, str) and value in words
    return lambda value: any(same(value, each) for each in allowed)


def _const(expected: Any, _schema: Any, _inner: Any) -> Predicate:
    return lambda value: same(value, expected)


def _pattern(pattern: Any, _schema: Any, _inner: Any) -> Predicate:
    search = portable_pattern(pattern).search
    return lambda value: not isinstance(value, str) or search(value) is not None


def _format(name: Any, _schema: Any, _inner: Any) -> Predicate:
    return is_instant if name == "date-time" else always


def _bound(is_kind: Predicate, breaks: Callable[[Any, Any], bool]) -> Rule:
    """Return a rule that compares; said as what breaks it, as NaN breaks nothing."""

    def rule(limit: Any, _schema: Any, _inner: Any) -> Predicate:
        return lambda value: not (is_kind(value) and breaks(value, limit))

    return rule


def _unique(wanted: Any, _schema: Any, _inner: Any) -> Predicate:
    def check(value: Any) -> bool:
        if not _is_list(value):
            return True
        entries: list[Any] = value
        if all(isinstance(each, str) for each in entries):
            return len(set(entries)) == len(entries)
        return not any(
            same(one, other) for i, one in enumerate(entries) for other in entries[:i]
        )

    return check if wanted is True else always


def _items(part: Any, schema: Any, inner: Callable[[Any], Predicate]) -> Predicate:
    check, skipped = inner(part), len(schema.get("prefixItems", ()))
    return lambda value: not _is_list(value) or all(map(check, value[skipped:]))


def _prefix(parts: Any, _schema: Any, inner: Callable[[Any], Predicate]) -> Predicate:
    checks = [inner(part) for part in parts]
    return lambda value: (
        not _is_list(value)
        or all(check(each) for check, each in zip(checks, value, strict=False))
    )


def _properties(
    parts: Any, _schema: Any, inner: Callable[[Any], Predicate]
) -> Predicate:
    checks = {key: inner(part) for key, part in parts.items()}

    def check(value: Any) -> bool:
        if _is_mapping(value):
            for key, each in value.items():
                found = checks.get(key)
                if found is not None and not found(each):
                    return False
        return True

    return check


def _by_pattern(
    parts: Any, _schema: Any, inner: Callable[[Any], Predicate]
) -> Predicate:
    checks = [(re.compile(pattern), inner(part)) for pattern, part in parts.items()]
    return lambda value: (
        not _is_mapping(value)
        or all(
            check(each)
            for key, each in value.items()
            for pattern, check in checks
            if pattern.search(key)
        )
    )


def _additional(part: Any, schema: Any, inner: Callable[[Any], Predicate]) -> Predicate:
    check = inner(part)
    known = frozenset(schema.get("properties", ()))
    patterns = [re.compile(each) for each in schema.get("patternProperties", ())]

    def is_matched(key: str) -> bool:
        return any(pattern.search(key) for pattern in patterns)

    def rule(value: Any) -> bool:
        if _is_mapping(value):
            for key, each in value.items():
                if key not in known and not is_matched(key) and not check(each):
                    return False
        return True

    return rule


def _names(part: Any, _schema: Any, inner: Callable[[Any], Predicate]) -> Predicate:
    check = inner(part)
    return lambda value: not _is_mapping(value) or all(map(check, value))


def _required(keys: Any, _schema: Any, _inner: Any) -> Predicate:
    return lambda value: not _is_mapping(value) or all(key in value for key in keys)


def _dependent_required(needs: Any, _schema: Any, _inner: Any) -> Predicate:
    return lambda value: (
        not _is_mapping(value)
        or all(k in value for key in needs if key in value for k in needs[key])
    )


def _all_of(parts: Any, _schema: Any, inner: Callable[[Any], Predicate]) -> Predicate:
    return all_of(inner(part) for part in parts)


def _any_of(parts: Any, _schema: Any, inner: Callable[[Any], Predicate]) -> Predicate:
    return _any(inner(part) for part in parts)


def _one_of(parts: Any, _schema: Any, inner: Callable[[Any], Predicate]) -> Predicate:
    checks = [inner(part) for part in parts]
    return lambda value: sum(check(value) for check in checks) == 1


def _not(part: Any, _schema: Any, inner: Callable[[Any], Predicate]) -> Predicate:
    check = inner(part)
    return lambda value: not check(value)


def _if(part: Any, schema: Any, inner: Callable[[Any], Predicate]) -> Predicate:
    check = inner(part)
    then, other = inner(schema.get("then", True)), inner(schema.get("else", True))
    return lambda value: then(value) if check(value) else other(value)


RULES: Final[dict[str, Rule]] = {
    "type": _type,
    "enum": _enum,
    "const": _const,
    "pattern": _pattern,
    "format": _format,
    "minimum": _bound(_is_number, lambda value, limit: value < limit),
    "maximum": _bound(_is_number, lambda value, limit: value > limit),
    "exclusiveMinimum": _bound(_is_number, lambda value, limit: value <= limit),
    "exclusiveMaximum": _bound(_is_number, lambda value, limit: value >= limit),
    "minLength": _bound(_is_text, lambda value, limit: len(value) < limit),
    "maxLength": _bound(_is_text, lambda value, limit: len(value) > limit),
    "minItems": _bound(_is_list, lambda value, limit: len(value) < limit),
    "maxItems": _bound(_is_list, lambda value, limit: len(value) > limit),
    "minProperties": _bound(_is_mapping, lambda value, limit: len(value) < limit),
    "maxProperties": _bound(_is_mapping, lambda value, limit: len(value) > limit),
    "uniqueItems": _unique,
    "items": _items,
    "prefixItems": _prefix,
    "properties": _properties,
    "patternProperties": _by_pattern,
    "additionalProperties": _additional,
    "propertyNames": _names,
    "required": _required,
    "dependentRequired": _dependent_required,
    "allOf": _all_of,
    "anyOf": _any_of,
    "oneOf": _one_of,
    "not": _not,
    "if": _if,
}
"""Rules by keyword."""
