"""Recognises events that the trail itself delivered twice. Pure, bounded.

An event counts as a repetition when its whole text, identifier included, is among
the last ones sent: the same identifier with other content is sent. Texts without an
identifier never count. What is remembered is gone with the process: after a restart
a repetition may be sent again.
"""

from __future__ import annotations

import secrets
from itertools import repeat
from typing import Callable, List, Optional, Sequence, Set

try:
    from xxhash import xxh3_64_intdigest as _fast_hash
except ImportError:  # The plugin may run elsewhere; Python's own takes thrice as long.
    _fast_hash: Optional[Callable[[bytes, int], int]] = None

# As Python's own has: who writes events must not be able to make two hashes equal.
_KEY = secrets.randbits(64)


class Repeats:
    """Remembers the last events sent, by 64-bit hashes of their texts.

    Two generations are kept: when the newer one is full, the older one is forgotten.

    Args:
        capacity: Events remembered at least; up to twice as many. 0 for none.
        id_field: Key of an event's identifier; None when events have none.
    """

    def __init__(self, capacity: int, id_field: Optional[str]) -> None:
        self._capacity = capacity
        self._needle = f'"{id_field}"'.encode() if id_field and capacity else None
        self._newer: Set[int] = set()
        self._older: Set[int] = set()

    def sift(self, texts: Sequence[bytes], pending: Set[int]) -> Sequence[bytes]:
        """Return the texts that were not sent lately, in order.

        Args:
            texts: Texts about to be sent.
            pending: What to remember once they are queued; theirs is added.
        """
        if self._needle is None:
            return texts
        hashes = _hashes(texts)
        marks = set(hashes)
        if len(marks) == len(hashes) and all(
            known.isdisjoint(marks) for known in (pending, self._newer, self._older)
        ):
            pending |= marks
            return texts
        return self._fresh(texts, hashes, pending)

    def adopt(self, pending: Set[int]) -> None:
        """Remember texts that were queued."""
        if len(self._newer) >= self._capacity:
            self._older, self._newer = self._newer, set()
        self._newer |= pending

    def _fresh(
        self, texts: Sequence[bytes], hashes: List[int], pending: Set[int]
    ) -> List[bytes]:
        needle = self._needle or b""
        fresh: List[bytes] = []
        for text, mark in zip(texts, hashes):
            known = mark in pending or mark in self._newer or mark in self._older
            if not (known and needle in text):
                fresh.append(text)
            pending.add(mark)
        return fresh


def _hashes(texts: Sequence[bytes]) -> List[int]:
    if _fast_hash is None:
        return list(map(hash, texts))
    return list(map(_fast_hash, texts, repeat(_KEY)))
