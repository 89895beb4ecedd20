"""Log Service on loopback: the service, its control door, and their handles.

One emulator is one region, with any number of projects.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from collector_emulators.accounts import EXAMPLE_ACCOUNT_ID
from collector_emulators.clock import DataClock, TransportClock
from collector_emulators.emulator import (
    DEFAULT_REGION,
    Emulator,
    example_accounts,
)
from collector_emulators.faults import FaultPlan
from collector_emulators.ledger import Ledger
from collector_emulators.log_service.catalogue import Catalogue
from collector_emulators.log_service.controls import Controls
from collector_emulators.log_service.fault_kinds import check_fault
from collector_emulators.log_service.hosts import LOOPBACK
from collector_emulators.log_service.knobs import Knobs
from collector_emulators.log_service.logstores import Settings
from collector_emulators.log_service.records import (
    Received,
    event_group,
    make_entry,
    read_record,
)
from collector_emulators.log_service.replies import Parts
from collector_emulators.log_service.routes import BOUND_BY
from collector_emulators.log_service.service import Service
from collector_emulators.log_service.shards import parse_key
from collector_emulators.log_service.wire import Group

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable, Mapping, Sequence

    from collector_emulators.accounts import Accounts
    from collector_emulators.ledger import Call
    from collector_emulators.log_service.logstores import Logstore


class LogServiceEmulator(Emulator):
    """A Log Service endpoint the unmodified vendor SDK can talk to.

    Use it as a context manager; ports are known once it is entered. A client
    reaches it by an endpoint on 127.0.0.1, or by any public endpoint of the region
    when it takes `endpoint` for its HTTP proxy.

    Args:
        region: The region this endpoint serves.
        accounts: Access keys; one example key when None.
        knobs: Settings of the service, defaults when None.
        clock: Transport clock: signatures, rates, consumers.
        data_clock: Virtual clock: when records arrive and grow too old.
        ledger: Where calls and served records are written; memory when None.
            A ledger that was given is not closed.
        host: Address to listen on.
        port: Port of the service; 0 lets the system choose.
        control_port: Port of the control door; 0 lets the system choose.
        control_secret: Secret of the control door; made up when None.
        tls: Context for a TLS listener; None serves plain HTTP.
        suffixes: More names of the endpoint, behind the project in `Host`.

    Attributes:
        region: The region this endpoint serves.
        accounts: Access keys; changes take effect at the next request.
        knobs: Settings of the service.
        clock: Transport clock.
        data_clock: Virtual clock.
        faults: Plan of what goes wrong; `faults.set([...], seed=n)`.
        ledger: Book of calls and served records.
        catalogue: Projects and logstores.
    """

    def __init__(  # noqa: PLR0913 - every part can be replaced, each has a default
        self,
        *,
        region: str = DEFAULT_REGION,
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
        suffixes: Sequence[str] = (),
    ) -> None:
        self.region = region
        self.accounts = accounts or example_accounts()
        self.knobs = knobs or Knobs()
        self.clock = clock or TransportClock()
        self.data_clock = data_clock or DataClock()
        self.faults = FaultPlan(check_fault, BOUND_BY)
        self.ledger = ledger or Ledger()
        self.catalogue = Catalogue()
        self._scheme = "http" if tls is None else "https"
        parts = Parts(
            region=region,
            suffixes=(*LOOPBACK, host, *suffixes),
            accounts=self.accounts,
            knobs=self.knobs,
            catalogue=self.catalogue,
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
    def endpoint(self) -> str:
        """Address of the service, such as `http://127.0.0.1:8080`."""
        return f"{self._scheme}://{self.host}:{self.port}"

    def create_store(
        self,
        project: str,
        logstore: str,
        *,
        shards: int = 2,
        ttl_days: int = 30,
        owner: str = EXAMPLE_ACCOUNT_ID,
    ) -> Logstore:
        """Make a logstore, and its project when there is none.

        Args:
            project: Name of the project.
            logstore: Name of the logstore.
            shards: Shards at first; their ranges part the keys evenly.
            ttl_days: Virtual days a record is kept.
            owner: Account of the project, when it is made.

        Raises:
            ApiError: LogStoreAlreadyExist.
        """
        now = self.data_clock.seconds()
        if project not in {known.name for known in self.catalogue.projects()}:
            self.catalogue.add_project(project, now, owner=owner)
        settings = Settings(ttl=ttl_days, shardCount=shards)
        return self.catalogue.add_store(project, logstore, settings, now)

    def delete_store(self, project: str, logstore: str) -> None:
        """Drop a logstore; one made again under its name has other cursors.

        Raises:
            ApiError: If there is none.
        """
        self.catalogue.delete_store(project, logstore)

    def append(
        self,
        project: str,
        logstore: str,
        records: Iterable[Received | Group | bytes | Mapping[str, Any]],
        *,
        shard: int | None = None,
        at: float | None = None,
    ) -> int:
        """Add groups; return how many events or other records they hold.

        Args:
            project: Name of the project.
            logstore: Name of the logstore.
            records: Groups, or bytes of their messages, with the time they are
                received if it is not `at`; an object is a flat record when it has
                `__time__`, else an event that a trail writes, a group of its own.
            shard: Shard to write to; None writes to all in turn.
            at: When they are received, virtual seconds since 1970 UTC; what is in
                the future stays unseen until then. None for now.

        Raises:
            ApiError: If there is no such logstore.
            ValueError: If bytes are no LogGroup, or `__time__` is no number.
        """
        store = self.catalogue.store(project, logstore)
        now = self.data_clock.seconds()
        count = 0
        for record in records:
            received = self._received(record)
            entry = make_entry(received.group, count_only=self.ledger.count_only)
            arrival = at if received.at is None else received.at
            store.append(entry, now, at=arrival, shard_id=shard)
            count += entry.records
        return count

    def repeat(self, project: str, logstore: str, times: int) -> int:
        """Answer as if what each shard holds so far had come `times` times.

        It costs no memory: the same groups come again under other cursors, so
        that ids repeat with each round. What arrives later comes behind them.

        Returns:
            How many records there are more than before.

        Raises:
            ApiError: If there is no such logstore.
            ValueError: If `times` is not positive, or it was done before.
        """
        store = self.catalogue.store(project, logstore)
        return store.repeat(times, self.data_clock.seconds())

    def shards(self, project: str, logstore: str) -> list[dict[str, Any]]:
        """Return the shards as ListShards tells them, and what each holds.

        `groups` counts the groups kept, `oldest` and `newest` are cursors to the
        first of them and behind the last.

        Raises:
            ApiError: If there is no such logstore.
        """
        store = self.catalogue.store(project, logstore)
        return [
            {
                **shard.to_json(),
                "groups": shard.total - shard.first,
                "oldest": shard.cursor(shard.first),
                "newest": shard.cursor(shard.total),
            }
            for shard in store.shards(self.data_clock.seconds())
        ]

    def split(
        self, project: str, logstore: str, shard: int, key: str | None = None
    ) -> list[int]:
        """Split a shard; return the numbers of its children.

        Args:
            project: Name of the project.
            logstore: Name of the logstore.
            shard: Number of the shard; it is readonly from now on.
            key: First key of the second child, 32 hexadecimal digits; None for
                the middle.

        Raises:
            ApiError: If it does not exist, or cannot be split there.
        """
        store = self.catalogue.store(project, logstore)
        keys = () if key is None else (parse_key(key),)
        _parent, *children = store.split(shard, keys, self.data_clock.seconds())
        return [child.shard_id for child in children]

    def merge(self, project: str, logstore: str, shard: int) -> int:
        """Merge a shard with its right neighbour; return the new one's number.

        Raises:
            ApiError: If it does not exist, or has no such neighbour.
        """
        store = self.catalogue.store(project, logstore)
        merged, *_old = store.merge(shard, self.data_clock.seconds())
        return merged.shard_id

    def delete_shard(self, project: str, logstore: str, shard: int) -> None:
        """Drop a shard, also one that can be written, and what it holds.

        Raises:
            ApiError: If it does not exist.
        """
        store = self.catalogue.store(project, logstore)
        store.delete_shard(shard, self.data_clock.seconds(), force=True)

    def advance(self, seconds: float) -> None:
        """Let virtual time pass."""
        self.data_clock.advance(seconds)

    def requests(self) -> list[Call]:
        """Return every call so far, oldest first."""
        return self.ledger.calls()

    def _received(
        self, record: Received | Group | bytes | Mapping[str, Any]
    ) -> Received:
        if isinstance(record, Received):
            return record
        if isinstance(record, Group | bytes):
            return Received(record)
        if "__time__" in record:
            return Received(read_record(record))
        return Received(event_group(record, time=int(self.data_clock.seconds())))
