"""Mends what can be mended without a doubt, by changes at known places.

A changed text that no longer loads is not written.
"""

from __future__ import annotations

import os
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from collector_lint.edits import Edit, apply_edits
from collector_lint.loader import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from collector_lint.engine import Result
    from collector_lint.rule import Rule
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Change:
    """A file before and after.

    Attributes:
        target: The file.
        data: Its new bytes.
        count: How many places were mended.
    """

    target: Target
    data: bytes
    count: int


def changes(
    result: Result, rules: Mapping[str, Rule], workspace: Workspace
) -> tuple[Change, ...]:
    """Return what can be mended, file by file; nothing is written."""
    targets = {target.name: target for target in result.targets if target.fixable}
    edits: dict[str, list[Edit]] = defaultdict(list)
    for finding in result.findings:
        target = targets.get(finding.file)
        rule = rules.get(finding.code)
        if target is None or rule is None or rule.fix is None:
            continue
        edit = rule.fix(target, finding, workspace)
        if edit is not None:
            edits[finding.file].append(edit)
    made = (_change(targets[name], each) for name, each in sorted(edits.items()))
    return tuple(change for change in made if change is not None)


def _change(target: Target, edits: Iterable[Edit]) -> Change | None:
    text, count = apply_edits(target.text, edits, marked=target.is_marked)
    data = text.encode("utf-8")
    document, _ = parse(data, target.name)
    if document is None or not count:
        return None
    return Change(target, data, count)


def write(change: Change) -> None:
    """Replace a file at once, keeping its rights; a link stays a link.

    Raises:
        OSError: The file cannot be written; it is as it was.
    """
    assert change.target.path is not None  # noqa: S101  (only files are fixable)
    file = Path(os.path.realpath(change.target.path))
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(change.data)
            stream.flush()
            os.fsync(handle)
        os.chmod(name, file.stat().st_mode & 0o7777)  # noqa: PTH101
        os.replace(name, file)  # noqa: PTH105
    except BaseException:  # an interrupt, too, leaves nothing behind
        os.unlink(name)  # noqa: PTH108
        raise
