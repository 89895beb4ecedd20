"""What a sender does, step by step, as one journal of transport and store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import tenacity

from collector_host.delivery.committer import Committer
from collector_host.delivery.items import Block, Level
from collector_host.delivery.levels import LevelPolicy
from collector_host.delivery.queue import Bounds, DeliveryQueue
from collector_host.delivery.sender import Sender
from collector_host.delivery.window import Window, WindowLimits
from collector_host.telemetry.counters import Counters
from fakes.clocks import ManualClock
from fakes.delivery import Journal

if TYPE_CHECKING:
    from collections.abc import Iterable


class Bench:
    """A queue, one sender and a journal, driven in the test's own thread."""

    def __init__(
        self,
        journal: Journal,
        *,
        events: int = 100,
        size_bytes: int = 1000,
        confirm: Level | None = None,
    ) -> None:
        self.clock = ManualClock()
        self.counters = Counters(self.clock)
        self.journal = journal
        self.queue = DeliveryQueue({"devo": True}, Bounds(10**6, 10**6), self.clock, {})
        self.committer = Committer(self.queue, journal, self.counters, self.clock)
        self.window = Window(WindowLimits(5.0, 1, events, size_bytes))
        self.sender = Sender(
            "DevoSender(standard_senders,devo_sender_0)",
            output="devo",
            transport=journal,
            policy=LevelPolicy("devo", confirm, self.clock),
            window=self.window,
            retrying=tenacity.wait_exponential(multiplier=5, max=300),
            queue=self.queue,
            committer=self.committer,
            counters=self.counters,
            clock=self.clock,
        )

    def put(self, texts: Iterable[str]) -> None:
        for text in texts:
            self.queue.put("a.b", "t", Block.of([text.encode()]))

    def save(self, state: int) -> None:
        self.queue.put_barrier("owner", {"n": state})

    def run(self) -> list[str]:
        """Deliver what is queued and end as after a stop; return the journal."""
        self.queue.flush()
        self.sender._ending.clear()
        self.clock.on_wait = self._end_when_idle
        self.sender.run()
        return self.journal.lines

    def _end_when_idle(self, seconds: float) -> None:
        if seconds == pytest.approx(0.2):  # the sender found nothing to do
            self.sender.end()


def test_barrier_commits_after_the_batches_before_it_are_confirmed() -> None:
    """Written is not delivered: the state waits for the confirmation."""
    bench = Bench(Journal())
    bench.put("ab")
    bench.save(2)

    assert bench.run() == [
        "probe",
        "open",
        "write a",
        "write b",
        "confirm close_notify",
        "commit owner {'n': 2}",
    ]


def test_failed_confirmation_commits_nothing_and_sends_all_again() -> None:
    """Everything of the connection goes again, in order, on a fresh one."""
    journal = Journal()
    journal.failures["confirm"] = 1
    bench = Bench(journal)
    bench.put("ab")
    bench.save(2)

    assert bench.run()[1:] == [
        "open",
        "write a",
        "write b",
        "confirm close_notify: failed",
        "abort",
        "open",
        "write a",
        "write b",
        "confirm close_notify",
        "commit owner {'n': 2}",
    ]
    assert bench.counters.snapshot()["messages_resent"] == 2


def test_failed_write_is_part_of_what_goes_again() -> None:
    """The batch whose write failed may be half on the wire: it goes again."""
    journal = Journal()
    bench = Bench(journal)
    bench.put("ab")
    journal.failures["write"] = 1

    assert bench.run()[1:] == [
        "open",
        "write a: failed",
        "abort",
        "open",
        "write a",
        "write b",
        "confirm close_notify",
    ]


def test_window_shrinks_to_a_quarter_and_resends_in_smaller_parts() -> None:
    """After a failure less is written before the next confirmation."""
    journal = Journal()
    journal.failures["confirm"] = 1
    bench = Bench(journal, events=8)
    bench.put("abcdefgh")

    lines = [line for line in bench.run() if line.startswith("confirm")]

    assert lines == ["confirm close_notify: failed"] + ["confirm close_notify"] * 3
    assert bench.window.events == 8


def test_back_off_grows_and_is_reset_only_by_a_confirmation() -> None:
    """A peer that takes everything but never confirms is not flooded."""
    journal = Journal()
    journal.failures["confirm"] = 4
    bench = Bench(journal)
    bench.put("a")

    bench.run()

    back_offs = [wait for wait in bench.clock.waits if wait >= 5]
    assert back_offs == [5, 10, 20, 40]


def test_confirmation_is_due_when_the_next_batch_does_not_fit() -> None:
    """The tail never exceeds its bounds in events or bytes."""
    bench = Bench(Journal(), events=2)
    bench.put("abc")

    assert bench.run()[1:] == [
        "open",
        "write a",
        "write b",
        "confirm close_notify",
        "open",
        "write c",
        "confirm close_notify",
    ]


def test_a_batch_above_all_bounds_goes_alone() -> None:
    """An over-size event is delivered, with nothing else at stake."""
    bench = Bench(Journal(), size_bytes=3)
    bench.put(["a", "large", "b"])

    assert [line for line in bench.run() if not line.startswith("open")] == [
        "probe",
        "write a",
        "confirm close_notify",
        "write large",
        "confirm close_notify",
        "write b",
        "confirm close_notify",
    ]


def test_confirmation_is_due_when_the_oldest_batch_is_old() -> None:
    """Without load a batch is confirmed five seconds after it was written."""
    bench = Bench(Journal())
    bench.put("a")
    bench.clock.on_wait = lambda seconds: (
        bench.sender.end() if seconds == pytest.approx(5) else None
    )
    bench.queue.flush(flushing=False)
    batch = bench.queue.take("devo", 0)
    assert batch
    bench.sender._again.append(batch)

    bench.sender._deliver_connection()

    assert bench.journal.lines[-1] == "confirm close_notify"
    assert bench.clock.waits == [5]


def test_state_that_cannot_be_written_is_tried_again_with_the_newest() -> None:
    """A full disk stops no delivery; the newest state is committed later."""
    journal = Journal()
    journal.failures["commit"] = 1
    bench = Bench(journal, events=1)
    bench.put("a")
    bench.save(1)
    bench.put("b")
    bench.save(2)

    lines = [line for line in bench.run() if line.startswith("commit")]

    assert lines == ["commit owner {'n': 1}: failed", "commit owner {'n': 2}"]


def test_weak_peer_gets_nothing_when_the_setting_asks_for_more() -> None:
    """An explicit level the peer cannot give: nothing is written."""
    bench = Bench(Journal(level=Level.EOF), confirm=Level.CLOSE_NOTIFY)
    bench.put("a")
    bench.sender.end()
    bench.queue.flush()

    bench.sender.run()

    assert bench.journal.lines == ["probe", "abort"]


def test_learned_level_is_what_auto_asks_for() -> None:
    """With `auto` a peer that can only close is believed its close."""
    bench = Bench(Journal(level=Level.EOF))
    bench.put("a")

    assert "confirm eof" in bench.run()


def test_unreachable_receiver_loses_nothing_at_a_stop() -> None:
    """A stop during an outage ends the sender; nothing is committed."""
    journal = Journal()
    journal.failures["probe"] = 10
    bench = Bench(journal)
    bench.put("a")
    bench.save(1)
    bench.sender.end()
    bench.queue.flush()

    bench.sender.run()

    assert journal.disk == {}
    assert bench.queue.unconfirmed == 1
