"""What a check found: one mistake, where it is, and how to mend it.

It knows neither files nor rules, and never holds a value of a checked file: any
value may be a secret in the wrong place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from collector_lint.once import once

if TYPE_CHECKING:
    from collections.abc import Iterable

Severity = Literal["error", "warning"]

_NO_CHARACTER = re.compile("[\ud800-\udfff]")
_PLAIN_KEY = re.compile(r"[A-Za-z0-9_.-]{1,64}", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One mistake; findings sort by file, then by place.

    Attributes:
        file: Name of the file as it was given.
        line: Line of the mistake, from 1.
        column: Column of the mistake in characters, from 1.
        path: Place inside the data, e.g. `$.inputs.alibaba.id`.
        code: Stable identifier of the rule.
        severity: An error stops the start-up, a warning does not.
        message: What is wrong, lower case, without a final stop.
        hint: How to mend it, or "".
    """

    file: str
    line: int
    column: int
    path: str
    code: str
    severity: Severity
    message: str
    hint: str = ""

    def __str__(self) -> str:
        text = f"{self.file}:{self.line}:{self.column}: {self.code} {self.message}"
        return f"{text} ({self.hint})" if self.hint else text


def tidy(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return each mistake once, in order of file and place."""
    return tuple(sorted(once(findings)))


def shown_key(key: str | int) -> str:
    """Return a key as findings show it.

    A key that does not look like a name is not shown: `secret:abc`, written without
    the space, is a key that holds the secret.
    """
    text = str(key)
    return text if _PLAIN_KEY.fullmatch(text) else "…"


def shown_path(path: Iterable[str | int]) -> str:
    """Return a place inside the data as findings show it, e.g. `$.a.b[0]`."""
    parts = (f"[{k}]" if isinstance(k, int) else f".{shown_key(k)}" for k in path)
    return "$" + "".join(parts)


def shown_name(name: str) -> str:
    """Return a file's name as text; bytes of it that are no UTF-8 are replaced.

    Python keeps such bytes as lone surrogates, which no text for others may hold.
    """
    return _NO_CHARACTER.sub("\ufffd", name)
