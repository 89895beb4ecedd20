"""What a run of the kit found, as data.

It knows neither processes nor terminals.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from collector_host.conformance.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Mapping

Verdict: TypeAlias = Literal["kept", "broken", "noted", "not judged"]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One breach of a rule.

    Attributes:
        rule: Its number, e.g. `KT601`.
        module: Name of the module instance, or "" where it is about all.
        seen: What was seen, in one sentence.
        evidence: Messages by number and hash, places in the source.
    """

    rule: str
    module: str
    seen: str
    evidence: tuple[str, ...] = ()

    @property
    def severity(self) -> str:
        """Return how bad it is: `error`, `warning` or `note`."""
        return RULES[self.rule].severity


@dataclass(frozen=True, slots=True)
class Report:
    """Everything the kit has to say about a target.

    Attributes:
        target: What was run.
        findings: In order of rule and module.
        not_judged: Rule -> why no verdict is given.
        notes: What else one should know, e.g. fields that were not compared.
        figures: Counts: messages, saves, runs, repeated messages.
    """

    target: str
    findings: tuple[Finding, ...]
    not_judged: Mapping[str, str]
    notes: tuple[str, ...]
    figures: Mapping[str, int]

    @property
    def passed(self) -> bool:
        """Tell whether no rule is broken; notes do not count."""
        return all(finding.severity == "note" for finding in self.findings)

    @property
    def broken(self) -> tuple[str, ...]:
        """Return the rules that are broken, each once, in order; no notes."""
        rules = {one.rule for one in self.findings if one.severity != "note"}
        return tuple(sorted(rules))

    @property
    def noted(self) -> tuple[str, ...]:
        """Return the rules of which there is a note, each once, in order."""
        rules = {one.rule for one in self.findings if one.severity == "note"}
        return tuple(sorted(rules))

    def verdict(self, rule: str) -> Verdict:
        """Return what can be said about a rule."""
        if rule in self.broken:
            return "broken"
        if rule in self.noted:
            return "noted"
        return "not judged" if rule in self.not_judged else "kept"

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "target": self.target,
            "passed": self.passed,
            "findings": [
                {
                    **asdict(finding),
                    "severity": finding.severity,
                    "title": RULES[finding.rule].title,
                    "why": RULES[finding.rule].why,
                    "mend": RULES[finding.rule].mend,
                }
                for finding in self.findings
            ],
            "rules": {rule: self.verdict(rule) for rule in RULES},
            "not_judged": dict(self.not_judged),
            "notes": list(self.notes),
            "figures": dict(self.figures),
        }

    def to_json(self) -> str:
        """Return it as JSON, the same text for the same report."""
        return json.dumps(self.to_data(), indent=2, ensure_ascii=False)
