"""What JSON Schema means by a pattern and an instant, where Python means other things.

It knows no schema.
"""

from __future__ import annotations

import re
from datetime import datetime

_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,6})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_PATTERN_PART = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\$", re.DOTALL)


def portable_pattern(pattern: str) -> re.Pattern[str]:
    """Compile a pattern with the meaning JSON Schema gives it.

    Python's `$` also matches before a final line feed, and its digit class matches
    digits of every script; a JSON Schema's do not.
    """
    exact = _PATTERN_PART.sub(lambda m: r"\Z" if m[0] == "$" else m[0], pattern)
    return re.compile(exact, re.ASCII)


def is_instant(value: object) -> bool:
    """Check an instant of RFC 3339; jsonschema alone checks none without extras."""
    if not isinstance(value, str):
        return True
    if not _INSTANT.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value.upper())
    except ValueError:
        return False
    return True
