"""A TCP proxy on loopback that delays, throttles, cuts or swallows on command.

It forwards bytes and knows nothing of TLS or of what they mean.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Literal, Self

from collector_emulators.relay.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

HOST: Final = "127.0.0.1"
_READ_BYTES: Final = 65_536
_HELD_BYTES: Final = 4 * 1024 * 1024
_SLICES_PER_S: Final = 20
_CONNECT_S: Final = 5.0
_LOOK_UP_S: Final = 0.05

Count = Literal[
    "links",  # connections continued to upstream; commands reach them
    "unreachable",  # connections upstream did not take
    "read_up",  # bytes read from clients
    "read_down",  # bytes read from upstream
    "sent_up",  # bytes sent on to upstream
    "sent_down",  # bytes sent on to clients
    "closed",  # links that are over
]


class Way(StrEnum):
    """One of the two directions of a link."""

    UP = "up"
    """From the client to upstream."""
    DOWN = "down"
    """From upstream to the client."""


_READ: Final[dict[Way, Count]] = {Way.UP: "read_up", Way.DOWN: "read_down"}
_SENT: Final[dict[Way, Count]] = {Way.UP: "sent_up", Way.DOWN: "sent_down"}


@dataclass(slots=True)
class _Network:
    """What all links share; `changed` guards it and everything the pipes hold."""

    latency_s: float = 0.0
    bytes_per_s: int | None = None
    forwarding: bool = True
    changed: threading.Condition = field(default_factory=threading.Condition)
    tally: Tally[Count] = field(default_factory=Tally[Count])


class _OverError(Exception):
    """The link of this pipe is over."""


class _Pipe:
    """One direction of a link: one thread reads, another sends what is due.

    Two threads, so that latency delays bytes without thinning them out.
    """

    def __init__(
        self, way: Way, source: socket.socket, target: socket.socket, network: _Network
    ) -> None:
        self._way = way
        self._source = source
        self._target = target
        self._network = network
        self._held: deque[tuple[float, bytes]] = deque()
        self._held_bytes = 0
        self._swallowing = False
        self._over = False

    def read(self) -> None:
        """Take in until the source ends; an empty piece stands for its FIN."""
        while True:
            with contextlib.suppress(TimeoutError):
                data = self._source.recv(_READ_BYTES)
                self._network.tally.add(_READ[self._way], len(data))
                self._hold(data)
                if not data:
                    return
            self._check()

    def send(self) -> None:
        """Send on what is due, until the FIN went out."""
        while data := self._next_due():
            unsent = memoryview(data)
            while unsent:
                with contextlib.suppress(TimeoutError):
                    sent = self._target.send(unsent)
                    unsent = unsent[sent:]
                    self._network.tally.add(_SENT[self._way], sent)
                self._check()
            self._keep_pace(len(data))
        self._target.shutdown(socket.SHUT_WR)

    def end(self) -> None:
        """Send FIN next, and swallow whatever else the source says."""
        with self._network.changed:
            self._swallowing = True
            self._held.clear()
            self._held_bytes = 0
            self._held.append((0.0, b""))
            self._network.changed.notify_all()

    def give_up(self) -> None:
        """Free both threads."""
        with self._network.changed:
            self._over = True
            self._network.changed.notify_all()

    def _check(self) -> None:
        if self._over:
            raise _OverError

    def _hold(self, data: bytes) -> None:
        with self._network.changed:
            self._network.changed.wait_for(
                lambda: self._over or self._held_bytes < _HELD_BYTES
            )
            if not self._swallowing:
                self._held.append((time.monotonic(), data))
                self._held_bytes += len(data)
                self._network.changed.notify_all()

    def _next_due(self) -> bytes:
        """Wait for the next piece; at a limited rate, for a slice of it."""
        network = self._network
        with network.changed:
            self._check()
            while (wait_s := self._wait_s()) != 0:
                network.changed.wait(wait_s)
                self._check()
            read_at, data = self._held.popleft()
            size = len(data)
            if network.bytes_per_s:
                size = max(1, network.bytes_per_s // _SLICES_PER_S)
            if data[size:]:
                self._held.appendleft((read_at, data[size:]))
            self._held_bytes -= len(data[:size])
            network.changed.notify_all()
            return data[:size]

    def _wait_s(self) -> float | None:
        """Return how long the next piece is not due; None is until a change."""
        if not self._held or not self._network.forwarding:
            return None
        due_at = self._held[0][0] + self._network.latency_s
        return max(0.0, due_at - time.monotonic())

    def _keep_pace(self, size: int) -> None:
        network = self._network
        with network.changed:
            rate = network.bytes_per_s
            if rate:
                network.changed.wait_for(
                    lambda: self._over or network.bytes_per_s != rate, size / rate
                )


class _Link:
    """A client's connection and its continuation upstream."""

    def __init__(
        self, client: socket.socket, upstream: socket.socket, network: _Network
    ) -> None:
        self._ends = (client, upstream)
        for end in self._ends:
            # Short, so that a blocked thread notices when the link is over.
            end.settimeout(_LOOK_UP_S)
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._pipes = {
            Way.UP: _Pipe(Way.UP, client, upstream, network),
            Way.DOWN: _Pipe(Way.DOWN, upstream, client, network),
        }
        self._resetting = False

    def forward(self) -> None:
        """Forward both ways until both ended or somebody gave up; then close."""
        work = [job for pipe in self._pipes.values() for job in (pipe.read, pipe.send)]
        threads = [
            threading.Thread(target=self._do, args=(job,), daemon=True) for job in work
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for end in self._ends:
            _close(end, resetting=self._resetting)

    def give_up(self, *, resetting: bool) -> None:
        """Make `forward` close both ends, with a FIN or with a reset."""
        self._resetting = self._resetting or resetting
        for pipe in self._pipes.values():
            pipe.give_up()

    def end(self, way: Way) -> None:
        """End one direction."""
        self._pipes[way].end()

    def _do(self, job: Callable[[], None]) -> None:
        try:
            job()
        except _OverError:
            pass
        except OSError:
            # One end is broken: the other shall see no orderly end.
            self.give_up(resetting=True)


class TcpProxy:
    """Passes bytes to `upstream` until told otherwise.

    Commands work on all links there are; latency, rate and the black hole on later
    links too.

    Args:
        upstream: Host and port every connection is continued to.

    Attributes:
        tally: Counters, see `Count`; a test waits on them.
    """

    def __init__(self, upstream: tuple[str, int]) -> None:
        self._upstream = upstream
        self._network = _Network()
        self._links: dict[_Link, threading.Thread] = {}
        self._lock = threading.Lock()
        self._listener = socket.create_server((HOST, 0))
        self.tally = self._network.tally
        self.address: tuple[str, int] = (HOST, self._listener.getsockname()[1])

    @property
    def port(self) -> int:
        """Port to connect to."""
        return self.address[1]

    def set_latency(self, seconds: float) -> None:
        """Delay every byte, each way: a round trip takes twice as long."""
        with self._network.changed:
            self._network.latency_s = seconds
            self._network.changed.notify_all()

    def set_rate(self, bytes_per_s: int | None) -> None:
        """Limit each direction of each link; None lifts the limit."""
        with self._network.changed:
            self._network.bytes_per_s = bytes_per_s
            self._network.changed.notify_all()

    def black_hole(self) -> None:
        """Forward nothing and close nothing; up to 4 MiB a direction is held back.

        The proxy's kernel still acknowledges, as a machine does whose process hangs.
        """
        with self._network.changed:
            self._network.forwarding = False
            self._network.changed.notify_all()

    def pass_through(self) -> None:
        """Go back to a perfect network; what was held back goes out, in order."""
        with self._network.changed:
            self._network.latency_s = 0.0
            self._network.bytes_per_s = None
            self._network.forwarding = True
            self._network.changed.notify_all()

    def half_close(self, way: Way) -> None:
        """End one direction with a FIN, dropping what it held; the other goes on."""
        for link in self._current():
            link.end(way)

    def cut(self) -> None:
        """Close both ends of every link, dropping what was held.

        An end that still has bytes for us gets a reset, as from any process that
        closes without reading them.
        """
        self._give_up(resetting=False)

    def reset(self) -> None:
        """Reset both ends of every link."""
        self._give_up(resetting=True)

    def start(self) -> None:
        """Accept, and return; links are served by threads."""
        threading.Thread(target=self._accept_all, daemon=True).start()

    def stop(self) -> None:
        """Stop accepting and cut every link."""
        # Wakes the thread that blocks in accept; closing alone would not.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _current(self) -> dict[_Link, threading.Thread]:
        with self._lock:
            return dict(self._links)

    def _give_up(self, *, resetting: bool) -> None:
        links = self._current()
        for link in links:
            link.give_up(resetting=resetting)
        for thread in links.values():
            thread.join()

    def _accept_all(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self._continue(client)

    def _continue(self, client: socket.socket) -> None:
        try:
            upstream = socket.create_connection(self._upstream, _CONNECT_S)
        except OSError:
            self.tally.add("unreachable")
            _close(client, resetting=True)
            return
        link = _Link(client, upstream, self._network)
        thread = threading.Thread(target=self._serve, args=(link,), daemon=True)
        with self._lock:
            self._links[link] = thread
            thread.start()
        self.tally.add("links")

    def _serve(self, link: _Link) -> None:
        try:
            link.forward()
        finally:
            with self._lock:
                del self._links[link]
            self.tally.add("closed")


def _close(end: socket.socket, *, resetting: bool) -> None:
    if resetting:
        with contextlib.suppress(OSError):
            linger = struct.pack("ii", 1, 0)
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    end.close()
