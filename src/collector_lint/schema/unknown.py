"""jsonschema's class for data in which some values are unknown.

It finds only what is wrong whatever the unknown values are. Every rule passes over an
unknown value and counts that it did: what was decided without such a pass is certain,
and what was not decides nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from jsonschema.validators import (
    extend,  # pyright: ignore[reportUnknownVariableType]  jsonschema is partly typed
)

from collector_lint.document import UNKNOWN, holds_unknown
from collector_lint.schema.spelling import FORBIDDEN
from collector_lint.schema.validator import plain_class

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jsonschema import ValidationError

    from collector_lint.schema.predicates import Predicates

_ABOUT_KEYS: Final = frozenset({FORBIDDEN, "$ref", "$dynamicRef", "allOf"})
"""Rules that hold whatever the value is, and those that only lead to others."""
_WHOLE: Final = frozenset(
    {
        *("const", "enum", "uniqueItems", "contains"),
        *("unevaluatedItems", "unevaluatedProperties"),
    }
)
"""Rules that also look at what is inside, so that one unknown value decides."""


class _Passes:
    """Counts how often a rule passed over an unknown value."""

    count = 0

    def certain(self, validator: Any, part: Any, instance: Any) -> bool | None:
        """Tell whether a part of a schema accepts a value; None where it depends."""
        before = self.count
        accepts = validator.evolve(schema=part).is_valid(instance)
        return None if accepts and self.count != before else accepts


def careful_class(_predicates: Predicates, mark: str) -> Any:
    """Return a class that does not decide by unknown values.

    Args:
        _predicates: Not used: they know nothing of unknown values.
        mark: See `validator_class`.
    """
    passes = _Passes()
    plain = plain_class(mark)
    rules = {
        **plain.VALIDATORS,
        "oneOf": _one_of(passes, plain.VALIDATORS["oneOf"]),
        "not": _not(passes, plain.VALIDATORS["not"]),
        "if": _if(passes, plain.VALIDATORS["if"]),
    }
    guarded = {
        keyword: rule
        if keyword in _ABOUT_KEYS or keyword == mark
        else _guarded(passes, rule, whole=keyword in _WHOLE)
        for keyword, rule in rules.items()
    }
    return cast("Any", extend(plain, guarded))


def _guarded(passes: _Passes, rule: Callable[..., Any], *, whole: bool) -> Any:
    def check(
        validator: Any, value: Any, instance: Any, schema: Any
    ) -> Iterator[ValidationError]:
        if instance is UNKNOWN or (whole and holds_unknown(instance)):
            passes.count += 1
            return
        yield from rule(validator, value, instance, schema) or ()

    return check


def _one_of(passes: _Passes, rule: Callable[..., Any]) -> Any:
    def check(
        validator: Any, parts: Any, instance: Any, schema: Any
    ) -> Iterator[ValidationError]:
        fit = [passes.certain(validator, part, instance) for part in parts]
        if None in fit and fit.count(True) < 2:  # noqa: PLR2004  two are one too many
            return
        # With two that fit for certain those that may fit change nothing.
        yield from rule(validator, parts, instance, schema)

    return check


def _not(passes: _Passes, rule: Callable[..., Any]) -> Any:
    def check(
        validator: Any, part: Any, instance: Any, schema: Any
    ) -> Iterator[ValidationError]:
        if passes.certain(validator, part, instance) is not None:
            yield from rule(validator, part, instance, schema)

    return check


def _if(passes: _Passes, rule: Callable[..., Any]) -> Any:
    def check(
        validator: Any, part: Any, instance: Any, schema: Any
    ) -> Iterator[ValidationError]:
        if passes.certain(validator, part, instance) is not None:
            yield from rule(validator, part, instance, schema)
            return
        # Wrong either way is wrong.
        either, other = (
            list(validator.descend(instance, schema.get(name, True), schema_path=name))
            for name in ("then", "else")
        )
        known = [_said(error) for error in other]
        yield from (error for error in either if _said(error) in known)

    return check


def _said(error: ValidationError) -> tuple[object, ...]:
    return (*error.absolute_path, error.validator, repr(error.validator_value))
