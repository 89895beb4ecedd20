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
    from collector_host.conformance.truth import Difference

_SENDS: Final[tuple[tuple[Place, str, str], ...]] = (
    ("raise_in_send", "KT703", "one send failed"),
    ("raise_behind_send", "KT704", "a pull was broken off in mid-page"),
)


def judge_failing_sends(known: Known, part: Part) -> None:
    """Let the host refuse an item; break a pull off behind another one."""
    for place, rule, when in _SENDS:
        failed = 0
        for index, module in enumerate(known.modules("sent")):
            fault = Fault(place, module, known.mid_page(module))
            with known.stages.run(f"{place.replace('_', '-')}-{index}") as run:
                life = run.live(fault)
                difference = known.difference(run, module)
            failed += life.count("send_failed")
            for name in _swallowed(life):
                text = "its pull went on as if the send had not raised"
                part.find("KT702", text, module=name)
            _judge_lost(part, rule, when, module, difference)
        if not failed:
            part.cannot_judge((rule,), "no pull sends anything itself")


def judge_failing_setup(known: Known, part: Part) -> None:
    """Let the first call of a setup fail."""
    failed = 0
    for index, module in enumerate(known.modules("pull_began")):
        with known.stages.run(f"raise-in-setup-{index}") as run:
            life = run.live(Fault("raise_in_setup", module))
            difference = known.difference(run, module)
        failed += life.count("setup_failed")
        _judge_lost(part, "KT701", "its setup failed once", module, difference)
    if not failed:
        part.cannot_judge(("KT701",), "no module has a setup")


def _judge_lost(
    part: Part, rule: str, when: str, module: str, difference: Difference
) -> None:
    if difference.lost:
        count, of = len(difference.lost), difference.expected
        text = f"{when}: {count} of {of} message(s) never arrived"
        part.find(rule, text, shown(difference.lost), module=module)


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
