"""A transport and a store that write one journal, so that order can be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from collector_host.delivery.items import Level
from collector_host.errors import ConnectError, StateError, UnconfirmedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from collector_host.delivery.items import Batch


class Journal:
    """Both ends of a delivery room.

    Attributes:
        lines: What happened, in order.
        failures: Step -> how often it fails from now on (`open`, `write`,
            `confirm`, `commit`).
        level: Proof the peer gives.
        disk: Committed states.
    """

    def __init__(self, level: Level = Level.CLOSE_NOTIFY) -> None:
        self.lines: list[str] = []
        self.failures: dict[str, int] = {}
        self.level = level
        self.disk: dict[str, Any] = {}

    def open(self) -> None:
        self._step("open", ConnectError("nobody listens"))

    def write(self, batch: Batch) -> None:
        texts = ",".join(message.decode() for message in batch.messages)
        self._step(f"write {texts}", UnconfirmedError("reset"), "write")

    def confirm(self, required: Level) -> Level:
        self._step(f"confirm {required.label}", UnconfirmedError("reset"), "confirm")
        return self.level

    def probe(self) -> Level:
        self._step("probe", ConnectError("nobody listens"))
        return self.level

    def abort(self) -> None:
        self.lines.append("abort")

    def load(self, owner: str) -> dict[str, Any] | None:
        return self.disk.get(owner)

    def commit(self, owner: str, state: Mapping[str, Any] | None) -> None:
        self._step(f"commit {owner} {state}", StateError("disk full"), "commit")
        self.disk[owner] = state

    def owners(self) -> tuple[str, ...]:
        return tuple(self.disk)

    def close(self) -> None:
        self.lines.append("close store")

    def _step(self, line: str, error: Exception, kind: str | None = None) -> None:
        kind = kind or line
        if self.failures.get(kind, 0) > 0:
            self.failures[kind] -= 1
            self.lines.append(f"{line}: failed")
            raise error
        self.lines.append(line)
