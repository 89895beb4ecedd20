"""The control routes of the Log Service: what can be asked and turned outside.

It knows names and JSON forms; the work is done by the emulator.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from collector_emulators.control import read_object
from collector_emulators.log_service.errors import ApiError
from collector_emulators.log_service.record_lines import read_records
from collector_emulators.standard_controls import StandardControls

if TYPE_CHECKING:
    from collections.abc import Mapping

    from collector_emulators.control import Route
    from collector_emulators.log_service.emulator import LogServiceEmulator


class Controls:
    """The functions behind the routes; each takes a request body."""

    def __init__(self, emulator: LogServiceEmulator) -> None:
        self._up = emulator

    def routes(self) -> Mapping[str, Route]:
        """Return the function of each `METHOD name`."""
        return {
            "POST stores": _refusing(self._post_stores),
            "POST append": _refusing(self._post_append),
            "POST shards": _refusing(self._post_shards),
            "POST split": _refusing(self._post_split),
            "POST merge": _refusing(self._post_merge),
            **StandardControls(self._up).routes(),
        }

    def _post_stores(self, body: bytes) -> object:
        """Make a logstore: `project`, `logstore`, `shards`, `ttl_days`."""
        self._up.create_store(**read_object(body))
        return {}

    def _post_append(self, body: bytes) -> object:
        """Add records: the first line says where, each other one is a record."""
        head, _, rest = body.partition(b"\n")
        where = read_object(head)
        added = self._up.append(records=read_records(rest.split(b"\n")), **where)
        return {"appended": added}

    def _post_shards(self, body: bytes) -> object:
        """Return the shards of a logstore: `project`, `logstore`."""
        return self._up.shards(**read_object(body))

    def _post_split(self, body: bytes) -> object:
        """Split a shard: `project`, `logstore`, `shard`, and if wanted `key`."""
        return {"children": self._up.split(**read_object(body))}

    def _post_merge(self, body: bytes) -> object:
        """Merge a shard with its neighbour: `project`, `logstore`, `shard`."""
        return {"merged": self._up.merge(**read_object(body))}


def _refusing(route: Route) -> Route:
    """Let an error of the service reach the caller as one of the control door."""

    def call(body: bytes) -> object:
        try:
            return route(body)
        except ApiError as err:
            message = f"{err.code}: {err.message}"
            raise ValueError(message) from err

    return call
