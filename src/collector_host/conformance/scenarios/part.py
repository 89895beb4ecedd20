"""What a scenario is given, and the part of the report it gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from collector_host.conformance.report import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable

    from collector_host.conformance.runs import Life, Stages
    from collector_host.conformance.truth import Truth


@dataclass(frozen=True, slots=True)
class Known:
    """What the plain runs taught.

    Attributes:
        stages: Makes runs.
        truth: What a plain run delivers.
        plain: The first plain life.
        kills: Commits to kill behind, at most.
    """

    stages: Stages
    truth: Truth
    plain: Life
    kills: int

    @property
    def is_alone(self) -> bool:
        """Tell whether there is one module instance: nobody else is in mid-page."""
        return len({event.module for event in self.plain.all("built")}) == 1

    @property
    def mid_page(self) -> int:
        """Return the number of a send in the middle of a pull, or 0 without sends.

        The first pull with several sends is taken, else the first send there is.
        """
        sends: dict[str, list[int]] = {}
        first = 0
        for event in self.plain.events:
            if event.what == "pull_began":
                sends[event.module] = []
            elif event.what == "sent":
                first = first or event.number
                sends.setdefault(event.module, []).append(event.number)
            elif event.what == "pull_ended":
                numbers = sends.pop(event.module, [])
                if len(numbers) > 1:
                    return numbers[(len(numbers) - 1) // 2]
        return first


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
