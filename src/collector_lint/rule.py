"""What a rule is: texts for people, two examples, and perhaps a check and a mend.

It knows neither files nor the other rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, get_args

if TYPE_CHECKING:
    from collector_lint.findings import Finding, Severity
    from collector_lint.mending.edits import Edit
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace

Kind: TypeAlias = Literal[
    "config", "catalogue", "definition", "schema", "state", "project"
]
"""What a file (or, for a project, a folder) is."""
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

Group: TypeAlias = Literal[
    "syntax",
    "references",
    "structure",
    "schemas",
    "catalogue",
    "config",
    "state",
    "project",
    "linter",
]
GROUPS: Final[tuple[Group, ...]] = get_args(Group)
"""Groups in the order in which people read them."""

Check: TypeAlias = Callable[["Target", "Workspace"], Iterable["Finding"]]
"""Looks at one target; it may look at the others through the workspace."""
Fix: TypeAlias = Callable[["Target", "Finding", "Workspace"], "Edit | None"]
"""Returns the change that mends a finding without a doubt, or None."""
Examples: TypeAlias = Mapping[str, str]
"""Text of each file by its name below an empty folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule.

    Attributes:
        id: Stable identifier, two letters and three digits.
        name: The same for people, lower case with hyphens.
        group: What it is about.
        severity: What its findings usually are.
        kinds: Kinds of targets it looks at.
        what: What is found, one sentence.
        why: Why it hurts, one sentence or more.
        mend: What to do about it, one sentence or more.
        bad: Files in which exactly this rule finds something.
        good: The same files mended; no rule finds anything.
        beside: Files that both examples need and that show nothing.
        check: Finds it; None where loading, a schema or a checker does.
        fix: Mends it where that is safe; None where it never is.
        machine: Whether it depends on the machine (files, rights, environment), and
            so is asked for with `--here`.
    """

    id: str
    name: str
    group: Group
    severity: Severity
    kinds: tuple[Kind, ...]
    what: str
    why: str
    mend: str
    bad: Examples = field(repr=False)
    good: Examples = field(repr=False)
    beside: Examples = field(default_factory=dict[str, str], repr=False)
    check: Check | None = field(default=None, repr=False)
    fix: Fix | None = field(default=None, repr=False)
    machine: bool = False


@dataclass(frozen=True, slots=True)
class Checker:
    """Finds what belongs to several rules at once, as a schema does.

    Attributes:
        name: Who it is, for the report of a failure.
        kinds: Kinds of targets it looks at.
        run: The check.
    """

    name: str
    kinds: tuple[Kind, ...]
    run: Check
