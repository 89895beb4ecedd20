"""A receiver that is slow, and one that dies: neither may show in what arrives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from collector_host.conformance.truth import shown

if TYPE_CHECKING:
    from collector_host.conformance.scenarios.part import Known, Part
    from collector_host.conformance.truth import Difference

_SLOWNESS_S: Final = 2.0
"""How long a slow receiver stalls over a whole run."""
_LONGEST_STALL_S: Final = 0.1
_DEATHS: Final = (
    "drop@read,times=1",
    "reset@stored,connection=3,after_events=1",
    "reset@stored,connection=4,after_events=1",
    "fin@read,connection=6",
)
"""Before anything is stored; behind a stored message that nobody confirmed; twice."""


def judge_slow_receiver(known: Known, part: Part) -> None:
    """Deliver through a queue of one message to a receiver that stalls each time."""
    sends = max(known.truth.messages, 1)
    stall_s = min(_SLOWNESS_S / sends, _LONGEST_STALL_S)
    fault = f"stall@stored,seconds={stall_s:.4f},times=always"
    with known.stages.run("slow-receiver", fault, queue_messages=1) as run:
        life = run.live()
        difference = known.truth.difference(run.arrived())
    if life.count("limit_reached") and not known.plain.count("limit_reached"):
        why = "with a slow receiver the pulls did not end in time"
        part.cannot_judge(("KT201", "KT202"), why)
        return
    _judge(part, difference, "KT201", "KT202", "with a slow receiver")


def judge_dying_receiver(known: Known, part: Part) -> None:
    """Deliver to a receiver that dies before and behind storing."""
    with known.stages.run("dying-receiver", *_DEATHS) as run:
        run.live()
        difference = known.truth.difference(run.arrived())
    _judge(part, difference, "KT301", "KT302", "while the receiver died")
    part.figures["repeated_by_dying_receiver"] = len(difference.repeated)


def _judge(
    part: Part, difference: Difference, lost: str, order: str, when: str
) -> None:
    if difference.lost:
        count, of = len(difference.lost), difference.expected
        text = f"{when} {count} of {of} message(s) never arrived"
        part.find(lost, text, shown(difference.lost))
    if difference.misplaced:
        text = f"{when} {len(difference.misplaced)} message(s) came too late"
        part.find(order, text, shown(difference.misplaced))
