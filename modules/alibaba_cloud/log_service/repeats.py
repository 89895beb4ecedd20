"""Recognises events that the trail itself delivered twice. Pure, bounded.

An event counts as a repetition when its whole text, identifier included, is among
the last ones sent: the same identifier with other content is sent. Texts without an
identifier never count. What is remembered is gone with the process: after a restart
a repetition may be sent again.
"""

from __future__ import annotations

from typing import FrozenSet, List, NamedTuple, Optional, Sequence, Set

_NONE: FrozenSet[int] = frozenset()


class Sifted(NamedTuple):
    """What is left of a series of texts.

    Attributes:
        fresh: Those that were not sent lately, in order.
        marks: What to remember once they are queued.
    """

    fresh: Sequence[str]
    marks: FrozenSet[int]


class Repeats:
    """Remembers the last events sent, by 64-bit hashes of their texts.

    Two generations are kept: when the newer one is full, the older one is forgotten.

    Args:
        capacity: Events remembered at least; up to twice as many. 0 for none.
        id_field: Key of an event's identifier; None when events have none.
    """

    def __init__(self, capacity: int, id_field: Optional[str]) -> None:
        self._capacity = capacity
        self._needle = f'"{id_field}"' if id_field and capacity else None
        self._newer: Set[int] = set()
        self._older: Set[int] = set()

    def sift(self, texts: Sequence[str]) -> Sifted:
        """Return the texts to send; nothing is remembered yet."""
        if self._needle is None:
            return Sifted(texts, _NONE)
        hashes = list(map(hash, texts))
        marks = frozenset(hashes)
        is_new = self._newer.isdisjoint(marks) and self._older.isdisjoint(marks)
        if is_new and len(marks) == len(hashes):
            return Sifted(texts, marks)
        return Sifted(self._fresh(texts, hashes), marks)

    def adopt(self, sifted: Sifted) -> None:
        """Remember texts that were queued."""
        if len(self._newer) >= self._capacity:
            self._older, self._newer = self._newer, set()
        self._newer |= sifted.marks

    def _fresh(self, texts: Sequence[str], hashes: List[int]) -> List[str]:
        needle = self._needle or ""
        here: Set[int] = set()
        fresh: List[str] = []
        for text, mark in zip(texts, hashes):
            known = mark in here or mark in self._newer or mark in self._older
            if not (known and needle in text):
                fresh.append(text)
            here.add(mark)
        return fresh
