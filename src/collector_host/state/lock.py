"""One process per state directory.

The kernel holds the lock and frees it when the process ends, however it ends. Who
holds it stands in a second file, because a lock file is best left empty.
"""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING, Final

from filelock import Timeout, UnixFileLock

from collector_host.errors import StateLockedError
from collector_host.state.files import explained, read_file

if TYPE_CHECKING:
    from pathlib import Path

_LOCK_NAME: Final = "collector.lock"
_HOLDER_NAME: Final = "collector.pid"


class FolderLock:
    """Keeps a second process out of a directory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._holder = folder / _HOLDER_NAME
        self._mark = b""
        # Taken by the thread that starts the host, given back by the one that stops it.
        self._lock = UnixFileLock(
            folder / _LOCK_NAME, timeout=0, mode=0o600, thread_local=False
        )

    def acquire(self) -> None:
        """Take the lock, or take it again after the directory was lost.

        Raises:
            StateLockedError: Another process has it; the message names its PID.
            StateError: The directory cannot be used.
        """
        with explained("lock", self._folder):
            self._lock.release(force=True)
            try:
                self._lock.acquire()
            except Timeout as error:
                raise self._taken() from error
            # Not the PID alone: two containers may both be process 1.
            self._mark = f"{os.getpid()} {secrets.token_hex(8)}\n".encode()
            self._write_holder()

    def is_ours(self) -> bool:
        """Tell whether the directory is still the one that was locked, and locked."""
        return self._lock.is_locked and read_file(self._holder) == self._mark

    def release(self) -> None:
        """Give the lock back."""
        with explained("unlock", self._folder):
            if self.is_ours():
                self._holder.unlink()
            self._lock.release(force=True)

    def _write_holder(self) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
        descriptor = os.open(self._holder, flags, 0o600)
        try:
            os.write(descriptor, self._mark)
        finally:
            os.close(descriptor)

    def _taken(self) -> StateLockedError:
        pid = (read_file(self._holder) or b"").partition(b" ")[0].decode()
        who = f"process {pid}" if pid.isdecimal() else "another process"
        message = f"{who} uses the state directory {self._folder}"
        return StateLockedError(
            message, hint="stop it first, or give this collector a directory of its own"
        )
