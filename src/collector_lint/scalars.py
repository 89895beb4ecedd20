"""Which numbers and texts are refused wherever they come from.

It knows neither files nor schemas.
"""

from __future__ import annotations

import math
import re

MAX_NUMBER_CHARS = 100
"""Longest written form of a number. Far longer ones take minutes to convert."""

_UNSAFE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def oddity(value: object) -> str:
    """Say why a scalar cannot be used, or return "".

    Infinite numbers pass every comparison of a schema on one side and NaN on both;
    control characters and lone surrogates break log lines and the wire format.
    """
    if isinstance(value, float) and not math.isfinite(value):
        return "not a finite number"
    if isinstance(value, str) and _UNSAFE.search(value):
        return "the text holds a control character or half a character"
    return ""
