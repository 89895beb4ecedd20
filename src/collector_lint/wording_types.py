"""How to mend a value of the wrong type.

It knows neither files nor the schema library.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, cast

from collector_lint.once import QUOTES
from collector_lint.schema.forms import portable_pattern
from collector_lint.wording_instants import FORM

if TYPE_CHECKING:
    from collections.abc import Mapping

    from collector_lint.schema.engine import Violation

_WORDS: Final = frozenset({"true", "false", "yes", "no", "on", "off"})
_SCALARS: Final = frozenset({"integer", "number", "boolean"})
WITHOUT_QUOTES: Final = "without quotes"
_OF_TEXT: Final = (
    (
        frozenset({"object", "array"}),
        re.compile(r"-[^\s-].*", re.DOTALL),
        "write a blank behind the dash of each entry",
    ),
    (
        frozenset({"object"}),
        re.compile(r"[\w.-]{2,}:[^\s/:].*", re.DOTALL),
        "write a blank behind the colon of each key",
    ),
    (
        frozenset({"integer", "number"}),
        re.compile(r"[+-]?\d+(?:\.\d+)?"),
        f"write it {WITHOUT_QUOTES}",
    ),
    (
        frozenset({"boolean"}),
        re.compile("|".join(_WORDS), re.IGNORECASE),
        f"write true or false, {WITHOUT_QUOTES}",
    ),
)
"""Types that are wanted, what a text looks like, and how it is mended."""


def type_mend(violation: Violation, wanted: frozenset[str], found: str) -> str:
    """Return how to mend a value, or "" where nothing is sure.

    Args:
        violation: What was broken.
        wanted: Types of JSON Schema that are allowed.
        found: The type that is there.
    """
    value = violation.instance
    if "string" in wanted and found in _SCALARS:
        return _text_mend(violation.schema, value)
    if isinstance(value, str):
        for kinds, form, hint in _OF_TEXT:
            if wanted & kinds and form.fullmatch(value):
                return hint
    if "array" in wanted and len(wanted) == 1 and found in {"string", *_SCALARS}:
        return "write a list, also of one entry: [ ] around it"
    return ""


def _text_mend(schema: Mapping[str, object], value: object) -> str:
    if schema.get("format") == "date-time":
        return f'write "{FORM}", with the quotes'
    return QUOTES if _is_text_meant(schema, value) else ""


def _is_text_meant(schema: Mapping[str, object], value: object) -> bool:
    """Tell whether a number or truth value in quotes would be what is asked for."""
    words = _WORDS if isinstance(value, bool) else {str(value)}
    allowed = [schema["const"]] if "const" in schema else schema.get("enum")
    if isinstance(allowed, list):
        names = {str(each) for each in cast("list[object]", allowed)}
        if not words & names:
            return False
    pattern = schema.get("pattern")
    if not isinstance(pattern, str):
        return True
    return any(portable_pattern(pattern).search(word) for word in words)
