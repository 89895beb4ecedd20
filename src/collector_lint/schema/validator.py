"""jsonschema's class for draft 2020-12 with our meaning of patterns, places and marks.

It walks only into parts that are not surely valid, which is most of its time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.validators import (
    extend,  # pyright: ignore[reportUnknownVariableType]  jsonschema is partly typed
)

from collector_lint.schema.forms import is_instant, portable_pattern
from collector_lint.schema.spelling import FORBIDDEN, NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.schema.predicates import Predicates

FORMATS: Final = FormatChecker(formats=())
"""The formats that are checked: instants."""
FORMATS.checks("date-time")(is_instant)


def validator_class(predicates: Predicates, mark: str) -> Any:
    """Return a class for schemas with predicates.

    Args:
        predicates: What tells quickly that a part is valid; made with the same mark.
        mark: Keyword that is a rule no value keeps where it is `true`; or "".
            jsonschema then walks `$ref` and all alternatives for us.
    """
    rules: dict[str, Any] = {
        "properties": _properties(predicates),
        "additionalProperties": _additional(predicates),
    }
    return cast("Any", extend(plain_class(mark), rules))


def plain_class(mark: str) -> Any:
    """Return a class that walks into all parts; see `validator_class`."""
    rules: dict[str, Any] = {"pattern": _matches, FORBIDDEN: _fail_always}
    rules |= {mark: _fail_where_true} if mark else {}
    return cast("Any", extend(Draft202012Validator, rules))


def _properties(predicates: Predicates) -> Any:
    def rule(
        validator: Any, parts: Any, instance: Any, _schema: object
    ) -> Iterator[ValidationError]:
        if not validator.is_type(instance, "object"):
            return
        for key, part in parts.items():
            if key in instance and not predicates.is_part_valid(part, instance[key]):
                yield from validator.descend(
                    instance[key], part, path=key, schema_path=key
                )

    return rule


def _additional(predicates: Predicates) -> Any:
    whole: Any = Draft202012Validator.VALIDATORS["additionalProperties"]

    def rule(
        validator: Any, part: Any, instance: Any, schema: Any
    ) -> Iterator[ValidationError]:
        if validator.is_type(instance, "object") and validator.is_type(part, "object"):
            # Where patterns tell keys apart, all are looked at.
            patterns = "patternProperties" in schema
            known = () if patterns else tuple(schema.get("properties", ()))
            others = (instance[key] for key in instance if key not in known)
            if all(predicates.is_part_valid(part, value) for value in others):
                return
        yield from whole(validator, part, instance, schema)

    return rule


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
