"""A setup, a send and a pull that fail once: does the module recover, what is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from collector_host.conformance.stage.orders import Fault
from collector_host.conformance.truth import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_host.conformance.runs import Life
    from collector_host.conformance.scenarios.part import Known, Part
    from collector_host.conformance.stage.orders import Place

_SENDS: Final[tuple[tuple[Place, str, str], ...]] = (
    ("raise_in_send", "KT703", "one send failed"),
    ("raise_behind_send", "KT704", "a pull was broken off in mid-page"),
)


def judge_failing_sends(known: Known, part: Part) -> None:
    """Let the host refuse an item; break a pull off behind another one."""
    number = known.mid_page
    if not number:
        part.cannot_judge(("KT702", "KT703", "KT704"), "nothing is sent")
        return
    for place, rule, when in _SENDS:
        with known.stages.run(place.replace("_", "-")) as run:
            life = run.live(Fault(place, number))
            difference = known.truth.difference(run.arrived())
        for module in _swallowed(life):
            text = "its pull went on as if the send had not raised"
            part.find("KT702", text, module=module)
        if difference.lost:
            count, of = len(difference.lost), difference.expected
            text = f"{when}: {count} of {of} message(s) never arrived"
            part.find(rule, text, shown(difference.lost))


def judge_failing_setup(known: Known, part: Part) -> None:
    """Let the first call of a setup fail."""
    with known.stages.run("raise-in-setup") as run:
        life = run.live(Fault("raise_in_setup", 1))
        difference = known.truth.difference(run.arrived())
    if not life.count("setup_failed"):
        part.cannot_judge(("KT701",), "no module has a setup")
    elif difference.lost:
        count, of = len(difference.lost), difference.expected
        text = f"its setup failed once: {count} of {of} message(s) never arrived"
        part.find("KT701", text, shown(difference.lost))


def _swallowed(life: Life) -> Iterator[str]:
    """Yield the modules whose pull ended well although a send of it had raised."""
    failed: set[str] = set()
    for event in life.events:
        if event.what == "send_failed":
            failed.add(event.module)
        elif event.what in {"pull_failed", "pre_pull_failed"}:
            failed.discard(event.module)
        elif event.what == "pull_ended" and event.module in failed:
            failed.discard(event.module)
            yield event.module
