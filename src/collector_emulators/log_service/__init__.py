"""The Log Service emulator; `LogServiceEmulator` is its way in."""

from collector_emulators.log_service.emulator import LogServiceEmulator
from collector_emulators.log_service.knobs import Knobs

__all__ = ["Knobs", "LogServiceEmulator"]
