"""The control routes of ActionTrail: what can be asked and turned from outside.

It knows names and JSON forms; the work is done by the parts.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from collector_emulators.accounts import AccessKey
from collector_emulators.clock import format_instant, parse_instant
from collector_emulators.control import read_object
from collector_emulators.events import read_events
from collector_emulators.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from collector_emulators.actiontrail.service import Parts
    from collector_emulators.control import Route
    from collector_emulators.events import Timed


class Controls:
    """The functions behind the routes; each takes a request body."""

    def __init__(
        self,
        parts: Parts,
        load: Callable[[Iterable[Timed]], int],
        refuse: Callable[[float], None],
    ) -> None:
        self._parts = parts
        self._load = load
        self._refuse = refuse

    def routes(self) -> Mapping[str, Route]:
        """Return the function of each `METHOD name`."""
        return {
            "POST events": self._post_events,
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

    def _post_events(self, body: bytes) -> object:
        """Load events, one a line."""
        kept = self._load(read_events(body.split(b"\n")))
        return {"loaded": kept, "stored": len(self._parts.store)}

    def _clock(self, _body: bytes) -> object:
        clock = self._parts.data_clock
        return {
            "now": format_instant(clock.seconds()),
            "speed": clock.speed,
            "transport_shift_s": self._parts.clock.shift_s,
        }

    def _post_clock(self, body: bytes) -> object:
        """Set `now`, `speed`, `transport_shift_s`, or some of them."""
        wanted = read_object(body)
        now = wanted.get("now")
        instant = None if now is None else parse_instant(now)
        self._parts.data_clock.set(instant, speed=wanted.get("speed"))
        shift_s = float(wanted.get("transport_shift_s", self._parts.clock.shift_s))
        self._parts.clock.shift_s = shift_s
        return self._clock(b"")

    def _knobs(self, _body: bytes) -> object:
        return self._parts.knobs.to_json()

    def _post_knobs(self, body: bytes) -> object:
        """Turn the knobs named in the body."""
        self._parts.knobs.update(read_object(body))
        return self._knobs(b"")

    def _post_faults(self, body: bytes) -> object:
        """Replace the plan by `faults`, drawn with `seed`."""
        wanted = read_object(body)
        faults = [Fault.from_json(fields) for fields in wanted.get("faults", [])]
        self._parts.faults.set(faults, seed=int(wanted.get("seed", 0)))
        return {"faults": len(faults)}

    def _keys(self, _body: bytes) -> object:
        """Return each key's id and state; secrets stay inside."""
        accounts = self._parts.accounts
        keys = filter(None, map(accounts.find, accounts.key_ids()))
        return {key.key_id: _key_state(key) for key in keys}

    def _post_keys(self, body: bytes) -> object:
        """Change the key `key_id`, or add it when a `secret` is given."""
        wanted = read_object(body)
        key_id = str(wanted.pop("key_id"))
        if "secret" in wanted:
            self._parts.accounts.add(AccessKey(key_id, **wanted))
        else:
            self._parts.accounts.change(key_id, **wanted)
        return self._keys(b"")

    def _post_refuse(self, body: bytes) -> object:
        """Cut every connection and refuse new ones for real `seconds`."""
        seconds = float(read_object(body)["seconds"])
        self._refuse(seconds)
        return {"seconds": seconds}

    def _requests(self, _body: bytes) -> object:
        """Return the log of requests, without the events they got."""
        return [
            {**asdict(call), "events": len(call.events)}
            for call in self._parts.ledger.calls()
        ]

    def _counters(self, _body: bytes) -> object:
        """Return how often each event id was in a page that could be read."""
        counts: Counter[str] = Counter()
        for event, count in self._parts.ledger.served().items():
            counts[event.event_id] += count
        return counts

    def _summary(self, _body: bytes) -> object:
        return asdict(self._parts.ledger.summary())


def _key_state(key: AccessKey) -> dict[str, Any]:
    return {
        "active": key.active,
        "is_temporary": key.is_temporary,
        "expires_at": key.expires_at,
        "denied": dict(key.denied),
    }
