"""The unmodified vendor SDK, pointed at an emulator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alibabacloud_actiontrail20200706.client import Client
from alibabacloud_actiontrail20200706.models import LookupEventsRequest
from alibabacloud_tea_openapi.models import Config

from collector_emulators.accounts import EXAMPLE_KEY_ID, EXAMPLE_KEY_SECRET
from collector_emulators.clock import format_instant

if TYPE_CHECKING:
    from collector_emulators.actiontrail import ActionTrailEmulator

NOW = 1_767_225_600.0  # 2026-01-01T00:00:00Z


def make_client(emulator: ActionTrailEmulator, **config: Any) -> Client:
    """Return an SDK client with the example key, unless `config` says otherwise."""
    settings = {
        "access_key_id": EXAMPLE_KEY_ID,
        "access_key_secret": EXAMPLE_KEY_SECRET,
        "endpoint": emulator.endpoint,
        "protocol": "HTTP",
        **config,
    }
    return Client(Config(**settings))


def lookup(client: Client, **parameters: Any) -> Any:
    """Return the body of one LookupEvents call over the day before `NOW`."""
    window = {
        "direction": "FORWARD",
        "start_time": format_instant(NOW - 86_400),
        "end_time": format_instant(NOW),
        "max_results": "50",
    }
    wanted = {k: v for k, v in {**window, **parameters}.items() if v is not None}
    return client.lookup_events(LookupEventsRequest(**wanted)).body


def read_all(client: Client, **parameters: Any) -> list[Any]:
    """Return the events of all pages, in the order they came."""
    body = lookup(client, **parameters)
    events = list(body.events)
    while body.next_token:
        body = lookup(client, **parameters, next_token=body.next_token)
        events += body.events
    return events


def event(event_id: str, ago_s: float, **fields: Any) -> dict[str, Any]:
    """Return a small event that happened `ago_s` seconds before `NOW`."""
    time = format_instant(NOW - ago_s)
    return {"eventId": event_id, "eventTime": time, "eventName": "Read", **fields}
