"""Runs checkers and rules over targets; what they find is data.

A check that fails is a finding, too, so that it never hides what others find.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from collector_lint.document import START, finding_at
from collector_lint.files import (
    standing_for,
)
from collector_lint.findings import tidy
from collector_lint.processes import side_by_side
from collector_lint.project_files import files_of_project
from collector_lint.suppressions import silence
from collector_lint.target import Target, target_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from collector_lint.findings import Finding
    from collector_lint.mending.offers import Replacement
    from collector_lint.plugins import Registry
    from collector_lint.rule import Check
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
        offers: How each finding is mended that can be; empty where nobody asked.
        strict: Whether warnings fail, as errors do.
    """

    findings: tuple[Finding, ...]
    targets: tuple[Target, ...]
    silenced: int = 0
    known: int = 0
    mended: int = 0
    offers: Mapping[Finding, tuple[Replacement, ...]] = field(
        default_factory=dict["Finding", "tuple[Replacement, ...]"]
    )
    strict: bool = False

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return sum(finding.severity == "error" for finding in self.findings)

    @property
    def warnings(self) -> int:
        """How many findings are warnings."""
        return len(self.findings) - self.errors

    def fails(self, finding: Finding) -> bool:
        """Tell whether a finding alone lets the run fail."""
        return self.strict or finding.severity == "error"

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
    parts = _parts(workspace)

    def look(target: Target) -> list[Finding]:
        return _look(target, workspace, registry, looked_for)

    for finding in side_by_side(look, workspace.targets):
        if _is_wanted(finding, registry, looked_for):
            found[finding.file].append(finding)
    for name in found.keys() - parts.keys():
        parts[name].append(_loaded(name))
    left: list[Finding] = []
    silenced = 0
    for name, targets in parts.items():
        rest = list(tidy(found.get(name, ())))
        for target in targets:
            rest, count = silence(target, rest, registry.rules, looked_for)
            silenced += count
        left += [f for f in rest if _is_wanted(f, registry, looked_for)]
    return Result(tidy(left), tuple(workspace.targets), silenced)


def _is_wanted(
    finding: Finding, registry: Registry, looked_for: frozenset[str]
) -> bool:
    # Rules that are offered by nobody cannot be selected, so are always shown.
    return finding.code in looked_for or finding.code not in registry.rules


def _parts(workspace: Workspace) -> dict[str, list[Target]]:
    """Return what may hold comments, by the name of the file: parts of pages, too."""
    parts: dict[str, list[Target]] = defaultdict(list)
    for target in workspace.targets:
        parts[target.file.name].append(target.file)
    for target in workspace.targets:
        for name in () if target.part else files_of_project(target):
            parts.setdefault(name, [_loaded(name)])
    return parts


def _look(
    target: Target,
    workspace: Workspace,
    registry: Registry,
    looked_for: frozenset[str],
) -> list[Finding]:
    if not target.part:
        return list(_look_at(target, workspace, registry, looked_for))
    # An editor's text stands for the file; of the project nothing else is asked.
    with standing_for(target.part, target.data):
        found = list(_look_at(target, workspace, registry, looked_for))
    return [replace(f, file=target.part) for f in found if _same(f, target.part)]


def _same(finding: Finding, name: str) -> bool:
    return os.path.abspath(finding.file) == os.path.abspath(name)  # noqa: PTH100


def _loaded(name: str) -> Target:
    """Return a file of a project, which is no target, for its comments."""
    is_data = name.endswith((".yaml", ".yml", ".json"))
    return target_of(name) if is_data else Target(name, "config", Path(name).parent)


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
        if finding.file == target.name and _is_wanted(finding, registry, looked_for)
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
