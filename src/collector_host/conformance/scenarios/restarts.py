"""Stops, restarts and kills: what is lost between two lives, and what comes twice."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Final

from collector_host.conformance.scenarios.part import some
from collector_host.conformance.scenarios.plain import (
    endless,
    open_pulls,
    saves_before_sends,
)
from collector_host.conformance.stage.orders import Fault
from collector_host.conformance.truth import Difference, shown

if TYPE_CHECKING:
    from collector_host.conformance.runs import Life
    from collector_host.conformance.scenarios.part import Known, Part

_KILLED: Final = -signal.SIGKILL


def judge_stop_in_mid_page(known: Known, part: Part) -> None:
    """Ask for a stop in the middle of a page, and start again."""
    repeated = 0
    for index, module in enumerate(known.modules("sent")):
        number = known.mid_page(module)
        with known.stages.run(f"stop-in-mid-page-{index}") as run:
            first = run.live(Fault("stop_in_send", module, number))
            _judge_end(first, part)
            came_to_its_end = _judge_again(known, run.live(), part)
            difference = known.difference(run, module)
        repeated += len(difference.repeated)
        when = f"stopped behind its item {number} and started again"
        if came_to_its_end:
            _judge_lost(part, "KT501", when, module, difference)
    part.figures["repeated_after_stop_in_mid_page"] = repeated


def judge_stop_between_pulls(known: Known, part: Part) -> None:
    """Ask for a stop behind the first pull, and start again."""
    saving = {event.module for event in known.plain.all("saved")}
    repeated = 0
    for index, module in enumerate(known.modules("pull_ended")):
        with known.stages.run(f"stop-between-pulls-{index}") as run:
            run.live(Fault("stop_after_pull", module))
            came_to_its_end = _judge_again(known, run.live(), part)
            arrived, difference = run.arrived(), known.difference(run, module)
        when = "stopped behind its first pull and started again"
        if came_to_its_end:
            _judge_lost(part, "KT501", when, module, difference)
        # Elsewhere the stop may well have come in mid-page.
        own = known.truth.difference(arrived, known.tables_of(module)).repeated
        repeated += len(own)
        if own and module in saving:
            text = f"{when}: {len(own)} message(s) come twice"
            part.find("KT503", text, shown(own), module=module)
    part.figures["repeated_after_stop_between_pulls"] = repeated


def judge_kills(known: Known, part: Part) -> None:
    """Kill behind one commit after the other, and start again each time."""
    saves = [(event.module, event.number) for event in known.plain.all("saved")]
    broken: dict[tuple[str, str], list[str]] = {}
    killed = 0
    for index, (module, number) in enumerate(some(sorted(saves), known.trials)):
        with known.stages.run(f"kill-{index}") as run:
            first = run.live(Fault("kill_behind_commit", module, number))
            if first.code != _KILLED:
                continue
            killed += 1
            came_to_its_end = _judge_again(known, run.live(), part)
            arrived, difference = run.arrived(), known.difference(run, module)
        when = f"killed behind the commit of save {number}:"
        own = known.truth.difference(arrived, known.tables_of(module)).repeated
        if difference.lost and came_to_its_end:
            text = f"{when} {_never(difference)}: {shown(difference.lost)}"
            broken.setdefault(("KT601", module), []).append(text)
        elif own:
            text = f"{when} {len(own)} message(s) come twice: {shown(own)}"
            broken.setdefault(("KT602", module), []).append(text)
    part.figures |= {"kills": killed}
    if killed < len(saves):
        part.notes.append(f"killed behind {killed} of {len(saves)} saves")
    if not killed:
        part.cannot_judge(("KT601", "KT602"), "no state was committed")
    _judge_kills(known, part, broken)


def _judge_kills(
    known: Known, part: Part, broken: dict[tuple[str, str], list[str]]
) -> None:
    words = {"KT601": "loses", "KT602": "repeats"}
    for (rule, module), evidence in broken.items():
        text = f"a kill {words[rule]} messages, {len(evidence)} time(s)"
        part.find(rule, text, *evidence, module=module)
    proved = {module for _, module in broken}
    for module, items in saves_before_sends(known.plain).items():
        if module not in proved:
            text = f"a pull sent {items} item(s) behind its last save"
            part.find("KT603", text, module=module)


def _judge_lost(
    part: Part, rule: str, when: str, module: str, difference: Difference
) -> None:
    if difference.lost:
        text = f"{when}: {_never(difference)}"
        part.find(rule, text, shown(difference.lost), module=module)


def _judge_again(known: Known, life: Life, part: Part) -> bool:
    """Judge whether a second life comes to its end as a plain one does.

    Returns:
        False if it does not: what is missing may have been on its way.
    """
    again = set(endless(life)) - set(endless(known.plain))
    for module in sorted(again):
        seen = "after a restart its pull had not ended when time was up"
        part.find("KT105", seen, module=module)
    return not again


def _judge_end(life: Life, part: Part) -> None:
    """Judge how a life ended that was asked for it."""
    if life.overdue or not life.count("over"):
        part.find("KT402", "the process did not end within 9 seconds of the stop")
    for module in open_pulls(life, "closed"):
        text = "its pull went on after the stop until the host left it behind"
        part.find("KT401", text, module=module)
    for event in life.all("stop_raised"):
        part.find("KT403", f"it raised in {event.text}", module=event.module)
    for event in life.all("left_alive"):
        text = f"a thread is still alive at the end: {event.text}"
        part.find("KT404", text, module=event.module)


def _never(difference: Difference) -> str:
    more = (
        f" (and {difference.unexpected} came that no plain run has)"
        if difference.unexpected
        else ""
    )
    count, of = len(difference.lost), difference.expected
    return f"{count} of {of} message(s) never arrive{more}"
