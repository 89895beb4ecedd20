"""ActionTrail on loopback: the service, its control door, and their handles.

One emulator is one region. For several regions start several, with the same
accounts, clocks and ledger, and load each with all events: it keeps its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from collector_emulators.actiontrail.controls import Controls
from collector_emulators.actiontrail.fault_kinds import check_fault
from collector_emulators.actiontrail.knobs import Knobs
from collector_emulators.actiontrail.service import Parts, Service
from collector_emulators.actiontrail.store import EventStore
from collector_emulators.clock import DataClock, TransportClock
from collector_emulators.emulator import (
    DEFAULT_REGION,
    Emulator,
    example_accounts,
)
from collector_emulators.events import Timed
from collector_emulators.faults import FaultPlan
from collector_emulators.ledger import Ledger

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable, Mapping

    from collector_emulators.accounts import Accounts


class ActionTrailEmulator(Emulator):
    """An ActionTrail endpoint the unmodified vendor SDK can talk to.

    Use it as a context manager; ports are known once it is entered.

    Args:
        region: The region this endpoint serves.
        global_region: The region that keeps the events marked `isGlobal`.
        accounts: Access keys; one example key when None.
        knobs: Settings of the service, defaults when None.
        clock: Transport clock: signatures, nonces, call rate.
        data_clock: Virtual clock: which events exist yet.
        ledger: Where calls and served events are written; memory when None.
            A ledger that was given is not closed.
        host: Address to listen on.
        port: Port of the service; 0 lets the system choose.
        control_port: Port of the control door; 0 lets the system choose.
        control_secret: Secret of the control door; made up when None.
        tls: Context for a TLS listener; None serves plain HTTP.

    Attributes:
        region: The region this endpoint serves.
        accounts: Access keys; changes take effect at the next request.
        knobs: Settings of the service.
        clock: Transport clock.
        data_clock: Virtual clock.
        faults: Plan of what goes wrong; `faults.set([...], seed=n)`.
        ledger: Book of calls and served events.
    """

    def __init__(  # noqa: PLR0913 - every part can be replaced, each has a default
        self,
        *,
        region: str = DEFAULT_REGION,
        global_region: str = DEFAULT_REGION,
        accounts: Accounts | None = None,
        knobs: Knobs | None = None,
        clock: TransportClock | None = None,
        data_clock: DataClock | None = None,
        ledger: Ledger | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        control_port: int = 0,
        control_secret: str | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.region = region
        self.accounts = accounts or example_accounts()
        self.knobs = knobs or Knobs()
        self.clock = clock or TransportClock()
        self.data_clock = data_clock or DataClock()
        self.faults = FaultPlan(check_fault)
        self.ledger = ledger or Ledger()
        self._store = EventStore(region, global_region)
        parts = Parts(
            region=region,
            global_region=global_region,
            accounts=self.accounts,
            knobs=self.knobs,
            store=self._store,
            clock=self.clock,
            data_clock=self.data_clock,
            faults=self.faults,
            ledger=self.ledger,
        )
        super().__init__(
            Service(parts).respond,
            Controls(self).routes(),
            host=host,
            port=port,
            control_port=control_port,
            control_secret=control_secret,
            tls=tls,
        )

    @property
    def stored(self) -> int:
        """How many events it holds."""
        return len(self._store)

    def load(self, events: Iterable[Timed | Mapping[str, Any]]) -> int:
        """Add events; return how many of them belong to this region.

        Args:
            events: Timed events, or bare ones that arrive when they happen.
                Without an eventTime as well, they happen now.

        Raises:
            ValueError: If an eventTime cannot be read.
        """
        now = self.data_clock.seconds()
        timed = (item if isinstance(item, Timed) else Timed(item) for item in events)
        return self._store.load(timed, now=now)
