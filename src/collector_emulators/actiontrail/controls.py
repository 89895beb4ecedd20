"""The control routes of ActionTrail: what can be asked and turned from outside.

It knows names and JSON forms; the work is done by the emulator.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from collector_emulators.events import read_events
from collector_emulators.standard_controls import StandardControls

if TYPE_CHECKING:
    from collections.abc import Mapping

    from collector_emulators.actiontrail.emulator import ActionTrailEmulator
    from collector_emulators.control import Route


class Controls:
    """The functions behind the routes; each takes a request body."""

    def __init__(self, emulator: ActionTrailEmulator) -> None:
        self._up = emulator

    def routes(self) -> Mapping[str, Route]:
        """Return the function of each `METHOD name`."""
        return {"POST events": self._post_events, **StandardControls(self._up).routes()}

    def _post_events(self, body: bytes) -> object:
        """Load events, one a line."""
        kept = self._up.load(read_events(body.split(b"\n")))
        return {"loaded": kept, "stored": self._up.stored}
