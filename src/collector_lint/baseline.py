"""Findings that are known and put up with: only new ones are reported.

An entry is a file, a rule and a place inside the data, with a number; so lines may
move, and a second mistake of the same kind at the same place is still new.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

    from collector_lint.findings import Finding

FORMAT: Final = 1
_Key: TypeAlias = tuple[str, str, str]


class BaselineError(Exception):
    """A baseline cannot be used; the message says why."""

    @classmethod
    def of(cls, file: Path, error: OSError) -> BaselineError:
        """Return the error of a file that cannot be read or written."""
        return cls(f"{file}: {error.strerror}")


def write_baseline(file: Path, findings: Iterable[Finding]) -> None:
    """Write findings as a baseline; the messages in it are for people alone.

    Raises:
        BaselineError: The file cannot be written.
    """
    counts: Counter[_Key] = Counter()
    messages: dict[_Key, str] = {}
    for finding in findings:
        key = _key(finding, file)
        counts[key] += 1
        messages.setdefault(key, finding.message)
    entries = [
        {"file": k[0], "rule": k[1], "path": k[2], "count": n, "message": messages[k]}
        for k, n in sorted(counts.items())
    ]
    text = json.dumps({"format": FORMAT, "findings": entries}, indent=2)
    try:
        file.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise BaselineError.of(file, error) from error


def read_baseline(file: Path) -> Counter[_Key]:
    """Return how often each finding is put up with.

    Raises:
        BaselineError: The file cannot be read, or is no baseline.
    """
    try:
        data: Any = json.loads(file.read_text(encoding="utf-8"))
        if data["format"] != FORMAT:
            message = f"{file} has another format; write it again"
            raise BaselineError(message)
        return Counter(
            {
                (str(e["file"]), str(e["rule"]), str(e["path"])): int(e["count"])
                for e in data["findings"]
            }
        )
    except OSError as error:
        raise BaselineError.of(file, error) from error
    except (ValueError, LookupError, TypeError) as error:
        message = f"{file} is no baseline; write it with --write-baseline"
        raise BaselineError(message) from error


def without_known(
    findings: Iterable[Finding], known: Counter[_Key], file: Path
) -> tuple[tuple[Finding, ...], int, int]:
    """Return the new findings, how many were known, and how many are gone."""
    left = Counter(known)
    new: list[Finding] = []
    count = 0
    for finding in findings:
        key = _key(finding, file)
        if left[key] > 0:
            left[key] -= 1
            count += 1
        else:
            new.append(finding)
    return tuple(new), count, left.total()


def _key(finding: Finding, file: Path) -> _Key:
    """Name files from the baseline's folder, so that any current folder will do."""
    name = os.path.relpath(finding.file, file.absolute().parent)
    return Path(name).as_posix(), finding.code, finding.path
