"""The two feeds of the demo: how each emulator is started, configured and judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from collector_emulators.comparison import (
    ADDED_KEYS,
    LOG_STORE_KEYS,
    Comparison,
    compare,
    fingerprints,
)
from collector_emulators.ledger import read_ledger as read_calls
from collector_emulators.ledger import served_events
from collector_emulators.relay.ledger import read_ledger as read_stored

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

CALLS_PER_S: Final = 10

_ACTIONTRAIL: Final = """\
      actiontrail:
        region: cn-hangzhou
        endpoint: http://{endpoint}
        initial_start_time_in_utc: "{start}"
        request_period_in_seconds: 5
        requests_per_second: {calls_per_s}
"""
_LOG_STORE: Final = """\
      actiontrail_log_service:
        region: cn-hangzhou
        endpoint: {endpoint}
        project: {project}
        logstore: {logstore}
        initial_start_time_in_utc: "{start}"
        request_period_in_seconds: 5
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one feed fared.

    Attributes:
        title: The feed, for people.
        held: Events the emulator was given.
        comparison: Both ledgers compared.
        calls: Requests the emulator answered or refused.
    """

    title: str
    held: int
    comparison: Comparison
    calls: int

    @property
    def lost(self) -> int:
        """Return how many events never arrived, those never asked for included."""
        never_served = self.held - self.comparison.served
        return self.comparison.lost + never_served

    @property
    def is_good(self) -> bool:
        """Tell whether every event arrived as it was."""
        return not self.lost and not self.comparison.altered


@dataclass(frozen=True, slots=True)
class Feed:
    """One service of the demo and its source.

    Attributes:
        title: Name for people.
        emulator: Name of the command that stands in for the source.
        table: Where its events go.
        added_keys: What the collector adds to them.
        service: The service's block of the configuration, to be filled in.
    """

    title: str
    emulator: str
    table: str
    added_keys: tuple[str, ...]
    service: str

    def ledger(self, folder: Path) -> Path:
        """Return the file of what the emulator served."""
        return folder / f"served-{self.emulator}.jsonl"

    def options(
        self, folder: Path, *, events: int, seed: int, start: datetime, end: datetime
    ) -> tuple[object, ...]:
        """Return the command line of its emulator."""
        pace = ("--rate", CALLS_PER_S) if self.emulator == "actiontrail" else ()
        return (
            *("--ledger", self.ledger(folder)),
            *("--count", events),
            *("--seed", seed),
            *("--start", instant(start)),
            *("--end", instant(end)),
            *("--control-secret-file", folder / f"control-{self.emulator}.secret"),
            *pace,
        )

    def block(self, ready: dict[str, Any], start: datetime) -> str:
        """Return the service's block for an emulator that has said where it is."""
        return self.service.format(
            **{**ready, "start": instant(start), "calls_per_s": CALLS_PER_S}
        )

    def stored(self, stored_file: Path) -> int:
        """Return how many different events the relay has stored."""
        if not stored_file.exists():
            return 0
        stored = read_stored(stored_file)
        return len(set(fingerprints(stored, self.table, self.added_keys)))

    def judge(self, folder: Path, stored_file: Path, *, held: int) -> Verdict:
        """Compare both ledgers."""
        calls = list(read_calls(self.ledger(folder)))
        comparison = compare(
            served_events(calls),
            read_stored(stored_file),
            self.table,
            self.added_keys,
        )
        return Verdict(self.title, held, comparison, len(calls))


FEEDS: Final = (
    Feed(
        "ActionTrail API",
        "actiontrail",
        "cloud.alibaba.actiontrail.events",
        ADDED_KEYS,
        _ACTIONTRAIL,
    ),
    Feed(
        "Log Store",
        "log-service",
        "cloud.alibaba.log_service.events",
        LOG_STORE_KEYS,
        _LOG_STORE,
    ),
)


def instant(moment: datetime) -> str:
    """Return an instant in UTC as emulators and configurations take it."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
