"""State of one input, service and submodule, as that host keeps it.

Files are written in place: a process that dies meanwhile leaves half of one, which
counts as none. Deaths that tests ask for come before or behind a write.
"""

from __future__ import annotations

import hashlib
import json
import pickle
from pathlib import Path
from typing import Any, Dict, Optional

from devocollectorsdk.faults import WRITING, count

from devocollectorsdk.commons.collector_exceptions import SdkPersistenceServiceError

_NOT_SERIALISABLE = 1300


class PersistenceObject:
    """Loads and saves the state at one address."""

    def __init__(self, address: str) -> None:
        self.unique_identifier = address

    def is_ok(self) -> bool:
        """Tell whether it can be used."""
        return True

    def load_state(self, no_log_traces: bool = False) -> Optional[Dict[str, Any]]:
        """Return what was saved last, or None."""
        data = self._read()
        if not data:
            return None
        try:
            return self._decode(data)
        except (EOFError, ValueError, pickle.UnpicklingError):
            return None

    def save_state(
        self, object_to_save: Dict[str, Any], no_log_traces: bool = False
    ) -> None:
        """Save a state now, whatever becomes of what was sent before."""
        try:
            json.dumps(object_to_save)
        except (TypeError, ValueError) as error:
            raise SdkPersistenceServiceError(_NOT_SERIALISABLE, str(error)) from error
        data = self._encode(object_to_save)
        with WRITING:
            self._write(data)
        count("save")

    def _encode(self, state: Dict[str, Any]) -> bytes:
        return pickle.dumps(state)

    def _decode(self, data: bytes) -> Dict[str, Any]:
        return pickle.loads(data)  # noqa: S301  (as that host does)

    def _read(self) -> bytes:
        raise NotImplementedError

    def _write(self, data: bytes) -> None:
        raise NotImplementedError


class FilePersistence(PersistenceObject):
    """A pickle in a file whose name tells nothing."""

    def __init__(self, address: str, folder: Path) -> None:
        super().__init__(address)
        folder.mkdir(parents=True, exist_ok=True)
        name = hashlib.md5(address.encode()).hexdigest()  # noqa: S324  (as it does)
        self._file = folder / name

    def _read(self) -> bytes:
        return self._file.read_bytes() if self._file.exists() else b""

    def _write(self, data: bytes) -> None:
        self._file.write_bytes(data)


class TextPersistence(FilePersistence):
    """The JSON text that a server would keep, in a file instead."""

    def _encode(self, state: Dict[str, Any]) -> bytes:
        return json.dumps(state).encode()

    def _decode(self, data: bytes) -> Dict[str, Any]:
        return json.loads(data)


class MemoryPersistence(PersistenceObject):
    """Gone with the process."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self._data = b""

    def _read(self) -> bytes:
        return self._data

    def _write(self, data: bytes) -> None:
        self._data = data


class PersistenceFactoryManager:
    """Makes one object for each address."""

    def __init__(self, settings: Dict[str, Any], in_memory: bool) -> None:
        self._kind = "memory" if in_memory else settings["type"]
        config = settings.get("config") or {}
        self._folder = Path.cwd() / config.get("directory_name", "state")
        self._known: Dict[str, PersistenceObject] = {}

    def of(self, *address: Optional[str]) -> PersistenceObject:
        """Return the object of an address."""
        name = ";".join(str(part) for part in address)
        if name not in self._known:
            self._known[name] = self._make(name)
        return self._known[name]

    def _make(self, name: str) -> PersistenceObject:
        if self._kind == "filesystem":
            return FilePersistence(name, self._folder)
        if self._kind == "redis":
            return TextPersistence(name, self._folder)
        return MemoryPersistence(name)
