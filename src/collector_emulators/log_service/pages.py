"""Pages of a pull: groups joined, compressed, and kept to be served again.

It knows bytes; which groups belong on a page is decided elsewhere.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, NamedTuple

from collector_emulators.log_service.compression import ENCODERS

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from collector_emulators.ledger import Served
    from collector_emulators.log_service.records import Entry


class Page(NamedTuple):
    """The groups of one pull.

    Attributes:
        body: As it is sent.
        encoding: How the body is compressed; "" for not at all.
        raw_size: Bytes before that.
        groups: How many groups it holds.
        records: How many records they hold.
        events: Id and fingerprint of each record.
    """

    body: bytes
    encoding: str
    raw_size: int
    groups: int
    records: int
    events: tuple[Served, ...]


def make_page(entries: Sequence[Entry], encoding: str) -> Page:
    """Return the page of `entries`; an empty one is not compressed."""
    raw = b"".join([entry.framed for entry in entries])
    return Page(
        body=ENCODERS[encoding](raw) if raw else b"",
        encoding=encoding if raw else "",
        raw_size=len(raw),
        groups=len(entries),
        records=sum(entry.records for entry in entries),
        events=tuple(served for entry in entries for served in entry.served),
    )


class PageCache:
    """The pages used last, as many as fit."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pages: OrderedDict[Hashable, Page] = OrderedDict()
        self._size = 0

    @property
    def size(self) -> int:
        """Bytes of the bodies kept."""
        return self._size

    def find(self, key: Hashable) -> Page | None:
        """Return the page kept under `key`, or None."""
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def keep(self, key: Hashable, page: Page, room: int) -> None:
        """Keep `page`, and drop the pages used longest ago.

        Args:
            key: What `find` finds it by.
            page: The page.
            room: Bytes that all bodies may have together.
        """
        with self._lock:
            if key not in self._pages:
                self._size += len(page.body)
            self._pages[key] = page
            while self._size > room and self._pages:
                _key, dropped = self._pages.popitem(last=False)
                self._size -= len(dropped.body)
