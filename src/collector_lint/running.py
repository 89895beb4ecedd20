"""One run of the command, from options to an exit code."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from collector_lint import output
from collector_lint.baseline import (
    BaselineError,
    read_baseline,
    without_known,
    write_baseline,
)
from collector_lint.discovery import STDIN, UnknownKindError, discover
from collector_lint.engine import Result, lint, lint_one
from collector_lint.explaining import explained, listed
from collector_lint.plugins import LintPluginError, Registry
from collector_lint.reports import render, text
from collector_lint.rule import KINDS
from collector_lint.selection import Selection, UnknownRuleError
from collector_lint.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from collector_lint.findings import Finding
    from collector_lint.fixing import Change, Look
    from collector_lint.rule import Kind

OK: Final = 0
FOUND: Final = 1
USAGE: Final = 2
_BASELINE: Final = Path("lint-baseline.json")
_ROUNDS: Final = 5
"""Mends that overlap are made one after the other."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says; see the options of the command."""

    paths: tuple[str, ...] = (".",)
    selection: Selection = field(default_factory=Selection)
    strict: bool = False
    form: str = "text"
    statistics: bool = False
    kind: Kind | None = None
    exclude: tuple[str, ...] = ()
    stdin_filename: str = "stdin.yaml"
    baseline: Path | None = None
    write_baseline: bool = False
    fix: bool = False
    diff: bool = False
    explain: str | None = None
    list_rules: bool = False

    @classmethod
    def of(cls, paths: Iterable[str], given: Mapping[str, Any]) -> Options:
        """Return the options as click gives them; lists may hold commas."""
        rest = dict(given)
        selection = Selection(
            _parts(rest.pop("select")), _parts(rest.pop("ignore")), rest.pop("here")
        )
        return cls(paths=tuple(paths) or (".",), selection=selection, **rest)


def _parts(texts: Iterable[str]) -> tuple[str, ...]:
    parts = (part.strip() for each in texts for part in each.split(","))
    return tuple(part for part in parts if part)


def run(options: Options) -> int:
    """Do what the options say; return the exit code."""
    try:
        registry = Registry.installed()
        if options.list_rules:
            output.show(listed(registry.rules.values()))
            return OK
        if options.explain is not None:
            return _explain(options.explain, registry)
        return _check(options, registry)
    except UnknownRuleError as error:
        return _usage(f"there is no rule {error}; --list-rules lists all")
    except UnknownKindError as error:
        kinds = ", ".join(KINDS)
        return _usage(f"nothing tells what {error} is; say so with --kind: {kinds}")
    except (BaselineError, LintPluginError) as error:
        return _usage(str(error))


def _usage(message: str) -> int:
    sys.stderr.write(output.safe(f"collector lint: {message}\n"))
    return USAGE


def _explain(name: str, registry: Registry) -> int:
    wanted = name.upper()
    for rule in registry.rules.values():
        if wanted == rule.id or name == rule.name:
            output.show(explained(rule))
            return OK
    raise UnknownRuleError(name)


def _check(options: Options, registry: Registry) -> int:
    chosen = options.selection.chosen(registry.rules)
    missing = [p for p in options.paths if p != STDIN and not Path(p).exists()]
    if missing:
        return _usage(f"there is no {missing[0]}")
    stdin = sys.stdin.buffer.read() if STDIN in options.paths else b""

    def look() -> tuple[Workspace, Result]:
        workspace = _workspace(options, stdin)
        return workspace, lint(workspace, registry, chosen)

    again = partial(lint_one, registry=registry, looked_for=chosen)
    workspace, result = look()
    if options.fix or options.diff:
        from collector_lint import mending  # noqa: PLC0415  (most runs mend nothing)

        if options.diff:
            return mending.show_changes(workspace, result, registry.rules, again)
        if STDIN in options.paths:
            return _usage("standard input cannot be mended; --diff shows what would be")
        mended = 0
        for _ in range(_ROUNDS):
            done = mending.mend(workspace, result, registry.rules, again)
            if not done:
                break
            mended += done
            workspace, result = look()
        result = replace(result, mended=mended)
    made = _changes(workspace, result, registry, again) if options.statistics else ()
    mendable = frozenset(each for change in made for each in change.findings)
    return _report(options, registry, result, mendable)


def _changes(
    workspace: Workspace, result: Result, registry: Registry, again: Look
) -> tuple[Change, ...]:
    from collector_lint.fixing import changes  # noqa: PLC0415  (most runs mend nothing)

    return changes(result, registry.rules, workspace, again)


def _workspace(options: Options, stdin: bytes) -> Workspace:
    targets = discover(
        options.paths,
        stdin=stdin,
        stdin_name=options.stdin_filename,
        kind=options.kind,
        exclude=options.exclude,
    )
    here = options.selection.here
    return Workspace(targets, os.environ, datetime.now(UTC), here)


def _report(
    options: Options,
    registry: Registry,
    result: Result,
    mendable: Collection[Finding],
) -> int:
    if options.write_baseline:
        file = options.baseline or _BASELINE
        write_baseline(file, result.findings)
        output.put(f"{len(result.findings)} findings written to {file}\n")
        return OK
    if options.baseline is not None:
        known = read_baseline(options.baseline)
        new, count, gone = without_known(result.findings, known, options.baseline)
        result = replace(result, findings=new, known=count)
        if gone:
            sys.stderr.write(
                f"{gone} findings of the baseline are gone: write it again\n"
            )
    if options.form != "text":
        sys.stdout.write(render(options.form, result, registry.rules))
    elif options.statistics:
        output.show(text.statistics(result, registry.rules, mendable))
        output.show(text.summary(result))
    else:
        output.show(text.pieces(result, registry.rules))
    failed = result.errors or (options.strict and result.warnings)
    return FOUND if failed else OK
