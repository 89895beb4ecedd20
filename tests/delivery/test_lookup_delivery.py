"""Parts of lookups on their way through queue and senders."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
import tenacity

from collector_host.delivery.committer import Committer
from collector_host.delivery.items import Batch, Block, Draft, LookupPart
from collector_host.delivery.levels import LevelPolicy
from collector_host.delivery.lookups import LookupQueue, Lookups
from collector_host.delivery.messages import MessageRules
from collector_host.delivery.owner import Owner
from collector_host.delivery.queue import Bounds, DeliveryQueue
from collector_host.delivery.sender import Sender
from collector_host.delivery.window import Window, WindowLimits
from collector_host.errors import UnsendableError
from collector_host.telemetry.counters import Counters
from devocollectorsdk.commons.clock import SystemClock
from devocollectorsdk.message.message import Message
from fakes.clocks import ManualClock
from fakes.delivery import Journal
from support.lookups import create, printers

if TYPE_CHECKING:
    from collections.abc import Mapping


class SlowJournal(Journal):
    """A receiver that needs ten seconds for each batch."""

    clock: ManualClock

    def write(self, batch: Batch) -> None:
        super().write(batch)
        self.clock.advance(10)


class Bench:
    """A queue in front of one sender, driven in the test's own thread."""

    def __init__(
        self, journal: Journal, *, events: int = 100, size_bytes: int = 1000
    ) -> None:
        self.clock = ManualClock()
        counters = Counters(self.clock)
        self.journal = journal
        self.queue = DeliveryQueue({"devo": True}, Bounds(10**6, 10**6), self.clock, {})
        committer = Committer(self.queue, journal, counters, self.clock)
        self.sender = Sender(
            "DevoSender(standard_senders,devo_sender_0)",
            output="devo",
            transport=journal,
            policy=LevelPolicy("devo", None, self.clock),
            window=Window(WindowLimits(5.0, 1, events, size_bytes)),
            retrying=tenacity.wait_exponential(multiplier=5, max=300),
            queue=self.queue,
            committer=committer,
            counters=counters,
            clock=self.clock,
        )

    def put(self, text: str) -> None:
        self.queue.put("a.b", "t", Block.of([text.encode()]))

    def run(self) -> list[str]:
        """Deliver what is queued and end; return the journal without the probe."""
        self.queue.flush()
        self.clock.on_wait = lambda _seconds: self.sender.end()
        self.sender.run()
        return [line for line in self.journal.lines if line != "probe"]


def _part(*texts: str, upload: str = "1", is_last: bool = True) -> LookupPart:
    drafts = tuple(
        Draft("my.lookup.data.x", "t", Block.of([text.encode()])) for text in texts
    )
    return LookupPart(upload, drafts, is_last)


def _queue(
    outputs: Mapping[str, bool],
    *without: str,
    bounds: Bounds | None = None,
    clock: Any = None,
) -> tuple[DeliveryQueue, dict[str, Counters]]:
    clock = clock or ManualClock()
    counters = {name: Counters(clock) for name in outputs}
    bounds = bounds or Bounds(1000, 100)
    return DeliveryQueue(outputs, bounds, clock, counters, without), counters


def _drain(queue: DeliveryQueue, output: str, *, lookups: bool = True) -> list[str]:
    found: list[str] = []
    while batch := queue.take(output, 0, lookups=lookups):
        found += [message.decode() for message in batch.messages]
    return found


def test_part_goes_over_one_connection_whatever_its_number_of_events() -> None:
    """The window, here of two events, ends behind it."""
    bench = Bench(Journal(), events=2)
    bench.put("a")
    bench.queue.put_lookup(_part("start", "1", "2", "end"))
    bench.put("b")

    assert bench.run() == [
        "open", "write a", "write start", "write 1", "write 2", "write end",
        "confirm close_notify", "open", "write b", "confirm close_notify",
    ]  # fmt: skip


def test_part_is_not_begun_where_it_would_not_end() -> None:
    """What does not fit beside the messages before it has a connection of its own."""
    bench = Bench(Journal(), size_bytes=12)
    bench.put("aaaa")
    bench.queue.put_lookup(_part("start", "1", "end"))

    assert bench.run() == [
        "open", "write aaaa", "confirm close_notify",
        "open", "write start", "write 1", "write end", "confirm close_notify",
    ]  # fmt: skip


def test_part_is_not_parted_for_its_age() -> None:
    """A slow receiver does not part it either; what is not of it waits."""
    journal = SlowJournal()
    bench = Bench(journal)
    journal.clock = bench.clock
    bench.queue.put_lookup(_part("start", "1", "end"))
    bench.put("b")

    assert bench.run()[:5] == [
        "open", "write start", "write 1", "write end", "confirm close_notify",
    ]  # fmt: skip


def test_part_larger_than_a_window_is_parted_and_still_delivered() -> None:
    """A window configured smaller than the part wins; the order is kept."""
    bench = Bench(Journal(), size_bytes=8)
    bench.queue.put_lookup(_part("start", "1", "2", "end"))

    assert bench.run() == [
        "open", "write start", "confirm close_notify",
        "open", "write 1", "write 2", "write end", "confirm close_notify",
    ]  # fmt: skip


@pytest.mark.parametrize("broken", ["write", "confirm"])
def test_part_goes_again_from_its_start(broken: str) -> None:
    """The state behind it is committed when the end of the upload is confirmed."""
    journal = Journal()
    bench = Bench(journal, events=4)
    bench.put("a")
    bench.queue.put_lookup(_part("start", "1", "end"))
    bench.queue.put_barrier("owner", {"n": 1})
    journal.failures[broken] = 1

    lines = bench.run()

    again = lines[lines.index("abort") + 1 :]
    assert again == [
        "open", "write a", "confirm close_notify",
        "open", "write start", "write 1", "write end", "confirm close_notify",
        "commit owner {'n': 1}",
    ]  # fmt: skip
    assert not any(line.startswith("commit") for line in lines[: -len(again)])


def test_only_the_first_sender_takes_lookups() -> None:
    """The others pass them by, so that their order stays whatever their number."""
    queue, _ = _queue({"devo": True})
    queue.put("a.b", "t", Block.of([b"a"]))
    queue.put_lookup(_part("start", "end"))
    queue.put("a.b", "t", Block.of([b"b"]))
    queue.put_lookup(_part("start2", "end2"))

    assert queue.waiting_lookups() == 4
    assert _drain(queue, "devo", lookups=False) == ["a", "b"]
    assert queue.take("devo", 0, lookups=False) is None
    assert _drain(queue, "devo") == ["start", "end", "start2", "end2"]
    assert queue.waiting_lookups() == queue.waiting() == 0


def test_output_without_lookups_neither_gets_them_nor_holds_states_up() -> None:
    """A state waits for the outputs that take the lookup, and for no other."""
    queue, counters = _queue({"devo": True, "syslog": True}, "syslog")
    queue.put_lookup(_part("start", "end"))
    queue.put_barrier("owner", {"n": 1})

    assert _drain(queue, "syslog") == []
    assert queue.take_ripe() == []
    queue.confirm("devo", [1])
    assert queue.take_ripe() == []
    queue.confirm("devo", [2])
    assert [barrier.state for barrier in queue.take_ripe()] == [{"n": 1}]
    assert counters["syslog"].snapshot()["messages_missed"] == 0


def test_optional_output_gets_an_upload_with_its_end_or_not() -> None:
    """Where a part is missed the rest is missed: the lookup stays as it was."""
    queue, counters = _queue({"devo": True, "copy": False}, bounds=Bounds(1000, 4))

    queue.put_lookup(_part("start", "1", "2", is_last=False))
    _drain(queue, "devo")
    queue.put_lookup(_part("3", "4", is_last=False))  # there is no room for it
    _drain(queue, "devo")
    assert _drain(queue, "copy") == ["start", "1", "2"]
    queue.put_lookup(_part("end"))
    queue.put_lookup(_part("start2", "end2", upload="2"))

    assert _drain(queue, "copy") == ["start2", "end2"]
    assert _drain(queue, "devo") == ["end", "start2", "end2"]
    assert counters["copy"].snapshot()["messages_missed"] == 3


class Announcing(SystemClock):
    """Says when a thread waits for room; the lock is let go only in the wait."""

    def __init__(self) -> None:
        self.waiting = threading.Semaphore(0)

    def wait_notified(
        self, condition: threading.Condition, timeout_s: float | None
    ) -> bool:
        self.waiting.release()
        return super().wait_notified(condition, timeout_s)


def test_part_above_all_bounds_is_not_overtaken_for_ever() -> None:
    """What comes later waits behind it, telemetry is dropped, and so it gets in."""
    clock = Announcing()
    queue, _ = _queue({"devo": True}, bounds=Bounds(1000, 2), clock=clock)
    queue.put("a.b", "t", Block.of([b"a"]))
    later = Block.of([b"b"])
    calls = [
        lambda: queue.put_lookup(_part("start", "1", "end")),
        lambda: queue.put("a.b", "t", later),
    ]
    threads = [threading.Thread(target=call, daemon=True) for call in calls]
    for thread in threads:
        thread.start()
        assert clock.waiting.acquire(timeout=10)

    assert not queue.offer("a.b", "t", later)
    texts: list[bytes] = []
    while len(texts) < 5 and (batch := queue.take("devo", 10)):
        texts += batch.messages
        queue.confirm("devo", [batch.number])

    for thread in threads:
        thread.join(10)
    assert texts == [b"a", b"start", b"1", b"end", b"b"]


class Door:
    """An owner with both queues of a module."""

    def __init__(self, *without: str) -> None:
        clock = ManualClock()
        counters = Counters(clock)
        self.queue, _ = _queue({"devo": True}, *without, bounds=Bounds(9999, 99))
        self.journal = Journal()
        rules = MessageRules(1000, counters)
        self.lookups = Lookups(rules, ["devo"], without)
        self.output_queue = Owner(
            "me",
            None,
            queue=self.queue,
            committer=Committer(self.queue, self.journal, counters, clock),
            rules=rules,
            lookups=self.lookups,
        )
        self.lookup_queue = LookupQueue(self.output_queue)


def _message(text: str) -> Message:
    return Message("t", "my.app.a.b", text)


def test_order_is_kept_over_both_queues_and_every_kind_of_item() -> None:
    """A message, a list, a job, a list of jobs, a mixed list: as they were put."""
    door = Door()
    door.output_queue.put(_message("m1"))
    door.lookup_queue.put(create([["r1", 1]]))
    door.output_queue.put([_message("m2"), create([["r2", 2]]), _message("m3")])
    door.lookup_queue.put([create([["r3", 3]]), create([["r4", 4]])])
    door.lookup_queue.put(_message("m4"))
    door.output_queue.put(create([["r5", 5]], end=False))

    assert door.lookup_queue.qsize() == 14
    assert door.output_queue.qsize() == 18
    texts = [t.rpartition("|")[2].partition(",")[0] for t in _drain(door.queue, "devo")]
    assert [text for text in texts if not text.startswith("[")] == [
        "m1", '"r1"', "m2", '"r2"', "m3", '"r3"', '"r4"', "m4", '"r5"',
    ]  # fmt: skip


def test_state_saved_amid_an_upload_is_not_committed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Who went on from it would end an upload that never began; it is said once."""
    door = Door()
    owner = door.output_queue

    def deliver() -> None:
        while batch := door.queue.take("devo", 0):
            door.queue.confirm("devo", [batch.number])

    factory = printers([["a", 1]])
    owner.put(factory.create_job_to_initialize_items(send_start=True, send_end=False))
    owner.stage({"page": 1})
    owner.put(factory.create_job_to_initialize_items(send_start=False, send_end=False))
    owner.stage({"page": 2})
    deliver()

    assert owner.staged() == {"page": 2}
    assert door.queue.take_ripe() == []
    assert [record.getMessage()[:40] for record in caplog.records] == [
        "me saved its state between the start and"
    ]
    owner.put(factory.create_job_to_initialize_items(send_start=False, send_end=True))
    owner.stage({"page": 3})
    assert door.queue.take_ripe() == []
    deliver()
    assert [barrier.state for barrier in door.queue.take_ripe()] == [{"page": 3}]


def test_upload_that_was_given_up_holds_no_state_up() -> None:
    """A new start takes its place, and a module built anew has none."""
    door = Door()
    owner = door.output_queue
    owner.put(create([["a", 1]], end=False))
    owner.put(create([["a", 1]]))
    owner.stage({"n": 1})
    owner.put(create([["b", 1]], end=False))
    owner.restart()
    owner.stage({"n": 2})

    door.queue.confirm("devo", range(1, 20))

    assert [barrier.state for barrier in door.queue.take_ripe()] == [{"n": 2}]


def test_job_that_cannot_be_sent_is_said_to_be_stepped_over(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Nothing of its part is queued; the module was told and may save."""
    door = Door()

    with pytest.raises(UnsendableError, match="too large a row"):
        door.lookup_queue.put(create([["x" * 1000, 1]]))
    door.output_queue.stage({"n": 1})

    assert _drain(door.queue, "devo") == []
    assert "1 item(s) that cannot be sent" in caplog.text


def test_wrong_arguments_of_a_module_are_noted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The send method says so to the queue before it raises."""
    door = Door()

    door.lookup_queue.unsendable("no factory")
    door.output_queue.stage({"n": 1})

    assert "cannot be sent (no factory)" in caplog.text


def test_outputs_that_take_no_lookups_are_named_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Where no output takes them that is an error, and yet stops nothing."""
    door = Door("devo")

    door.lookup_queue.put(create([["a", 1]]))
    door.lookup_queue.put(create([["b", 2]]))
    door.output_queue.stage({"n": 1})

    assert [(r.levelname, r.getMessage()[:31]) for r in caplog.records] == [
        ("WARNING", 'Output "devo" takes no lookups:'),
        ("ERROR", "No output takes lookups: what m"),
    ]
    assert door.journal.disk == {"me": {"n": 1}}
    assert door.lookups.lost == 2


def test_lookups_that_some_output_takes_are_not_lost() -> None:
    """However many others do not."""
    rules = MessageRules(1000, Counters(ManualClock()))
    lookups = Lookups(rules, ["devo", "plain"], ["plain"])

    list(lookups.parts(create([["a", 1]])))

    assert lookups.lost == 0
