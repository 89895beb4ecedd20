"""Tells secrets that stand in a configuration itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collector_lint.document import DataPath

_KEY: Final = re.compile(
    r"(?:^|_)(?:password|passwd|passphrase|secret|token|api_?key|private_?key)$",
    re.IGNORECASE,
)


def is_secret_in_clear(path: DataPath, value: object) -> bool:
    """Tell whether a value beside a key of secrets is no reference.

    What holds a reference anywhere is not complained about.
    """
    key = path[-1] if path else ""
    if not isinstance(key, str) or not _KEY.search(key):
        return False
    if isinstance(value, bool) or value is None or value == "":
        return False
    return "${" not in str(value)
