"""What a run is asked for."""

from __future__ import annotations

import fnmatch
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from collector_lint.selection import Selection

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from collector_lint.rule import Kind


class UsageError(Exception):
    """What is asked for cannot be done; the message says why."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says; see the options of the command.

    None, an empty text or an empty tuple is what it says nothing about: there the
    settings file counts, which alone has `per_file_ignores`.
    """

    paths: tuple[str, ...] = (".",)
    selection: Selection = field(default_factory=Selection)
    strict: bool | None = None
    form: str = "text"
    statistics: bool = False
    kind: Kind | None = None
    exclude: tuple[str, ...] = ()
    gitignore: bool = True
    only_told: bool = False
    stdin_filename: str = "stdin.yaml"
    baseline: Path | None = None
    write_baseline: bool = False
    fix: bool = False
    diff: bool = False
    explain: str | None = None
    list_rules: bool = False
    show_values: bool = False
    output_file: Path | None = None
    exit_zero: bool = False
    isolated: bool = False
    per_file_ignores: tuple[tuple[str, frozenset[str]], ...] = ()

    @classmethod
    def of(cls, paths: Iterable[str], given: Mapping[str, Any]) -> Options:
        """Return the options as click gives them; lists may hold commas."""
        rest = dict(given)
        selection = Selection(
            _parts(rest.pop("select")), _parts(rest.pop("ignore")), rest.pop("here")
        )
        return cls(paths=tuple(paths) or (".",), selection=selection, **rest)

    def check(self) -> None:
        """Refuse options of which one would be left out.

        Raises:
            UsageError: Two of them do not go together.
        """
        if self.show_values and not self.diff:
            message = "--show-values goes with --diff"
            raise UsageError(message)
        others = {
            "--fix": self.fix,
            "--write-baseline": self.write_baseline,
            "--statistics": self.statistics,
            "--output-file": self.output_file is not None,
            f"--format {self.form}": self.form != "text",
        }
        for name, is_given in others.items():
            if self.diff and is_given:
                message = f"--diff and {name} do not go together"
                raise UsageError(message)

    def ignores(self, file: str, rule: str) -> bool:
        """Tell whether the settings leave a rule out of a file of this name."""
        if not self.per_file_ignores:
            return False
        whole = os.path.abspath(file)  # noqa: PTH100  (a Path would keep the ..)
        return any(
            rule in rules and fnmatch.fnmatchcase(whole, pattern)
            for pattern, rules in self.per_file_ignores
        )


def _parts(texts: Iterable[str]) -> tuple[str, ...]:
    parts = (part.strip() for each in texts for part in each.split(","))
    return tuple(part for part in parts if part)
