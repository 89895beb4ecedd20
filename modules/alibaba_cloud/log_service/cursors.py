"""What can be told of a cursor without asking. Pure.

A cursor is base64 of a decimal number that grows by one for each log group. Nothing
promises that, so None, "cannot be told", is an answer everywhere here.

Source:
    Inferred from real cursors and from what the vendor's SDK computes with them.
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from typing import Optional


def number_of(cursor: str) -> Optional[int]:
    """Return the number in a cursor, or None."""
    try:
        return int(b64decode(cursor, validate=True).decode("ascii"))
    except (binascii.Error, ValueError):
        return None


def steps(start: str, end: str) -> Optional[int]:
    """Return how many log groups lie between two cursors, or None."""
    first, last = number_of(start), number_of(end)
    return None if first is None or last is None else last - first


def is_before(cursor: str, other: str) -> bool:
    """Tell whether a cursor is known to lie before another one."""
    distance = steps(cursor, other)
    return distance is not None and distance > 0
