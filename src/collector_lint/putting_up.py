"""A run and its baseline: what is reported still, and what is written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from collector_lint import output
from collector_lint.baseline import Baseline
from collector_lint.scope import scope

if TYPE_CHECKING:
    from collections.abc import Collection

    from collector_lint.engine import Result
    from collector_lint.options import Options

_DEFAULT: Final = Path("lint-baseline.json")


def write_baseline(options: Options, result: Result, rules: Collection[str]) -> None:
    """Write what was found, and keep what was not looked for.

    Raises:
        BaselineError: The file cannot be read or written, or is none.
    """
    file = options.baseline or _DEFAULT
    before = Baseline.read(file) if file.exists() else Baseline(file)
    looked_for = scope(options, result.targets, rules)
    after, kept = before.renewed(result.findings, looked_for)
    after.write()
    written = f"{_findings(len(result.findings))} written to {file}"
    more = f", {kept} kept that this run did not look for" if kept else ""
    output.put(f"{written}{more}\n")


def without_known(options: Options, result: Result, rules: Collection[str]) -> Result:
    """Return the result without what is put up with; tell what is gone.

    Raises:
        BaselineError: The file cannot be read, or is none.
    """
    looked_for = scope(options, result.targets, rules)
    compared = Baseline.read(options.baseline or _DEFAULT).compared(
        result.findings, looked_for
    )
    if gone := compared.gone:
        output.complain(
            f"{_findings(gone.total())} of the baseline"
            f" {'is' if gone.total() == 1 else 'are'} gone;"
            " --write-baseline writes it again:"
        )
        for entry, number in sorted(gone.items()):
            times = f" ({number} times)" if number > 1 else ""
            output.complain(f"  {entry.file}: {entry.rule} at {entry.path}{times}")
    return replace(result, findings=compared.new, known=compared.known)


def _findings(number: int) -> str:
    return f"{number} finding{'' if number == 1 else 's'}"
