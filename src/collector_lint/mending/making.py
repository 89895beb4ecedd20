"""Writes what `--fix` mends, or shows it for `--diff`, values hidden."""

from __future__ import annotations

import difflib
import sys
from typing import TYPE_CHECKING

from collector_lint import output
from collector_lint.lines import split
from collector_lint.masking import shown_line
from collector_lint.mending.fixing import changes, write
from collector_lint.target import Target

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from collector_lint.engine import Result
    from collector_lint.mending.fixing import Change, Look
    from collector_lint.reports.text import Piece
    from collector_lint.rule import Rule
    from collector_lint.workspace import Workspace


def mend(
    workspace: Workspace, result: Result, rules: Mapping[str, Rule], look: Look
) -> int:
    """Write every change; return how many places were mended."""
    done = 0
    for change in changes(result, rules, workspace, look):
        try:
            write(change)
        except OSError as error:
            name = change.target.name
            output.complain(f"{name} cannot be written: {error.strerror}")
        else:
            done += change.count
    return done


def show_changes(
    workspace: Workspace, result: Result, rules: Mapping[str, Rule], look: Look
) -> int:
    """Show every change; return 1 when there is any, else 0."""
    made = changes(result, rules, workspace, look)
    for change in made:
        output.show(_diff(change))
    return 1 if made else 0


def show_patch(
    workspace: Workspace, result: Result, rules: Mapping[str, Rule], look: Look
) -> int:
    """Show every change as it is, values and all; return 1 when there is any, else 0.

    In a pipe no character is changed, so that the patch can be applied.
    """
    from collector_lint.mending.patches import patch  # noqa: PLC0415  (hardly ever wanted)

    made = changes(result, rules, workspace, look)
    for change in made:
        if sys.stdout and sys.stdout.isatty():
            output.show(patch(change))
        else:
            output.put_exact("".join(line for line, _ in patch(change)))
    return 1 if made else 0


def _diff(change: Change) -> Iterator[Piece]:
    """Yield a unified diff; lines are compared whole, and shown with values hidden."""
    old = change.target
    new = Target(old.name, old.kind, old.folder, data=change.data)
    before, after = split(old.text), split(new.text)
    yield f"--- {old.name}\n+++ {old.name}\n", "bold"
    if old.is_marked and not new.is_marked:
        yield "- byte order mark\n", "red"
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for group in matcher.get_grouped_opcodes(2):
        first, last = group[0], group[-1]
        was = f"-{first[1] + 1},{last[2] - first[1]}"
        becomes = f"+{first[3] + 1},{last[4] - first[3]}"
        yield f"@@ {was} {becomes} @@\n", "cyan"
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                for number in range(i1, i2):
                    yield f"  {_line(old, number)}\n", ""
                continue
            for number in range(i1, i2):
                yield f"- {_line(old, number)}\n", "red"
            for number in range(j1, j2):
                yield f"+ {_line(new, number)}\n", "green"


def _line(target: Target, number: int) -> str:
    return shown_line(target, number + 1, 1).text
