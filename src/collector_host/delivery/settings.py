"""What the delivery room is told: outputs and bounds, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from collector_host.delivery.items import Level
    from collector_host.delivery.queue import Bounds
    from collector_host.delivery.transport import Transport
    from collector_host.delivery.window import WindowLimits


@dataclass(frozen=True, slots=True)
class OutputSettings:
    """One output.

    Attributes:
        name: Name in the configuration, e.g. `devo_1`.
        kind: First part of its threads' names, e.g. `Devo` or `Console`.
        required: Whether progress waits for it.
        senders: Connections side by side; more than one gives up the order of events.
        confirm: Proof asked for, or None for the best the peer gives.
        window: When a confirmation is due.
        retry_initial_s: First wait after a failure, seconds.
        retry_maximum_s: Longest wait, seconds.
        transport: Makes one transport, for one sender or a check.
        takes_lookups: Whether what fills lookups may be sent there.
        statistics_period_s: Seconds between two statistics lines; None for the period
            of all outputs.
        sdk_statistics: Whether statistics have the form of the SDK's newer versions.
    """

    name: str
    kind: str
    required: bool
    senders: int
    confirm: Level | None
    window: WindowLimits
    retry_initial_s: float
    retry_maximum_s: float
    transport: Callable[[], Transport]
    takes_lookups: bool = True
    statistics_period_s: float | None = None
    sdk_statistics: bool = False


@dataclass(frozen=True, slots=True)
class DeliverySettings:
    """All outputs, and what holds for them together.

    Attributes:
        outputs: At least one of them required.
        bounds: How much may wait for one output.
        max_event_bytes: Larger events are cut and marked.
        statistics_period_s: Seconds between two statistics lines.
    """

    outputs: tuple[OutputSettings, ...]
    bounds: Bounds
    max_event_bytes: int
    statistics_period_s: float
