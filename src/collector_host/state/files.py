"""Steps on the disk that a crash may interrupt anywhere: safe reads, durable writes.

It knows nothing of what is inside the files. Every error of the system leaves here
as a StateError that says what failed, where, and how to mend it.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from collector_host.errors import StateError
from devocollectorsdk.commons.fault_points import point

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

_TEMPORARY: Final = ".tmp"
_WRITABLE_BY_OTHERS: Final = stat.S_IWGRP | stat.S_IWOTH
_NEW_FILE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
# Without O_NONBLOCK opening a FIFO would wait for a writer for ever.
_READ: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK

_SPACE: Final = "free some space; the committed state is untouched"
_RIGHTS: Final = "make the state directory writable for the collector's user"
_HINTS: Final = {
    errno.ENOSPC: _SPACE,
    errno.EDQUOT: _SPACE,
    errno.EFBIG: _SPACE,
    errno.EROFS: _RIGHTS,
    errno.EACCES: _RIGHTS,
    errno.EPERM: _RIGHTS,
    errno.EIO: "check the disk; the state is written to a new file next time",
    errno.ELOOP: "put a regular file there: a state file must not be a symbolic link",
    errno.EISDIR: "move it away",
    errno.ENOTDIR: "name a directory of its own for the state",
}


@contextmanager
def explained(action: str, path: Path) -> Generator[None]:
    """Turn an error of the system into ours.

    Args:
        action: What is being done, as in `write`.
        path: To which file or directory.

    Raises:
        StateError: In place of any OSError.
    """
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        message = f"cannot {action} {path}: {reason}"
        raise StateError(message, hint=_HINTS.get(error.errno or 0, "")) from error


_NO_LINKS: Final = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK})
"""What a file system says that has no hard links, or no more of them."""


def prepare_folder(folder: Path) -> Path:
    """Make a private directory, or check that it is one.

    Returns:
        Its path without symbolic links.

    Raises:
        StateError: It cannot be made, belongs to another user, or others may write
            to it and so could have planted a state.
    """
    with explained("use the state directory", folder):
        missing = [path for path in (folder, *folder.parents) if not path.exists()]
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in missing:
            _sync_folder(path.parent)
        folder = folder.resolve(strict=True)
        _check_private(folder.stat(), folder)
        return folder


def _check_private(status: os.stat_result, path: Path) -> None:
    if status.st_uid != os.geteuid():
        message = f"{path} belongs to user {status.st_uid}, not to {os.geteuid()}"
        raise StateError(message, hint=f"run: chown {os.geteuid()} {path}")
    if status.st_mode & _WRITABLE_BY_OTHERS:
        message = f"other users may write to {path}"
        raise StateError(
            message, hint=f"check its content, then run: chmod go-w {path}"
        )


def read_file(path: Path) -> bytes | None:
    """Return the bytes of a private, regular file; None if there is no file.

    Raises:
        StateError: It cannot be read, or it is something else (a symbolic link, a
            FIFO, a directory, another user's, writable by others).
    """
    with explained("read", path):
        try:
            descriptor = os.open(path, _READ)
        except FileNotFoundError:
            return None
        with open(descriptor, "rb") as file:  # noqa: PTH123  (a path cannot be O_NOFOLLOW)
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                message = f"{path} is not a regular file"
                raise StateError(message, hint="move it away")
            _check_private(status, path)
            return file.read()


def write_generation(current: Path, previous: Path, data: bytes) -> None:
    """Make `data` the current generation, and the current one the previous.

    At every moment a whole current generation exists, once there was one. After a
    failure a new temporary file is used the next time: what failed to reach the
    disk may have left the kernel's cache, and syncing it again would not tell.

    Raises:
        StateError: A step failed.
    """
    with explained("write", current):
        temporary = _temporary(current)
        try:
            _write(temporary, data)
            _keep(current, previous)
            temporary.replace(current)
        finally:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
        point("store.after_replace")
        _sync_folder(current.parent)
        point("store.after_commit")


def remove_temporaries(folder: Path) -> None:
    """Delete what killed processes left; only for the holder of the folder's lock."""
    with explained("clean up", folder):
        for leftover in folder.glob(f".*{_TEMPORARY}"):
            leftover.unlink()


def _temporary(path: Path) -> Path:
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}{_TEMPORARY}")


def _write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, _NEW_FILE, 0o600)
    with open(descriptor, "wb", buffering=0) as file:  # noqa: PTH123  (O_EXCL, 0600)
        rest = memoryview(data)
        while rest:
            rest = rest[file.write(rest) :]
        point("store.after_write")
        os.fsync(descriptor)
    point("store.after_sync")


def _keep(current: Path, previous: Path) -> None:
    link = _temporary(previous)
    try:
        link.hardlink_to(current)
    except FileNotFoundError:
        return
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _write(link, current.read_bytes())
    try:
        link.replace(previous)
    finally:
        # Renaming one name of a file to another of its names leaves both in place.
        link.unlink(missing_ok=True)
    point("store.after_keep")


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
