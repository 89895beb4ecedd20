"""States that the genuine SDK left behind: where they are, and what is in them.

It only reads. Its layouts: a pickle in a file named by the MD5 of the address; plain
JSON in `<collector id>/<address>.json`; plain JSON in Redis under the address itself.
The address is `input;id;service;submodule`, or, from before there were such addresses,
`input_id_service_type_module[_submodule]`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

from collector_host.errors import StateImportError
from collector_host.state.encoding import snapshot
from collector_host.state.files import explained, read_file
from collector_host.state.pickle_steps import RefusedPickleError
from collector_host.state.pickles import MAX_BYTES, read_pickle

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from collector_host.state.redis_client import RedisDoor

_PARTS: Final = 4
"""Parts of the genuine SDK's address; ours may have the module's name behind them."""


@dataclass(frozen=True, slots=True)
class Legacy:
    """A state as the genuine SDK left it.

    Attributes:
        place: Where it was found.
        state: What is in it; None when it holds none.
        shared: Whether several modules of a service wrote it in turn.
    """

    place: str
    state: dict[str, Any] | None
    shared: bool = False


class LegacySource(Protocol):
    """A place where the genuine SDK keeps states."""

    def find(self, address: str) -> Legacy | None:
        """Return what is there for an address of the genuine SDK, or None.

        Raises:
            StateImportError: Something is there that cannot be taken over.
            StateError: It cannot be read.
        """
        ...


class Addresses:
    """Knows what the genuine SDK calls the state of one of our owners.

    Args:
        kinds: (input, id, service) -> (type, module) of each module that runs; needed
            for the addresses of the oldest layout.
    """

    def __init__(
        self, kinds: Mapping[tuple[str, str, str], tuple[tuple[str, str], ...]]
    ) -> None:
        self._kinds = kinds

    def of(self, owner: str) -> Iterator[tuple[str, bool]]:
        """Yield each address and whether several modules share it, newest first."""
        parts = owner.split(";")
        module = parts[_PARTS] if len(parts) > _PARTS else None
        yield ";".join(parts[:_PARTS]), module is not None
        if len(parts) < _PARTS:
            return
        source, identity, service, submodule = parts[:_PARTS]
        for kind, name in self._kinds.get((source, identity, service), ()):
            if module in {None, name}:
                old = f"{source}_{identity}_{service}_{kind}_{name}"
                yield old if submodule == "None" else f"{old}_{submodule}", False


class LegacyFiles:
    """The files of the genuine SDK's state directory.

    Args:
        folder: The directory.
        collector_id: Its `globals.id`, for the JSON layout.
    """

    def __init__(self, folder: Path, collector_id: str) -> None:
        self._folder = folder
        self._json_folder = folder / collector_id

    def find(self, address: str) -> Legacy | None:
        """Return the state in a pickle or a JSON file, or None if there is no file."""
        digest = hashlib.md5(address.encode(errors="replace"), usedforsecurity=False)
        pickled = self._folder / digest.hexdigest()
        if (data := _read(pickled)) is not None:
            return Legacy(str(pickled), _state(pickled, _unpickled(pickled, data)))
        if "/" in address or "\0" in address:
            return None
        plain = self._json_folder / f"{address}.json"
        if (data := _read(plain)) is not None:
            return Legacy(str(plain), _from_json(plain, data))
        return None


class LegacyRedis:
    """The genuine SDK's keys in a Redis server.

    Args:
        door: The server.
        place: The server, for messages.
    """

    def __init__(self, door: RedisDoor, place: str) -> None:
        self._door = door
        self._place = place

    def find(self, address: str) -> Legacy | None:
        """Return the state under the address itself, or None without such a key."""
        data = self._door.foreign(address.encode(errors="replace"))
        if data is None:
            return None
        place = f"{self._place}, key {address}"
        return Legacy(place, _from_json(place, data))


def _read(path: Path) -> bytes | None:
    with explained("read", path):
        if path.is_file() and path.stat().st_size > MAX_BYTES:
            raise _refusal(path, f"it is larger than {MAX_BYTES} bytes")
    return read_file(path)


def _unpickled(path: Path, data: bytes) -> Any:
    try:
        return read_pickle(data)
    except RefusedPickleError as error:
        raise _refusal(path, str(error)) from error


def _from_json(place: Path | str, data: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        reason = f"it is no valid JSON: {error}"
        raise _refusal(place, reason) from error
    return _state(place, value)


def _state(place: Path | str, value: Any) -> dict[str, Any] | None:
    if value is None:
        return None
    if not isinstance(value, dict):
        raise _refusal(place, f"it holds {type(value).__name__}, not a dict")
    try:
        state: dict[str, Any] = snapshot(cast("dict[Any, Any]", value))
    except TypeError as error:
        raise _refusal(place, str(error)) from error
    return state


def _refusal(place: Path | str, reason: str) -> StateImportError:
    message = f"the state of the genuine SDK in {place} cannot be taken over: {reason}"
    hint = "it is left as it is; restore it from a copy, or move it away to start over"
    return StateImportError(message, hint=hint)
