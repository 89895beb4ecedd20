"""Stops, restarts and kills: what is lost between two lives, and what comes twice."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Final

from collector_host.conformance.scenarios.plain import saves_before_sends
from collector_host.conformance.stage.orders import Fault
from collector_host.conformance.truth import Difference, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_host.conformance.runs import Life
    from collector_host.conformance.scenarios.part import Known, Part

_KILLED: Final = -signal.SIGKILL


def judge_stop_in_mid_page(known: Known, part: Part) -> None:
    """Ask for a stop in the middle of a page, and start again."""
    number = known.mid_page
    if not number:
        part.cannot_judge(("KT401",), "nothing is sent")
        return
    with known.stages.run("stop-in-mid-page") as run:
        first = run.live(Fault("stop_in_send", number))
        _judge_end(first, part)
        run.live()
        difference = known.truth.difference(run.arrived())
    when = f"stopped behind item {number} and started again"
    if difference.lost:
        part.find("KT501", f"{when}: {_never(difference)}", shown(difference.lost))
    part.figures["repeated_after_stop_in_mid_page"] = len(difference.repeated)


def judge_stop_between_pulls(known: Known, part: Part) -> None:
    """Ask for a stop behind the first pull, and start again."""
    with known.stages.run("stop-between-pulls") as run:
        run.live(Fault("stop_after_pull", 1))
        run.live()
        difference = known.truth.difference(run.arrived())
    when = "stopped behind the first pull and started again"
    if difference.lost:
        part.find("KT501", f"{when}: {_never(difference)}", shown(difference.lost))
    part.figures["repeated_after_stop_between_pulls"] = len(difference.repeated)
    if not known.is_alone:
        part.cannot_judge(("KT503",), "another module is in mid-page at any moment")
    elif difference.repeated and known.plain.count("saved"):
        text = f"{when}: {len(difference.repeated)} message(s) come twice"
        part.find("KT503", text, shown(difference.repeated))


def judge_kills(known: Known, part: Part) -> None:
    """Kill behind one commit after the other, and start again each time."""
    saves = known.plain.count("saved")
    numbers = list(_chosen(saves, known.kills))
    lost: list[str] = []
    repeated: list[str] = []
    killed = 0
    for number in numbers:
        with known.stages.run(f"kill-{number}") as run:
            first = run.live(Fault("kill_behind_commit", number))
            if first.code != _KILLED:
                continue
            killed += 1
            run.live()
            difference = known.truth.difference(run.arrived())
        when = f"behind the commit of save {number} of {saves}"
        if difference.lost:
            text = f"{when} {_never(difference)}: {shown(difference.lost)}"
            lost.append(text)
        if difference.repeated:
            count = len(difference.repeated)
            text = f"{when} {count} message(s) come twice: {shown(difference.repeated)}"
            repeated.append(text)
    part.figures |= {"kills": killed, "kills_that_lose": len(lost)}
    if killed < saves:
        part.notes.append(f"killed behind {killed} of {saves} saves")
    _judge_kills(known, part, lost, repeated)


def _judge_kills(
    known: Known, part: Part, lost: list[str], repeated: list[str]
) -> None:
    order = saves_before_sends(known.plain)
    kills = part.figures["kills"]
    if lost:
        part.find("KT601", f"{len(lost)} of {kills} kills lose messages", *lost)
    if not known.is_alone:
        part.cannot_judge(("KT602",), "another module is in mid-page at any moment")
    elif repeated and not lost:
        text = f"{len(repeated)} of {kills} kills repeat messages"
        part.find("KT602", text, *repeated)
    if not kills:
        part.cannot_judge(("KT601", "KT602"), "no state was committed")
    if not part.findings:
        for module, items in order.items():
            text = f"a pull sent {items} item(s) behind its last save"
            part.find("KT603", text, module=module)


def _judge_end(life: Life, part: Part) -> None:
    """Judge how a life ended that was asked for it."""
    if life.overdue or not life.count("over"):
        part.find("KT402", f"the process was still there after {life.elapsed_s:.0f} s")
    open_pulls: dict[str, int] = {}
    for event in life.events:
        if event.what == "pull_began":
            open_pulls[event.module] = event.number
        elif event.what in {"pull_ended", "pull_failed"}:
            open_pulls.pop(event.module, None)
    for module in open_pulls:
        text = "its pull went on after the stop until the host left it behind"
        part.find("KT401", text, module=module)
    for event in life.all("stop_raised"):
        part.find("KT403", f"it raised in {event.text}", module=event.module)
    for event in life.all("left_alive"):
        text = f"a thread is still alive at the end: {event.text}"
        part.find("KT404", text, module=event.module)


def _chosen(count: int, at_most: int) -> Iterator[int]:
    """Yield numbers from 1 to `count`: all, or evenly spread with both ends."""
    if count <= at_most:
        yield from range(1, count + 1)
    elif at_most == 1:
        yield 1
    else:
        yield from sorted(
            {1 + round(i * (count - 1) / (at_most - 1)) for i in range(at_most)}
        )


def _never(difference: Difference) -> str:
    more = (
        f" (and {difference.unexpected} came that no plain run has)"
        if difference.unexpected
        else ""
    )
    count, of = len(difference.lost), difference.expected
    return f"{count} of {of} message(s) never arrive{more}"
