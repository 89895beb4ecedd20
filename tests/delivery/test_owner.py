"""A module's door into delivery: what it sends and saves, in one order."""

from __future__ import annotations

from typing import Any

import pytest

from collector_host.delivery.committer import Committer
from collector_host.delivery.internal import InternalQueue
from collector_host.delivery.messages import MessageRules
from collector_host.delivery.owner import Owner
from collector_host.delivery.queue import Bounds, DeliveryQueue
from collector_host.errors import RefusedError, UnsendableError
from collector_host.telemetry.counters import Counters
from devocollectorsdk.message.message import Message
from devocollectorsdk.message.messages import Messages
from fakes.clocks import ManualClock
from fakes.delivery import Journal


class Door:
    """An owner in front of a queue and a journal."""

    def __init__(self, committed: dict[str, Any] | None = None) -> None:
        clock = ManualClock()
        counters = Counters(clock)
        self.queue = DeliveryQueue({"devo": True}, Bounds(9999, 99), clock, {})
        self.journal = Journal()
        self.owner = Owner(
            "me",
            committed,
            queue=self.queue,
            committer=Committer(self.queue, self.journal, counters, clock),
            rules=MessageRules(1000, counters),
        )


def _message(text: str, tag: str = "my.app.a.b", at: str = "t") -> Message:
    return Message(at, tag, text)


def test_list_becomes_one_batch_for_each_table_and_time() -> None:
    """Neighbours of one table and time travel together, in order."""
    door = Door()

    door.owner.put([_message("a"), _message("b"), _message("c", tag="my.app.x.y")])

    taken = [door.queue.take("devo", 0), door.queue.take("devo", 0)]
    assert [(b.tag, b.messages) for b in taken if b] == [
        ("my.app.a.b", (b"a", b"b")),
        ("my.app.x.y", (b"c",)),
    ]


def test_page_of_texts_becomes_the_batches_of_a_list_of_messages() -> None:
    """The item the send methods give differs from what it stands for in cost alone."""
    page = Messages("t", "my.app.a.b", ["a", "b\nc", "ü", "\ud800", "", "x" * 2000])
    doors = Door(), Door()

    doors[0].owner.put(page)
    doors[1].owner.put(list(page))

    fast, slow = (door.queue.take("devo", 0) for door in doors)
    assert fast
    assert slow
    assert (fast.tag, fast.timestamp) == (slow.tag, slow.timestamp)
    assert (fast.messages, fast.size_bytes) == (slow.messages, slow.size_bytes)
    assert fast.events == 6


def test_page_of_texts_is_queued_without_a_message_for_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A busy source pays for its texts, not for objects around them."""
    door = Door()
    page = Messages("t", "my.app.a.b", ["a", "ü"])
    monkeypatch.delattr(Message, "__init__")

    door.owner.put(page)

    batch = door.queue.take("devo", 0)
    assert batch
    assert batch.messages == (b"a", "ü".encode())


def test_state_without_anything_unconfirmed_is_committed_at_once() -> None:
    """An empty page moves the position on disk without a connection."""
    door = Door()

    door.owner.stage({"n": 1})

    assert door.journal.lines == ["commit me {'n': 1}"]


def test_state_behind_a_message_waits_for_it() -> None:
    """The module reads back what it saved; the disk does not have it yet."""
    door = Door({"n": 0})
    door.owner.put(_message("a"))

    door.owner.stage({"n": 1})

    assert door.owner.staged() == {"n": 1}
    assert door.journal.lines == []


def test_staged_state_is_nobody_elses_to_change() -> None:
    """Neither what was given nor what was returned changes what is kept."""
    door = Door()
    given = {"ids": ["a"]}
    door.owner.stage(given)
    given["ids"].append("b")
    returned = door.owner.staged()
    assert returned is not None
    returned["ids"].append("c")

    assert door.owner.staged() == {"ids": ["a"]}


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (7, "only messages and lookup jobs can be queued, not int"),
        (
            [_message("a"), "text"],
            "only messages and lookup jobs can be queued, not str",
        ),
        (_message("a", tag="no table"), "is not two or more levels"),
        (Messages("t", "no table", ["a"]), "is not two or more levels"),
        ([Messages("t", "my.app.a.b", ["a"])], "can be queued, not Messages"),
    ],
    ids=["number", "mixed list", "tag", "tag of texts", "list of pages"],
)
def test_state_saved_behind_what_cannot_be_sent_is_taken_and_reported(
    item: Any, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The module was told and decided; the log says once what it steps over."""
    door = Door()

    with pytest.raises(UnsendableError, match=reason):
        door.owner.put(item)
    door.owner.stage({"n": 1})
    door.owner.stage({"n": 2})

    assert door.owner.is_ok()
    assert door.journal.disk == {"me": {"n": 2}}
    assert caplog.text.count("behind 1 item(s) that cannot be sent") == 1


def test_owner_takes_state_again_after_a_restart() -> None:
    """A module built anew may save."""
    door = Door()
    door.owner.refuse("a reason")

    door.owner.restart()
    door.owner.stage({"n": 1})

    assert door.journal.disk == {"me": {"n": 1}}


def test_item_after_the_end_is_refused_for_good() -> None:
    """Too late in a stop nothing is taken, neither item nor state."""
    door = Door()
    door.queue.close()

    with pytest.raises(RefusedError, match="is stopping"):
        door.owner.put(_message("a"))
    with pytest.raises(RefusedError):
        door.owner.stage({"n": 1})


@pytest.mark.parametrize(
    ("item", "rule"),
    [(_message("a"), "encode"), (Messages("t", "my.app.a.b", ["a"]), "packed")],
    ids=["message", "texts"],
)
def test_any_failure_to_queue_blocks_every_later_state(
    item: Any, rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever kept an item out, saving past it would lose it."""
    door = Door()

    def fail(_self: object, _text: str) -> bytes:
        raise MemoryError

    monkeypatch.setattr(MessageRules, rule, fail)
    with pytest.raises(MemoryError):
        door.owner.put(item)

    with pytest.raises(RefusedError, match="the state is not saved"):
        door.owner.stage({"n": 1})


def test_telemetry_is_masked_and_a_bad_tag_is_dropped() -> None:
    """Telemetry can neither give a secret away nor block delivery."""
    door = Door()
    counters = Counters(ManualClock())
    internal = InternalQueue(
        door.queue,
        MessageRules(1000, counters),
        counters,
        mask=lambda text: text.replace("secret", "****"),
        deliver=True,
    )

    internal.put(_message("a secret", tag="devo.collectors.out.local.info"))
    internal.put(_message("b", tag="devo.collectors.out.very bad"))

    batch = door.queue.take("devo", 0)
    assert batch
    assert batch.messages == (b"a ****",)
    assert door.queue.take("devo", 0) is None
    assert counters.snapshot()["internal_messages_dropped"] == 1
