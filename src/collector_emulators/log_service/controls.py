"""The control routes of the Log Service: what can be asked and turned outside.

It knows names and JSON forms; the work is done by the emulator.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from collector_emulators.accounts import AccessKey
from collector_emulators.clock import format_instant, parse_instant
from collector_emulators.control import read_object
from collector_emulators.faults import Fault
from collector_emulators.log_service.errors import ApiError
from collector_emulators.log_service.record_lines import read_records

if TYPE_CHECKING:
    from collections.abc import Mapping

    from collector_emulators.control import Route
    from collector_emulators.log_service.emulator import LogServiceEmulator


class Controls:
    """The functions behind the routes; each takes a request body."""

    def __init__(self, emulator: LogServiceEmulator) -> None:
        self._up = emulator

    def routes(self) -> Mapping[str, Route]:
        """Return the function of each `METHOD name`."""
        return {
            "POST stores": _refusing(self._post_stores),
            "POST append": _refusing(self._post_append),
            "POST shards": _refusing(self._post_shards),
            "POST split": _refusing(self._post_split),
            "POST merge": _refusing(self._post_merge),
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

    def _post_stores(self, body: bytes) -> object:
        """Make a logstore: `project`, `logstore`, `shards`, `ttl_days`."""
        self._up.create_store(**read_object(body))
        return {}

    def _post_append(self, body: bytes) -> object:
        """Add records: the first line says where, each other one is a record."""
        head, _, rest = body.partition(b"\n")
        where = read_object(head)
        added = self._up.append(records=read_records(rest.split(b"\n")), **where)
        return {"appended": added}

    def _post_shards(self, body: bytes) -> object:
        """Return the shards of a logstore: `project`, `logstore`."""
        return self._up.shards(**read_object(body))

    def _post_split(self, body: bytes) -> object:
        """Split a shard: `project`, `logstore`, `shard`, and if wanted `key`."""
        return {"children": self._up.split(**read_object(body))}

    def _post_merge(self, body: bytes) -> object:
        """Merge a shard with its neighbour: `project`, `logstore`, `shard`."""
        return {"merged": self._up.merge(**read_object(body))}

    def _clock(self, _body: bytes) -> object:
        clock = self._up.data_clock
        return {
            "now": format_instant(clock.seconds()),
            "speed": clock.speed,
            "transport_shift_s": self._up.clock.shift_s,
        }

    def _post_clock(self, body: bytes) -> object:
        """Set `now`, `speed`, `transport_shift_s`, or some of them."""
        wanted = read_object(body)
        now = wanted.get("now")
        instant = None if now is None else parse_instant(now)
        self._up.data_clock.set(instant, speed=wanted.get("speed"))
        shift_s = float(wanted.get("transport_shift_s", self._up.clock.shift_s))
        self._up.clock.shift_s = shift_s
        return self._clock(b"")

    def _knobs(self, _body: bytes) -> object:
        return self._up.knobs.to_json()

    def _post_knobs(self, body: bytes) -> object:
        """Turn the knobs named in the body."""
        self._up.knobs.update(read_object(body))
        return self._knobs(b"")

    def _post_faults(self, body: bytes) -> object:
        """Replace the plan by `faults`, drawn with `seed`."""
        wanted = read_object(body)
        faults = [Fault.from_json(fields) for fields in wanted.get("faults", [])]
        self._up.faults.set(faults, seed=int(wanted.get("seed", 0)))
        return {"faults": len(faults)}

    def _keys(self, _body: bytes) -> object:
        """Return each key's id and state; secrets stay inside."""
        accounts = self._up.accounts
        keys = filter(None, map(accounts.find, accounts.key_ids()))
        return {key.key_id: _key_state(key) for key in keys}

    def _post_keys(self, body: bytes) -> object:
        """Change the key `key_id`, or add it when a `secret` is given."""
        wanted = read_object(body)
        key_id = str(wanted.pop("key_id"))
        if "secret" in wanted:
            self._up.accounts.add(AccessKey(key_id, **wanted))
        else:
            self._up.accounts.change(key_id, **wanted)
        return self._keys(b"")

    def _post_refuse(self, body: bytes) -> object:
        """Cut every connection and refuse new ones for real `seconds`."""
        seconds = float(read_object(body)["seconds"])
        self._up.refuse(seconds)
        return {"seconds": seconds}

    def _requests(self, _body: bytes) -> object:
        """Return the log of requests, without the events they got."""
        return [
            {**asdict(call), "events": call.event_count} for call in self._up.requests()
        ]

    def _counters(self, _body: bytes) -> object:
        """Return how often each event id was in a page that could be read."""
        counts: Counter[str] = Counter()
        for event, count in self._up.ledger.served().items():
            counts[event.event_id] += count
        return counts

    def _summary(self, _body: bytes) -> object:
        return asdict(self._up.ledger.summary())


def _refusing(route: Route) -> Route:
    """Let an error of the service reach the caller as one of the control door."""

    def call(body: bytes) -> object:
        try:
            return route(body)
        except ApiError as err:
            message = f"{err.code}: {err.message}"
            raise ValueError(message) from err

    return call


def _key_state(key: AccessKey) -> dict[str, Any]:
    return {
        "active": key.active,
        "is_temporary": key.is_temporary,
        "expires_at": key.expires_at,
        "denied": dict(key.denied),
    }
