"""Runs checkers and rules over targets; what they find is data.

A check that fails is a finding, too, so that it never hides what others find.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from collector_lint.document import START, finding_at
from collector_lint.findings import tidy
from collector_lint.processes import side_by_side
from collector_lint.suppressions import silence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.findings import Finding
    from collector_lint.plugins import Registry
    from collector_lint.rule import Check
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace

FAILED: Final = "LN004"


@dataclass(frozen=True, slots=True)
class Result:
    """What a run found.

    Attributes:
        findings: In order of file and place.
        targets: What was checked.
        silenced: How many findings comments silenced.
        known: How many findings were in the baseline.
        mended: How many findings were mended.
    """

    findings: tuple[Finding, ...]
    targets: tuple[Target, ...]
    silenced: int = 0
    known: int = 0
    mended: int = 0

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return sum(finding.severity == "error" for finding in self.findings)

    @property
    def warnings(self) -> int:
        """How many findings are warnings."""
        return len(self.findings) - self.errors

    @property
    def by_code(self) -> Counter[str]:
        """How many findings each rule has."""
        return Counter(finding.code for finding in self.findings)


def lint(
    workspace: Workspace, registry: Registry, looked_for: frozenset[str]
) -> Result:
    """Check every target.

    Args:
        workspace: The targets.
        registry: Rules and checkers.
        looked_for: Identifiers of the rules whose findings are wanted.
    """
    found: dict[str, list[Finding]] = defaultdict(list)
    parts: dict[str, list[Target]] = defaultdict(list)
    for target in workspace.targets:
        parts[target.name].append(target)

    def look(target: Target) -> list[Finding]:
        return list(_look_at(target, workspace, registry, looked_for))

    for finding in side_by_side(look, workspace.targets):
        # Rules that are offered by nobody cannot be selected, so are always shown.
        if finding.code in looked_for or finding.code not in registry.rules:
            found[finding.file].append(finding)
    left: list[Finding] = []
    silenced = 0
    for name, findings in found.items():
        left += findings if name not in parts else ()
    for name, targets in parts.items():
        rest = list(tidy(found[name]))
        for target in targets:
            rest, count = silence(target, rest, registry.rules, looked_for)
            silenced += count
        left += [
            f for f in rest if f.code in looked_for or f.code not in registry.rules
        ]
    return Result(tidy(left), tuple(workspace.targets), silenced)


def lint_one(
    target: Target,
    workspace: Workspace,
    registry: Registry,
    looked_for: frozenset[str],
) -> tuple[Finding, ...]:
    """Return what checks of one target find in it, comments heeded."""
    found = [
        finding
        for finding in _look_at(target, workspace, registry, looked_for)
        if finding.file == target.name
        and (finding.code in looked_for or finding.code not in registry.rules)
    ]
    rest, _ = silence(target, list(tidy(found)), registry.rules, looked_for)
    return tidy(rest)


def _look_at(
    target: Target,
    workspace: Workspace,
    registry: Registry,
    looked_for: frozenset[str],
) -> Iterator[Finding]:
    for checker in registry.checkers:
        if target.kind in checker.kinds:
            yield from _safely(checker.name, checker.run, target, workspace)
    if target.document is None and target.kind != "project":
        return
    for rule in registry.rules.values():
        if rule.check and rule.id in looked_for and target.kind in rule.kinds:
            yield from _safely(rule.id, rule.check, target, workspace)


def _safely(
    name: str, check: Check, target: Target, workspace: Workspace
) -> list[Finding]:
    """Return what a check finds; when it fails, a finding that says so.

    The error's text is left out: it may quote the file.
    """
    try:
        return list(check(target, workspace))
    except Exception as error:  # noqa: BLE001  a plugin's check may raise anything
        message = f"the check {name} failed with {type(error).__name__}"
        hint = "report it to whoever offers the rule; other checks are not concerned"
        return [finding_at(target.name, START, FAILED, message, hint=hint)]
