"""One run of the command, from options to an exit code."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from collector_lint import output
from collector_lint.discovery import STDIN, discover
from collector_lint.engine import lint, lint_one
from collector_lint.options import Options, UsageError
from collector_lint.plugins import LintPluginError, Registry
from collector_lint.rule import KINDS
from collector_lint.selection import UnknownRuleError
from collector_lint.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.engine import Result
    from collector_lint.findings import Finding
    from collector_lint.reports.text import Piece
    from collector_lint.target import Target

__all__ = ["Options", "run"]

OK: Final = 0
FOUND: Final = 1
USAGE: Final = 2
READER_GONE: Final = 141
"""What a shell shows for a program that ended by SIGPIPE."""
_WITH_OFFERS: Final = frozenset({"json", "sarif"})
_FOR_PEOPLE: Final = frozenset({"text", "concise"})
_ROUNDS: Final = 5
"""Mends that overlap are made one after the other."""


def run(options: Options) -> int:
    """Do what the options say; return the exit code.

    Nothing is raised: whatever goes wrong ends with one line and a code of its own.
    """
    try:
        code = _run(options)
        output.finish()
    except output.ReaderGoneError:
        return READER_GONE
    except output.OutputError as error:
        return _usage(str(error))
    except Exception as error:  # noqa: BLE001  nobody shall need to read a traceback
        return _usage(_unexpected(error))
    return code


def _run(options: Options) -> int:
    from collector_lint.baseline import BaselineError  # noqa: PLC0415  (starts fast)

    try:
        options.check()
        registry = Registry.installed()
        if options.list_rules or options.explain is not None:
            from collector_lint.explaining import told  # noqa: PLC0415

            output.show(told(options.explain, registry.rules, output.columns()))
            return OK
        if not options.isolated:
            options = _with_settings(options, registry)
        return _check(options, registry)
    except UnknownRuleError as error:
        return _usage(f"there is no rule {error}; --list-rules lists all")
    except (UsageError, BaselineError, LintPluginError) as error:
        return _usage(str(error))


def _with_settings(options: Options, registry: Registry) -> Options:
    from collector_lint.settings import applied, find_settings  # noqa: PLC0415

    settings = find_settings(Path.cwd())
    return applied(options, settings, registry.rules) if settings else options


def _usage(message: str) -> int:
    output.complain(f"collector lint: {message}")
    return USAGE


def _unexpected(error: Exception) -> str:
    """Return what can be reported; the error's own text may quote a checked file."""
    import traceback  # noqa: PLC0415  (hardly ever needed)

    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(last.filename).name}:{last.lineno}"
    return f"it failed with {type(error).__name__} at {place}; that is its own mistake"


@dataclass(frozen=True, slots=True)
class _Look:
    """A look at everything there is, which is repeated after mending.

    Attributes:
        untold: Names of named files that nothing tells the kind of, from the last look.
    """

    options: Options
    registry: Registry
    chosen: frozenset[str]
    stdin: bytes
    untold: list[str] = field(default_factory=list[str])

    def __call__(self) -> tuple[Workspace, Result]:
        options = self.options
        self.untold.clear()
        workspace = _workspace(options, self.stdin, self.untold)
        result = lint(workspace, self.registry, self.chosen)
        left = [f for f in result.findings if not options.ignores(f.file, f.code)]
        return workspace, replace(result, findings=tuple(left))

    def again(self, target: Target, workspace: Workspace) -> tuple[Finding, ...]:
        """Return what is found in one target that was changed."""
        return lint_one(target, workspace, self.registry, self.chosen)


def _check(options: Options, registry: Registry) -> int:
    chosen = options.selection.chosen(registry.rules)
    missing = [p for p in options.paths if p != STDIN and not Path(p).exists()]
    if missing:
        message = f"there is no {missing[0]}"
        raise UsageError(message)
    stdin = _standard_input() if STDIN in options.paths else b""
    look = _Look(options, registry, chosen, stdin)
    code = _answer(look)
    for name in look.untold:
        kinds = ", ".join(KINDS)
        _usage(f"nothing tells what {name} is; say so with --kind: {kinds}")
    return USAGE if look.untold else code


def _answer(look: _Look) -> int:
    """Mend or report what is found; return the exit code."""
    options, registry, chosen = look.options, look.registry, look.chosen
    if options.diff:
        from collector_lint.mending import making  # noqa: PLC0415  (most runs mend nothing)

        show = making.show_patch if options.show_values else making.show_changes
        return _code(options, failed=show(*look(), registry.rules, look.again) > 0)
    workspace, result = _mended(look) if options.fix else look()
    if look.untold and not workspace.targets:
        return USAGE
    if options.write_baseline or options.baseline is not None:
        from collector_lint import putting_up  # noqa: PLC0415

        if options.write_baseline:
            putting_up.write_baseline(options, result, chosen)
            return OK
        result = putting_up.without_known(options, result, chosen)
    result = replace(result, strict=options.strict is True)
    if options.form in _WITH_OFFERS or options.statistics:
        from collector_lint.mending.fixing import changes  # noqa: PLC0415
        from collector_lint.mending.offers import offered  # noqa: PLC0415

        made = changes(result, registry.rules, workspace, look.again)
        result = replace(result, offers=offered(made))
    _report(options, registry, result)
    return _code(options, failed=any(map(result.fails, result.findings)))


def _code(options: Options, *, failed: bool) -> int:
    return FOUND if failed and not options.exit_zero else OK


def _mended(look: _Look) -> tuple[Workspace, Result]:
    from collector_lint.mending import making  # noqa: PLC0415

    if STDIN in look.options.paths:
        message = "standard input cannot be mended; --diff shows what would be"
        raise UsageError(message)
    workspace, result = look()
    mended = 0
    for _ in range(_ROUNDS):
        done = making.mend(workspace, result, look.registry.rules, look.again)
        if not done:
            break
        mended += done
        workspace, result = look()
    return workspace, replace(result, mended=mended)


def _standard_input() -> bytes:
    try:
        # None where it was closed before the start: then there is nothing to read.
        return sys.stdin.buffer.read() if sys.stdin else b""
    except OSError as error:
        message = f"standard input cannot be read: {error.strerror}"
        raise UsageError(message) from error


def _workspace(options: Options, stdin: bytes, untold: list[str]) -> Workspace:
    targets = discover(
        options.paths,
        stdin=stdin,
        stdin_name=options.stdin_filename,
        kind=options.kind,
        exclude=options.exclude,
        gitignore=options.gitignore,
        only_told=options.only_told,
        untold=untold,
    )
    return Workspace(
        targets,
        os.environ,
        datetime.now(UTC),
        options.selection.here,
        gitignore=options.gitignore,
        # What was left out of a folder may still describe what is checked.
        whole=() if options.exclude or options.kind else options.paths,
    )


def _report(options: Options, registry: Registry, result: Result) -> None:
    if options.form in _FOR_PEOPLE:
        shown = _pieces(options, registry, result)
        if options.output_file is None:
            output.show(shown)
            return
        report = output.safe("".join(text for text, _ in shown))
    else:
        from collector_lint.reports import render  # noqa: PLC0415

        report = render(options.form, result, registry.rules)
    if options.output_file is None:
        output.put_report(report)
        return
    try:
        options.output_file.write_text(report, encoding="utf-8", errors="replace")
    except OSError as error:
        message = f"{options.output_file} cannot be written: {error.strerror}"
        raise UsageError(message) from error


def _pieces(options: Options, registry: Registry, result: Result) -> Iterator[Piece]:
    from collector_lint.reports import text  # noqa: PLC0415

    if options.statistics:
        yield from text.statistics(result, registry.rules)
        yield from text.summary(result)
    elif options.form == "concise":
        from collector_lint.reports import concise  # noqa: PLC0415

        yield from concise.pieces(result)
    else:
        columns = output.columns() if options.output_file is None else None
        yield from text.pieces(result, registry.rules, columns)
