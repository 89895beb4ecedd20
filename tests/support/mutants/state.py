"""A disk that fails below the state store, and a store without its safeguards.

Each function patches the program for good, or through the `patch` of a test.
"""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING, Any

from collector_host.state import document, files, store
from collector_host.state.store import StateStore

if TYPE_CHECKING:
    from pathlib import Path

    from support.mutants.patching import Patch

FAILING_SYNCS = "FAILING_SYNCS"
"""Environment variable: how many calls of fsync fail, from the third on."""


def syncs_fail(patch: Patch = setattr) -> None:
    """Not a mutant but a fault: some calls of fsync raise EIO."""
    real, calls = os.fsync, 0
    failing = range(3, 3 + int(os.environ[FAILING_SYNCS]))

    def fsync(descriptor: int) -> None:
        nonlocal calls
        calls += 1
        if calls in failing:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        real(descriptor)

    patch(os, "fsync", fsync)


def first_failure_ends_saving(patch: Patch = setattr) -> None:
    """Neither the senders' commits nor the main loop try again."""
    commit = StateStore.commit
    failed: list[Exception] = []

    def commit_until_failure(self: StateStore, owner: str, state: Any) -> None:
        if failed:
            raise failed[0]
        try:
            commit(self, owner, state)
        except Exception as error:
            failed.append(error)
            raise

    patch(StateStore, "commit", commit_until_failure)


def lost_folder_stays_lost(patch: Patch = setattr) -> None:
    """Do not make a state folder again that was taken away."""
    patch(StateStore, "_restore_directory", StateStore._check_directory)


def newer_format_is_written(patch: Patch = setattr) -> None:
    """Not a mutant but the next version: it writes the format after this one."""
    patch(document, "FORMAT", document.FORMAT + 1)


def newer_format_is_taken(patch: Patch = setattr) -> None:
    """Do not look at the format number."""
    patch(document, "FORMAT", document.FORMAT + 1)


def data_not_synced(patch: Patch = setattr) -> None:
    """Rename a new state before its bytes are on the disk."""

    def write(path: Path, data: bytes) -> None:
        path.write_bytes(data)
        path.chmod(0o600)

    patch(files, "_write", write)


def folder_not_synced(patch: Patch = setattr) -> None:
    """Report a commit before its name is on the disk."""
    patch(files, "_sync_folder", lambda _folder: None)


def written_in_place(patch: Patch = setattr) -> None:
    """Overwrite the current generation instead of replacing it."""

    def write(current: Path, previous: Path, data: bytes) -> None:
        del previous
        descriptor = os.open(current, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "wb", buffering=0) as file:  # noqa: PTH123  (a descriptor)
            file.write(data)
            os.fsync(descriptor)
        files._sync_folder(current.parent)

    patch(store, "write_generation", write)
