"""The life of one connection: handshake, read, store, and only then answer.

Without TLS there is no handshake, and a bare FIN is every goodbye.

It knows neither the listening socket nor how a ledger keeps messages.
"""

from __future__ import annotations

import functools
import logging
import os
import signal
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Literal, TypeVar

from collector_emulators.relay import tls
from collector_emulators.relay.faults import (
    Action,
    Fault,
    FaultPlan,
    Moment,
    Progress,
)
from collector_emulators.relay.framing import FramingError, Unframer
from collector_emulators.relay.ledger import UNPARSED, Ledger, Stored, parse_record

if TYPE_CHECKING:
    import socket
    import ssl
    from collections.abc import Callable, Mapping

    from collector_emulators.relay.gate import Gate
    from collector_emulators.relay.tally import Tally

_log = logging.getLogger(__name__)

_T = TypeVar("_T")

READ_BYTES: Final = 65_536
_LINGER_S: Final = 2.0
_SLICES_PER_S: Final = 20
_LOOK_UP_S: Final = 0.1
_BABBLE: Final = b"nobody asked for this\n"

Count = Literal[
    "connections",  # accepted
    "handshakes_failed",  # ended before TLS was up
    "handshakes",  # TLS is up, the client's certificate was accepted
    "bytes_read",  # payload
    "events",  # messages stored
    "unparsed",  # of those, without a usable header
    "fragments",  # records broken off by the end of a connection; not stored
    "faults",  # faults met
    "stalled",  # of those, stalls begun
    "ended_by_close_notify",  # the peer said goodbye in TLS
    "ended_by_eof",  # the peer sent a bare FIN
    "ended_by_break",  # reset, TLS error or damaged framing
    "closed",  # connections that are over
]


class Answer(StrEnum):
    """What the relay gives to a peer that closed, once everything is stored."""

    CLOSE_NOTIFY = "close_notify"
    """close_notify, then FIN: what Python's ssl and rsyslog's ossl driver do. Without
    TLS a bare FIN."""
    EOF = "eof"
    """A bare FIN, as rsyslog's gtls driver does."""
    MUTE = "mute"
    """Nothing, until released or stopped."""


ANSWERS: Final = {
    Answer.CLOSE_NOTIFY: Fault(Action.CLOSE, Moment.CLOSING),
    Answer.EOF: Fault(Action.FIN, Moment.CLOSING),
    Answer.MUTE: Fault(Action.STALL, Moment.CLOSING),
}


@dataclass(frozen=True, slots=True)
class House:
    """What all connections of a relay share.

    Attributes:
        contexts: TLS context for each handshake action; None is the good one. None in
            place of all of them is plain TCP.
    """

    contexts: Mapping[Action | None, ssl.SSLContext] | None
    ledger: Ledger
    plan: FaultPlan
    gate: Gate
    tally: Tally[Count]
    answer: Answer


class _OverError(Exception):
    """A fault ended the connection."""


class Connection:
    """One accepted connection, served by one thread.

    Args:
        accepted: TCP is up, nothing was read.
        number: From 1, in the order of accepting.
        house: What it shares with its neighbours.
    """

    def __init__(self, accepted: socket.socket, number: int, house: House) -> None:
        self._socket = accepted
        self._house = house
        self._progress = Progress(number)
        self._unframer = Unframer()
        self._handshake_action: Action | None = None
        self._bytes_per_s: int | None = None
        self._dropping = False

    def serve(self) -> None:
        """Live through all four moments; never raises, always closes."""
        self._house.tally.add("connections")
        try:
            self._live()
        except _OverError:
            pass
        except OSError:
            _log.exception("connection %d: cannot store", self._progress.connection)
        finally:
            self._socket.close()
            self._house.tally.add("closed")

    def _live(self) -> None:
        self._meet(Moment.ACCEPTED)
        connection = self._begin()
        if connection and self._store_to_end(connection):
            self._meet(Moment.CLOSING)
            answer = Answer.EOF if self._dropping else self._house.answer
            self._carry_out(ANSWERS[answer])

    def _begin(self) -> socket.socket | None:
        """Return what to read from, or None when there will be nothing."""
        if self._house.contexts is None:
            self._socket.settimeout(_LOOK_UP_S)
            return self._socket
        return self._shake_hands(self._house.contexts[self._handshake_action])

    def _shake_hands(self, context: ssl.SSLContext) -> ssl.SSLSocket | None:
        """Return the TLS connection, or None when there will be none."""
        try:
            self._socket = connection = context.wrap_socket(
                self._socket,
                server_side=True,
                do_handshake_on_connect=False,
                suppress_ragged_eofs=False,
            )
            connection.settimeout(_LOOK_UP_S)
            self._until_stopped(connection.do_handshake)
        except OSError as err:
            _log.info("connection %d: no TLS: %s", self._progress.connection, err)
            self._house.tally.add("handshakes_failed")
            tls.send_fin(self._socket)
            tls.discard_raw(self._socket, _LINGER_S)
            return None
        self._house.tally.add("handshakes")
        return connection

    def _store_to_end(self, connection: socket.socket) -> bool:
        """Store everything; True when the peer closed and is owed an answer."""
        try:
            return self._read_to_end(connection)
        finally:
            if self._unframer.broken_off:
                self._house.tally.add("fragments")

    def _read_to_end(self, connection: socket.socket) -> bool:
        while True:
            read = functools.partial(connection.recv, self._read_bytes())
            try:
                data = self._until_stopped(read)
                if not data:
                    self._house.tally.add(self._goodbye())
                    return True
                entries = self._parse(data)
            except OSError as err:
                return self._ended_without_goodbye(err)
            except FramingError as err:
                return self._broken(err)
            self._store(entries, len(data))

    def _goodbye(self) -> Count:
        """Say what an orderly end of the stream was."""
        plain = self._house.contexts is None
        return "ended_by_eof" if plain else "ended_by_close_notify"

    def _until_stopped(self, read: Callable[[], _T]) -> _T:
        """Try again after every timeout, but not once the relay is stopping."""
        while True:
            try:
                return read()
            except TimeoutError:
                if self._house.gate.is_open:
                    raise _OverError from None

    def _parse(self, data: bytes) -> list[Stored]:
        number = self._progress.connection
        return [parse_record(number, record) for record in self._unframer.feed(data)]

    def _store(self, entries: list[Stored], size: int) -> None:
        self._progress.bytes_read += size
        self._house.tally.add("bytes_read", size)
        self._meet(Moment.READ)
        if entries and not self._dropping:
            self._house.ledger.append(entries)
            self._progress.events_stored += len(entries)
            self._house.tally.add("events", len(entries))
            unparsed = sum(entry.tag == UNPARSED for entry in entries)
            self._house.tally.add("unparsed", unparsed)
        self._meet(Moment.STORED)
        if self._bytes_per_s:
            self._house.gate.pause(size / self._bytes_per_s)

    def _read_bytes(self) -> int:
        if self._bytes_per_s is None:
            return READ_BYTES
        return max(1, min(READ_BYTES, self._bytes_per_s // _SLICES_PER_S))

    def _ended_without_goodbye(self, err: OSError) -> bool:
        if not tls.is_fin(err):
            return self._broken(err)
        self._house.tally.add("ended_by_eof")
        return True

    def _broken(self, err: Exception) -> bool:
        _log.info("connection %d: broke: %s", self._progress.connection, err)
        self._house.tally.add("ended_by_break")
        return False

    def _meet(self, moment: Moment) -> None:
        for fault in self._house.plan.due(moment, self._progress):
            _log.info("connection %d: %s", self._progress.connection, fault)
            self._house.tally.add("faults")
            self._carry_out(fault)

    def _carry_out(self, fault: Fault) -> None:
        match fault.action:
            case Action.KILL:
                os.kill(os.getpid(), signal.SIGKILL)
            case Action.STALL:
                self._house.tally.add("stalled")
                self._house.gate.wait(fault.seconds)
            case Action.SLOW:
                self._bytes_per_s = fault.bytes_per_s
            case Action.DROP:
                self._dropping = True
            case Action.BABBLE:
                tls.send_anyway(self._socket, _BABBLE)
            case Action.RESET | Action.FIN | Action.CLOSE:
                self._end(fault.action)
            case Action.REFUSE | Action.EXPIRED | Action.MISNAMED:
                self._handshake_action = fault.action

    def _end(self, action: Action) -> None:
        if action is Action.RESET:
            tls.reset(self._socket)
            raise _OverError
        if action is Action.CLOSE:
            tls.send_close_notify(self._socket)
        tls.send_fin(self._socket)
        tls.wait_for_leave(self._socket, lambda: self._house.gate.is_open)
        raise _OverError
