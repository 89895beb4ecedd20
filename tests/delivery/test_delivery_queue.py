"""Order, bounds and back-pressure of the delivery queue."""

from __future__ import annotations

import threading

import pytest

from collector_host.delivery.items import Block
from collector_host.delivery.queue import Bounds, DeliveryQueue
from collector_host.errors import RefusedError
from collector_host.telemetry.counters import Counters
from devocollectorsdk.commons.clock import SystemClock
from fakes.clocks import ManualClock


def _queue(
    *, size_bytes: int = 100, messages: int = 10, **outputs: bool
) -> DeliveryQueue:
    return DeliveryQueue(
        outputs or {"devo": True},
        Bounds(size_bytes, messages),
        ManualClock(),
        {},
    )


def _put(queue: DeliveryQueue, text: bytes) -> None:
    queue.put("a.b", "t", Block.of([text]))


def test_batches_come_out_in_order_for_every_output() -> None:
    """Each output sees every batch once, numbered from 1."""
    queue = _queue(one=True, two=False)
    for text in (b"x", b"y"):
        _put(queue, text)

    for output in ("one", "two"):
        taken = [queue.take(output, 0), queue.take(output, 0), queue.take(output, 0)]
        assert [(b.number, b.messages) if b else None for b in taken] == [
            (1, (b"x",)),
            (2, (b"y",)),
            None,
        ]


@pytest.mark.parametrize(
    "bounds", [{"size_bytes": 10}, {"messages": 2}], ids=["bytes", "messages"]
)
def test_full_queue_makes_the_producer_wait(bounds: dict[str, int]) -> None:
    """A put returns only after a sender made room; nothing is dropped."""
    queue = DeliveryQueue(
        {"devo": True},
        Bounds(bounds.get("size_bytes", 100), bounds.get("messages", 10)),
        SystemClock(),
        {},
    )
    done = threading.Event()

    def produce() -> None:
        for text in (b"12345", b"67890", b"abcde"):
            _put(queue, text)
        done.set()

    producer = threading.Thread(target=produce, daemon=True)
    producer.start()
    first = queue.take("devo", 10)

    assert done.wait(10)
    producer.join(10)
    rest = [queue.take("devo", 10), queue.take("devo", 10)]
    assert [b.messages for b in (first, *rest) if b] == [
        (b"12345",),
        (b"67890",),
        (b"abcde",),
    ]


def test_who_waits_for_room_is_woken_once_for_half_a_queue(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A change of threads for each batch would cost more than the batch."""
    queue = _queue(size_bytes=8)
    for text in (b"12", b"34", b"56", b"78"):
        _put(queue, text)
    left: list[int] = []
    monkeypatch.setattr(
        queue._changed, "notify_all", lambda: left.append(queue.waiting("devo"))
    )

    for _ in range(4):
        queue.take("devo", 0)

    assert left == [2, 1, 0]


def test_a_batch_above_the_bound_is_admitted_alone() -> None:
    """An over-size event must not wait for room that never comes."""
    queue = _queue(size_bytes=10)

    _put(queue, b"x" * 1000)

    assert queue.take("devo", 0) is not None


def test_blocked_producer_says_so_once_a_minute(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The log names the queue and its sizes, at most once in 60 seconds."""
    clock = ManualClock()
    queue = DeliveryQueue({"devo": True}, Bounds(4, 10), clock, {})
    _put(queue, b"1234")
    rounds = iter(range(3))

    def release(_seconds: float) -> None:
        if next(rounds, None) is None:
            assert queue._channels["devo"].pop(
                lookups=True
            )  # a sender in another thread

    clock.on_wait = release

    _put(queue, b"5678")

    lines = [r.getMessage() for r in caplog.records]
    assert len(lines) == len(clock.waits)
    assert lines[0].startswith(
        'Queue "standard_queue", size_bytes(max/current/next): 4/4/4, waiting_at: '
    )


def test_full_optional_output_misses_a_batch_and_counts_it() -> None:
    """A dead optional output never stops progress."""
    counters = {name: Counters(ManualClock()) for name in ("devo", "copy")}
    queue = DeliveryQueue(
        {"devo": True, "copy": False}, Bounds(4, 10), ManualClock(), counters
    )
    _put(queue, b"1234")
    assert queue.take("devo", 0)

    _put(queue, b"5678")

    assert counters["copy"].snapshot()["messages_missed"] == 1
    assert queue.take("devo", 0)


def test_telemetry_is_refused_when_there_is_no_room() -> None:
    """An offer never waits."""
    queue = _queue(size_bytes=4)

    assert queue.offer("a.b", "t", Block.of([b"1234"]))
    assert not queue.offer("a.b", "t", Block.of([b"5"]))


def test_closed_queue_refuses_items_and_barriers() -> None:
    """Too late in a stop an item is refused, so that nothing saves past it."""
    queue = _queue()
    queue.close()

    with pytest.raises(RefusedError):
        _put(queue, b"x")
    with pytest.raises(RefusedError):
        queue.put_barrier("a", {})


def test_barrier_is_ripe_once_its_batches_are_confirmed() -> None:
    """The queue hands out barriers as the ledger's rule says."""
    queue = _queue()
    _put(queue, b"x")
    queue.put_barrier("a", {"n": 1})
    batch = queue.take("devo", 0)
    assert batch
    assert queue.take_ripe() == []

    queue.confirm("devo", [batch.number])

    assert [b.owner for b in queue.take_ripe()] == ["a"]
    assert queue.unconfirmed == 0


def test_one_stuck_batch_bounds_what_is_confirmed_behind_it() -> None:
    """With several senders a stuck one must not let numbers grow without end."""
    queue = DeliveryQueue({"devo": True}, Bounds(10**6, 5), ManualClock(), {})
    _put(queue, b"stuck")
    assert queue.take("devo", 0)
    taken = 1
    while queue.offer("a.b", "t", Block.of([b"x"])):
        batch = queue.take("devo", 0)
        assert batch
        queue.confirm("devo", [batch.number])
        taken += 1

    assert taken == 10

    queue.confirm("devo", [1])
    assert queue.offer("a.b", "t", Block.of([b"x"]))
