"""Recognises events that the trail itself delivered twice. Pure, bounded.

An event counts as a repetition when its whole text, identifier included, is among
the last ones sent: the same identifier with other content is sent. Texts without an
identifier never count. What is remembered is gone with the process: after a restart
a repetition may be sent again.
"""

from __future__ import annotations

from typing import List, Optional, Sequence, Set


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

    def sift(self, texts: Sequence[str], pending: Set[int]) -> Sequence[str]:
        """Return the texts that were not sent lately, in order.

        Args:
            texts: Texts about to be sent.
            pending: What to remember once they are queued; theirs is added.
        """
        if self._needle is None:
            return texts
        hashes = list(map(hash, texts))
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
        self, texts: Sequence[str], hashes: List[int], pending: Set[int]
    ) -> List[str]:
        needle = self._needle or ""
        fresh: List[str] = []
        for text, mark in zip(texts, hashes):
            known = mark in pending or mark in self._newer or mark in self._older
            if not (known and needle in text):
                fresh.append(text)
            pending.add(mark)
        return fresh
