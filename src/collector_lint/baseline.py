"""Findings that are known and put up with: only new ones are reported.

An entry is a file, a rule and a place inside the data, with a number; so lines may
move, and a second mistake of the same kind at the same place is still new. What a run
did not look for is neither gone nor left out when the baseline is written again.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from collector_lint.findings import Finding

FORMAT: Final = 1


class Entry(NamedTuple):
    """What is put up with.

    Attributes:
        file: Name of the file from the baseline's folder.
        rule: Identifier of the rule.
        path: Place inside the data.
    """

    file: str
    rule: str
    path: str


LookedFor: TypeAlias = "Callable[[str, str], bool]"
"""Tells of a file, by its absolute name, and a rule whether this run looked for it."""


class BaselineError(Exception):
    """A baseline cannot be used; the message says why."""

    @classmethod
    def of(cls, file: Path, error: OSError) -> BaselineError:
        """Return the error of a file that cannot be read or written."""
        return cls(f"{file}: {error.strerror}")


@dataclass(frozen=True, slots=True)
class Compared:
    """A run's findings beside a baseline.

    Attributes:
        new: Findings that are not in it.
        known: How many are in it.
        gone: What is in it, was looked for, and is no longer there.
    """

    new: tuple[Finding, ...]
    known: int
    gone: Counter[Entry]


class Baseline:
    """A file of findings that are put up with.

    Args:
        file: Where it is; files are named from its folder.
        counts: How often each finding is put up with.
        messages: What each says, for people alone.
    """

    def __init__(
        self,
        file: Path,
        counts: Mapping[Entry, int] | None = None,
        messages: Mapping[Entry, str] | None = None,
    ) -> None:
        self._file = file
        self._counts = Counter(counts or {})
        self._messages = dict(messages or {})

    @classmethod
    def read(cls, file: Path) -> Baseline:
        """Read a baseline.

        Raises:
            BaselineError: The file cannot be read, or is no baseline.
        """
        try:
            data: Any = json.loads(file.read_text(encoding="utf-8"))
            if data["format"] != FORMAT:
                message = f"{file} is a baseline of another format; delete it first"
                raise BaselineError(message)
            counts: Counter[Entry] = Counter()
            messages: dict[Entry, str] = {}
            for each in data["findings"]:
                entry = Entry(*(str(each[key]) for key in Entry._fields))
                counts[entry] += int(each["count"])
                messages[entry] = str(each.get("message", ""))
        except FileNotFoundError as error:
            message = f"{file}: {error.strerror}; --write-baseline writes one"
            raise BaselineError(message) from error
        except OSError as error:
            raise BaselineError.of(file, error) from error
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            message = f"{file} is no baseline; name another file"
            raise BaselineError(message) from error
        return cls(file, counts, messages)

    def compared(self, findings: Iterable[Finding], looked_for: LookedFor) -> Compared:
        """Compare findings with what is known."""
        left = Counter(self._counts)
        new: list[Finding] = []
        known = 0
        for finding in findings:
            entry = self._entry(finding)
            if left[entry] > 0:
                left[entry] -= 1
                known += 1
            else:
                new.append(finding)
        gone = {e: n for e, n in left.items() if n and self._is_of(e, looked_for)}
        return Compared(tuple(new), known, Counter(gone))

    def renewed(
        self, findings: Iterable[Finding], looked_for: LookedFor
    ) -> tuple[Baseline, int]:
        """Return a baseline of findings and of what was not looked for.

        With it comes how many findings of this one were kept unseen.
        """
        counts = Counter(
            {e: n for e, n in self._counts.items() if not self._is_of(e, looked_for)}
        )
        kept = counts.total()
        messages = {entry: self._messages[entry] for entry in counts}
        for finding in findings:
            entry = self._entry(finding)
            counts[entry] += 1
            messages.setdefault(entry, finding.message)
        return Baseline(self._file, counts, messages), kept

    def write(self) -> None:
        """Write it to its file.

        Raises:
            BaselineError: The file cannot be written.
        """
        entries = [
            {**entry._asdict(), "count": number, "message": self._messages[entry]}
            for entry, number in sorted(self._counts.items())
        ]
        text = json.dumps({"format": FORMAT, "findings": entries}, indent=2)
        try:
            self._file.write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            raise BaselineError.of(self._file, error) from error

    def _entry(self, finding: Finding) -> Entry:
        """Name files from the baseline's folder, so that any current folder will do."""
        name = os.path.relpath(finding.file, self._folder)
        return Entry(Path(name).as_posix(), finding.code, finding.path)

    def _is_of(self, entry: Entry, looked_for: LookedFor) -> bool:
        return looked_for(os.path.normpath(self._folder / entry.file), entry.rule)

    @property
    def _folder(self) -> Path:
        return self._file.absolute().parent
