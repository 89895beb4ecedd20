"""What a scenario is given, and the part of the report it gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from collector_host.conformance.report import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from collector_host.conformance.runs import Arrived, Life, Run, Stages
    from collector_host.conformance.stage.journal import What
    from collector_host.conformance.truth import Difference, Truth

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Known:
    """What the plain runs taught.

    Attributes:
        stages: Makes runs.
        truth: What a plain run delivers.
        plain: The first plain life.
        samples: What each plain run delivered.
        trials: Modules, or commits, that a fault is tried at, at most.
    """

    stages: Stages
    truth: Truth
    plain: Life
    samples: tuple[Sequence[Arrived], ...]
    trials: int

    def modules(self, what: What) -> list[str]:
        """Return the modules with an event of a kind, by name; some if too many."""
        return some(sorted({e.module for e in self.plain.all(what)}), self.trials)

    def difference(self, run: Run, module: str) -> Difference:
        """Hold what arrived against what this module delivers in a plain run."""
        return self.truth.difference(run.arrived(), self.tables_for(module))

    def tables_of(self, module: str) -> frozenset[str]:
        """Return the tables to which this module sends, and no other."""
        own, others = self._tables(module)
        return own - others

    def tables_for(self, module: str) -> frozenset[str]:
        """Return the tables to which it may send: those of lookups are anybody's."""
        own, others = self._tables(module)
        return frozenset(self.truth.tables) - (others - own)

    def _tables(self, module: str) -> tuple[frozenset[str], frozenset[str]]:
        own: set[str] = set()
        others: set[str] = set()
        for event in self.plain.all("sent"):
            (own if event.module == module else others).update(event.tables)
        return frozenset(own), frozenset(others)

    def mid_page(self, module: str) -> int:
        """Return the number of a module's send in the middle of a pull.

        The first pull with several sends is taken, else its first send.
        """
        page: list[int] = []
        first = 0
        for event in self.plain.events:
            if event.module != module:
                continue
            if event.what == "pull_began":
                page = []
            elif event.what == "sent":
                first = first or event.number
                page.append(event.number)
            elif event.what == "pull_ended" and len(page) > 1:
                break
        return page[(len(page) - 1) // 2] if len(page) > 1 else first


def some(each: Sequence[T], at_most: int) -> list[T]:
    """Return all, or as many as allowed, evenly spread with both ends."""
    last = len(each) - 1
    if last < at_most:
        return list(each)
    steps = max(at_most - 1, 1)
    return [each[round(step * last / steps)] for step in range(at_most)]


@dataclass(slots=True)
class Part:
    """Findings, rules without verdict, and figures of one scenario."""

    findings: list[Finding] = field(default_factory=list[Finding])
    not_judged: dict[str, str] = field(default_factory=dict[str, str])
    notes: list[str] = field(default_factory=list[str])
    figures: dict[str, int] = field(default_factory=dict[str, int])

    def find(self, rule: str, seen: str, *evidence: str, module: str = "") -> None:
        """Add a finding."""
        self.findings.append(Finding(rule, module, seen, evidence))

    def cannot_judge(self, rules: Iterable[str], why: str) -> None:
        """Note that no verdict is given; the first reason counts."""
        for rule in rules:
            self.not_judged.setdefault(rule, why)
