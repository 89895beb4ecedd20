"""The control routes that every emulator of a service has.

It knows names and JSON forms; what is asked and turned are the emulator's own parts.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Protocol

from collector_emulators.accounts import AccessKey
from collector_emulators.clock import format_instant, parse_instant
from collector_emulators.control import read_object
from collector_emulators.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from collector_emulators.accounts import Accounts
    from collector_emulators.clock import DataClock, TransportClock
    from collector_emulators.control import Route
    from collector_emulators.faults import FaultPlan
    from collector_emulators.knobs import TurnableKnobs
    from collector_emulators.ledger import Ledger


class Turned(Protocol):
    """An emulator, as far as these routes need it."""

    accounts: Accounts
    clock: TransportClock
    data_clock: DataClock
    faults: FaultPlan
    ledger: Ledger

    @property
    def knobs(self) -> TurnableKnobs:
        """Settings of the service."""
        ...

    def refuse(self, seconds: float) -> None:
        """Cut every connection and refuse new ones for real `seconds`."""
        ...


class StandardControls:
    """The functions behind the routes; each takes a request body."""

    def __init__(self, turned: Turned) -> None:
        self._turned = turned

    def routes(self) -> Mapping[str, Route]:
        """Return the function of each `METHOD name`."""
        return {
            "GET clock": self._clock,
            "POST clock": self._post_clock,
            "GET knobs": self._knobs,
            "POST knobs": self._post_knobs,
            "POST faults": self._post_faults,
            "GET keys": self._keys,
            "POST keys": self._post_keys,
            "POST refuse": self._post_refuse,
            "GET requests": self._requests,
            "GET counters": self._counters,
            "GET summary": self._summary,
        }

    def _clock(self, _body: bytes) -> object:
        clock = self._turned.data_clock
        return {
            "now": format_instant(clock.seconds()),
            "speed": clock.speed,
            "transport_shift_s": self._turned.clock.shift_s,
        }

    def _post_clock(self, body: bytes) -> object:
        """Set `now`, `speed`, `transport_shift_s`, or some of them."""
        wanted = read_object(body)
        now = wanted.get("now")
        instant = None if now is None else parse_instant(now)
        self._turned.data_clock.set(instant, speed=wanted.get("speed"))
        shift_s = float(wanted.get("transport_shift_s", self._turned.clock.shift_s))
        self._turned.clock.shift_s = shift_s
        return self._clock(b"")

    def _knobs(self, _body: bytes) -> object:
        return self._turned.knobs.to_json()

    def _post_knobs(self, body: bytes) -> object:
        """Turn the knobs named in the body."""
        self._turned.knobs.update(read_object(body))
        return self._knobs(b"")

    def _post_faults(self, body: bytes) -> object:
        """Replace the plan by `faults`, drawn with `seed`."""
        wanted = read_object(body)
        faults = [Fault.from_json(fields) for fields in wanted.get("faults", [])]
        self._turned.faults.set(faults, seed=int(wanted.get("seed", 0)))
        return {"faults": len(faults)}

    def _keys(self, _body: bytes) -> object:
        """Return each key's id and state; secrets stay inside."""
        accounts = self._turned.accounts
        keys = filter(None, map(accounts.find, accounts.key_ids()))
        return {key.key_id: _key_state(key) for key in keys}

    def _post_keys(self, body: bytes) -> object:
        """Change the key `key_id`, or add it when a `secret` is given."""
        wanted = read_object(body)
        key_id = str(wanted.pop("key_id"))
        if "secret" in wanted:
            self._turned.accounts.add(AccessKey(key_id, **wanted))
        else:
            self._turned.accounts.change(key_id, **wanted)
        return self._keys(b"")

    def _post_refuse(self, body: bytes) -> object:
        """Cut every connection and refuse new ones for real `seconds`."""
        seconds = float(read_object(body)["seconds"])
        self._turned.refuse(seconds)
        return {"seconds": seconds}

    def _requests(self, _body: bytes) -> object:
        """Return the log of requests, without the events they got."""
        return [
            {**asdict(call), "events": call.event_count}
            for call in self._turned.ledger.calls()
        ]

    def _counters(self, _body: bytes) -> object:
        """Return how often each event id was in a page that could be read."""
        counts: Counter[str] = Counter()
        for event, count in self._turned.ledger.served().items():
            counts[event.event_id] += count
        return counts

    def _summary(self, _body: bytes) -> object:
        return asdict(self._turned.ledger.summary())


def _key_state(key: AccessKey) -> dict[str, Any]:
    return {
        "active": key.active,
        "is_temporary": key.is_temporary,
        "expires_at": key.expires_at,
        "denied": dict(key.denied),
    }
