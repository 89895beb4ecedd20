"""Lines in the form of the SDK's newer versions."""

from __future__ import annotations

from datetime import timedelta

from collector_host.telemetry.counters import Counters
from collector_host.telemetry.statistics import (
    metric_fields,
    sdk_sender_lines,
    sender_status_line,
)
from collector_host.telemetry.waits import Waits
from devocollectorsdk.commons.collector_utils import CollectorUtils
from fakes.clocks import ManualClock


def test_sender_line_has_messages_and_bytes() -> None:
    """The total since the start; messages, bytes and time since the last line."""
    clock = ManualClock()
    counters = Counters(clock)
    counters.add("messages_sent", 5)
    before = counters.snapshot()
    clock.advance(timedelta(minutes=5).total_seconds())
    counters.add("messages_sent", 2)
    counters.add("bytes_sent", 70)
    counters.add("sending_us", 1500)

    lines = sdk_sender_lines(
        "Standard", before, counters.snapshot(), senders=1, queue_size=3
    )

    assert lines == (
        "Number of available senders: 1, sender manager internal queue size: 3",
        (
            "Standard - Total number of messages: 7 messages/bytes sent since"
            ' "2023-01-10T00:00:00.000000+00:00": 2/70, (elapsed 0.002 seconds)'
        ),
    )


def test_status_of_a_sender_is_json() -> None:
    """Its name stands before it."""
    assert sender_status_line("A(b)", {"alive": True}) == (
        'Sender: A(b), status: {"alive": true}'
    )


def test_waits_are_summed_up_once() -> None:
    """Count, extremes and mean; then it begins anew."""
    waits = Waits()
    for seconds in (2.0, 0.5, 3.5):
        waits.add(seconds)

    assert waits.take() == {"count": 3, "min": 0.5, "max": 3.5, "avg": 2.0}
    assert waits.take() == {"count": 0, "min": 0.0, "max": 0.0, "avg": 0.0}


def test_metric_tells_what_was_sent_since() -> None:
    """Messages and bytes of the time in between, and when it began."""
    clock = ManualClock()
    counters = Counters(clock)
    counters.add("messages_sent", 5)
    before = counters.snapshot()
    clock.advance(300)
    counters.add("messages_sent", 2)
    counters.add("bytes_sent", 70)

    fields = metric_fields(before, counters.snapshot())

    assert fields["msg_sent"] == {
        "part_counter": 2,
        "part_bytes": 70,
        "since_ts": 1673308800000,
    }
    assert fields["col_name"] == CollectorUtils.collector_name
