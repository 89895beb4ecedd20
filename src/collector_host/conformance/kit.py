"""Runs every scenario over a target and makes one report of what they found."""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from collector_host.conformance.processes import Processes
from collector_host.conformance.report import Report
from collector_host.conformance.rules import RULES
from collector_host.conformance.runs import Stages
from collector_host.conformance.scenarios.failures import (
    judge_failing_sends,
    judge_failing_setup,
)
from collector_host.conformance.scenarios.part import Known, Part
from collector_host.conformance.scenarios.plain import (
    judge_plain,
    judge_source,
    looked_again,
    plain_runs,
)
from collector_host.conformance.scenarios.receivers import (
    judge_dying_receiver,
    judge_slow_receiver,
)
from collector_host.conformance.scenarios.restarts import (
    judge_kills,
    judge_stop_between_pulls,
    judge_stop_in_mid_page,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator

    from collector_host.conformance.report import Finding
    from collector_host.conformance.stage.orders import Target

_AT_ONCE: Final = 2
_PULLS: Final = 2
_SCENARIOS: Final[tuple[tuple[Callable[[Known, Part], None], tuple[str, ...]], ...]] = (
    (judge_slow_receiver, ("KT201", "KT202")),
    (judge_dying_receiver, ("KT301", "KT302")),
    (judge_stop_in_mid_page, ("KT105", "KT401", "KT402", "KT403", "KT404", "KT501")),
    (judge_stop_between_pulls, ("KT105", "KT501", "KT503")),
    (judge_kills, ("KT105", "KT601", "KT602", "KT603")),
    (judge_failing_setup, ("KT701",)),
    (judge_failing_sends, ("KT702", "KT703", "KT704")),
)
"""Every scenario with faults, and the rules it judges."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How much the kit does.

    Attributes:
        only: Rules to judge; all when empty.
        limit_s: Real seconds that a plain life may take.
        trials: Modules, or commits, that a fault is tried at, at most.
        quick_limits: Whether waits of the module's rate limiters are shortened; only
            for a source that is a stand-in.
        keep: Folder for journals and logs of all runs, or None for none.
    """

    only: Collection[str] = ()
    limit_s: float = 8.0
    trials: int = 4
    quick_limits: bool = False
    keep: Path | None = None


def examine(target: Target, effort: Effort) -> Report:
    """Run a target through all scenarios.

    Raises:
        ConfigError: The target cannot be run at all.
    """
    with _folder(effort.keep) as folder, Processes() as processes:
        stages = Stages(
            processes,
            target,
            folder,
            pulls=_PULLS,
            limit_s=effort.limit_s,
            quick_limits=effort.quick_limits,
        )
        known = plain_runs(stages, effort.trials)
        troubled = _troubled(known, effort.only)
        if any(part.findings for part in troubled) and (more := looked_again(known)):
            known, troubled = more, _troubled(more, effort.only)
        plain = Part()
        judge_plain(known, plain)
        judge_source(target, plain)
    return _report(target, effort.only, [plain, *troubled])


def _troubled(known: Known, only: Collection[str]) -> list[Part]:
    """Run the scenarios with faults, two at a time; return their parts in order."""
    wanted = [
        (judge, rules)
        for judge, rules in _SCENARIOS
        if not only or not set(rules).isdisjoint(only)
    ]
    if why := known.truth.why_not:
        part = Part()
        part.cannot_judge((rule for _, rules in wanted for rule in rules), why)
        return [part]

    def judged(judge: Callable[[Known, Part], None]) -> Part:
        part = Part()
        judge(known, part)
        return part

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(judged, [judge for judge, _ in wanted]))


def _report(target: Target, only: Collection[str], parts: list[Part]) -> Report:
    findings: set[Finding] = {one for part in parts for one in part.findings}
    not_judged: dict[str, str] = {}
    for part in parts:
        not_judged = {**part.not_judged, **not_judged}
    for rule in RULES:
        if only and rule not in only:
            not_judged[rule] = "not asked for"
    figures: dict[str, int] = {}
    for part in parts:
        figures |= part.figures
    return Report(
        target=target.name,
        findings=tuple(sorted(one for one in findings if not only or one.rule in only)),
        not_judged=dict(sorted(not_judged.items())),
        notes=tuple(note for part in parts for note in part.notes),
        figures=figures,
    )


@contextmanager
def _folder(keep: Path | None) -> Generator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep.absolute()
        return
    with tempfile.TemporaryDirectory(prefix="conformance-") as name:
        yield Path(name)
