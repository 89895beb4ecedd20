"""Mends what can be mended without a doubt, by changes at known places.

Each change is tried before it is made: only one that removes its finding and adds none
is kept.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from collector_lint.mending.edits import Edit, apply_edits

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from collector_lint.engine import Result
    from collector_lint.findings import Finding
    from collector_lint.rule import Rule
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace

Look: TypeAlias = "Callable[[Target, Workspace], tuple[Finding, ...]]"
"""Returns what is found in one target of a workspace."""
_Proposal: TypeAlias = "tuple[Finding, Edit]"


@dataclass(frozen=True, slots=True)
class Change:
    """A file before and after.

    Attributes:
        target: The file.
        data: Its new bytes.
        count: How many places were mended.
        mends: What is gone then, and by which edit.
    """

    target: Target
    data: bytes
    count: int
    mends: tuple[tuple[Finding, Edit], ...] = ()


def changes(
    result: Result, rules: Mapping[str, Rule], workspace: Workspace, look: Look
) -> tuple[Change, ...]:
    """Return what can be mended, file by file; nothing is written.

    Args:
        result: What was found.
        rules: Every rule by its identifier.
        workspace: All targets.
        look: Looks at a changed target again.
    """
    targets = {target.name: target for target in result.targets if target.fixable}
    proposals: dict[str, list[_Proposal]] = defaultdict(list)
    for finding in result.findings:
        target = targets.get(finding.file)
        rule = rules.get(finding.code)
        if target is None or rule is None or rule.fix is None:
            continue
        edit = rule.fix(target, finding, workspace)
        if edit is not None:
            proposals[finding.file].append((finding, edit))
    made = (
        _Trial(targets[name], workspace, look).change(each)
        for name, each in sorted(proposals.items())
    )
    return tuple(change for change in made if change is not None)


class _Trial:
    """Tries changes of one file."""

    def __init__(self, target: Target, workspace: Workspace, look: Look) -> None:
        self._target = target
        self._workspace = workspace
        self._look = look
        self._before = Counter(each.code for each in look(target, workspace))

    def change(self, proposals: Sequence[_Proposal]) -> Change | None:
        """Return the change with all that is right; None when nothing is."""
        whole = self._made(proposals)
        if whole is not None:
            return whole
        kept: list[_Proposal] = []
        best: Change | None = None
        for proposal in proposals:
            change = self._made([*kept, proposal])
            if change is not None:
                kept.append(proposal)
                best = change
        return best

    def _made(self, proposals: Sequence[_Proposal]) -> Change | None:
        target = self._target
        edits = {edit for _, edit in proposals}
        text, count = apply_edits(target.text, edits, marked=target.is_marked)
        # Of changes that overlap the second one waits for the next round.
        if count < len(edits):
            return None
        new = replace(target, data=text.encode("utf-8"))
        if new.document is None or not self._is_better(new, proposals):
            return None
        return Change(target, new.data, count, tuple(proposals))

    def _is_better(self, new: Target, proposals: Sequence[_Proposal]) -> bool:
        """Tell whether exactly what was to be mended is gone, and nothing came."""
        after = self._look(new, self._workspace.with_changed(self._target, new))
        allowed = self._before - Counter(finding.code for finding, _ in proposals)
        if not Counter(each.code for each in after) <= allowed:
            return False
        # What stands for the whole file says nothing about one place of it.
        mended = {finding.path for finding, _ in proposals} - {"$"}
        return not any(e.path in mended and e.severity == "error" for e in after)


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
