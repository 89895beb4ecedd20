"""Pulls that send behind their last save are reported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from collector_host.delivery.committer import Committer
from collector_host.delivery.messages import MessageRules
from collector_host.delivery.owner import Owner
from collector_host.delivery.queue import Bounds, DeliveryQueue
from collector_host.telemetry.counters import Counters
from devocollectorsdk.message.lookup_job_factory import LookupJobFactory
from devocollectorsdk.message.message import Message
from devocollectorsdk.persistence.persistence_object import PersistenceObject
from fakes.clocks import ManualClock
from fakes.delivery import Journal
from fakes.modules import ScriptedPuller, build

if TYPE_CHECKING:
    from collections.abc import Callable

TAG = "my.app.a.b"


def _owner() -> Owner:
    clock = ManualClock()
    counters = Counters(clock)
    queue = DeliveryQueue({"devo": True}, Bounds(9999, 99), clock, {})
    committer = Committer(queue, Journal(), counters, clock)
    rules = MessageRules(1000, counters)
    return Owner("me", None, queue=queue, committer=committer, rules=rules)


def _run(owner: Owner, *pulls: tuple[Callable[[Any], None], ...]) -> None:
    """Run a module, each of whose pulls takes some steps."""

    def pull(steps: tuple[Callable[[Any], None], ...], last: bool) -> Any:  # noqa: FBT001
        def act(puller: ScriptedPuller) -> None:
            puller.running_flag = not last
            for step in steps:
                step(puller)

        return act

    actions = tuple(pull(steps, steps is pulls[-1]) for steps in pulls)
    puller = build(type("Scripted", (ScriptedPuller,), {"actions": actions}))
    puller.output_queue = puller.lookup_queue = owner
    puller.persistence_object = PersistenceObject(owner, "id")
    puller.run()


def _send(puller: Any) -> None:
    puller.send_standard_message("date", TAG, "x")


def _put(puller: Any) -> None:
    puller.output_queue.put([Message("date", TAG, "x")])


def _put_lookup(puller: Any) -> None:
    factory = LookupJobFactory("my_lookup", ["id", "name"], "id")
    factory.add_item_to_list_to_modify(["1", "x"])
    puller.send_lookup_messages(factory, True, True, "Modify")  # noqa: FBT003


def _save(puller: Any) -> None:
    puller.persistence_object.save_state({"n": 1})


def _fail(_puller: Any) -> None:
    raise ValueError


@pytest.mark.parametrize("late", [_send, _put, _put_lookup])
def test_send_after_the_last_save_is_reported_once(
    late: Callable[[Any], None], caplog: pytest.LogCaptureFixture
) -> None:
    """Page, message or what a lookup queue gets: also after the module was rebuilt."""
    owner = _owner()

    _run(owner, (_save, late, late), (_save, late))
    _run(owner, (_save, late))

    [line] = caplog.messages
    assert "sent 2 item(s) after the last save_state of its pull" in line
    assert "call save_state behind the last" in line


@pytest.mark.parametrize(
    "pulls",
    [
        [(_send, _save), (_put, _put_lookup, _save)],
        [(_save, _send, _save)],
        [(_send,), (_send,)],
        [(_save,), (_send,)],
        [(_save, _send, _fail), (_save,)],
    ],
    ids=["in order", "last save counts", "none saved", "saved before", "failed"],
)
def test_other_pulls_are_not_reported(
    pulls: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    """A module that keeps no state, or a pull that failed, breaks no rule."""
    _run(_owner(), *pulls)

    assert not [line for line in caplog.messages if "save_state" in line]
