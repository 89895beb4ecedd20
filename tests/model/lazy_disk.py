"""A folder whose disk is lazy: what a loss of power would leave of it at any moment.

Names become durable in their order, at the latest when the folder is synced; the
bytes of a file become durable when it is synced, and before that in any part.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from support.mutants.patching import Patch

Image: TypeAlias = frozenset[tuple[str, bytes]]
"""Names and contents that survived."""

_STEPS = ("open", "fsync", "link", "replace", "unlink")


class LazyDisk:
    """Watches the system calls of a process on one folder.

    Args:
        folder: The folder, which exists.
        watch: Called after every call with all images a loss of power could leave.
        patch: Sets an attribute of a module.
    """

    def __init__(
        self, folder: Path, watch: Callable[[set[Image]], None], patch: Patch
    ) -> None:
        self._folder = folder
        self._watch = watch
        self._synced: dict[int, bytes] = {}
        self._contents: dict[int, bytes] = {}
        self._listings = [self._listing()]
        for name in _STEPS:
            patch(os, name, self._watched(getattr(os, name)))

    def images(self) -> set[Image]:
        """Return all that could be left if the power failed now."""
        return {
            frozenset(zip(names, contents, strict=True))
            for listing in self._listings
            for names in [tuple(listing)]
            for contents in _products([self._survivors(listing[n]) for n in names])
        }

    def _watched(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            result = real(*arguments, **options)
            self._note()
            if real.__name__ == "fsync":
                self._sync(arguments[0])
            self._watch(self.images())
            return result

        return call

    def _note(self) -> None:
        listing = self._listing()
        if listing != self._listings[-1]:
            self._listings.append(listing)

    def _sync(self, descriptor: int) -> None:
        status = os.fstat(descriptor)
        if stat.S_ISDIR(status.st_mode):
            self._listings = [self._listing()]
        else:
            self._synced[status.st_ino] = self._contents[status.st_ino]

    def _listing(self) -> dict[str, int]:
        listing: dict[str, int] = {}
        for path in self._folder.glob("*"):
            if ".json" in path.name:
                listing[path.name] = path.stat().st_ino
                self._contents[path.stat().st_ino] = path.read_bytes()
        return listing

    def _survivors(self, inode: int) -> set[bytes]:
        """Return what a file could hold: its bytes, older ones, a part, nothing."""
        content, synced = self._contents[inode], self._synced.get(inode, b"")
        if content == synced:
            return {content}
        return {content, content[: len(content) // 2], b"", synced}


def _products(choices: list[set[bytes]]) -> Iterator[tuple[bytes, ...]]:
    if not choices:
        yield ()
        return
    for rest in _products(choices[1:]):
        yield from ((first, *rest) for first in choices[0])
