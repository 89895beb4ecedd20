"""How an answer of a vendor's service is named in a cause.

Nothing of an answer is trusted: it may be long, and it may try to look like a line.
"""

from __future__ import annotations

from typing import Optional

_NAME_LENGTH = 120
"""Longest piece of an answer that is shown: nothing bounds what it may hold."""


def name_answer(what: object, status: Optional[int], request_id: object) -> str:
    """Return how an answer is named in a cause, for the vendor's support too.

    The vendor's message is left out: for a wrong signature it repeats the request.

    Args:
        what: The code, or what was found instead of an answer.
        status: Its HTTP status, or None.
        request_id: The vendor's name for the call, if the answer gives one.
    """
    name = shown(request_id or "unknown")
    return f"{shown(what or 'no code')} (HTTP {status}, request {name})"


def shown(piece: object) -> str:
    """Return a piece of an answer, short and without what could fake a line."""
    text = str(piece)[:_NAME_LENGTH]
    return "".join(one if one.isprintable() else "?" for one in text)
