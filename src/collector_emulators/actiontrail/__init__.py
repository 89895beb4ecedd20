"""The ActionTrail emulator; `ActionTrailEmulator` is its way in."""

from collector_emulators.actiontrail.emulator import ActionTrailEmulator
from collector_emulators.actiontrail.knobs import Knobs

__all__ = ["ActionTrailEmulator", "Knobs"]
