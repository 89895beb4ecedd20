"""What a run looked at and looked for, so that what it did not is left alone."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from collector_lint.discovery import STDIN

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from collector_lint.options import Options
    from collector_lint.target import Target


def scope(
    options: Options,
    targets: Collection[Target],
    rules: Collection[str],
) -> Callable[[str, str], bool]:
    """Return what tells of a file and a rule whether this run looked for it there.

    A file that is no longer there was looked at where it would be: in a folder that
    was. One that is there, but was left out, was not.

    Args:
        options: What was asked for.
        targets: What was checked.
        rules: Identifiers of the rules that were looked for.
    """
    named = {os.path.abspath(place) for place in options.paths if place != STDIN}  # noqa: PTH100
    files = {os.path.abspath(target.name) for target in targets}  # noqa: PTH100
    projects = [
        os.path.abspath(target.name)  # noqa: PTH100
        for target in targets
        if target.kind == "project"
    ]

    def was_looked_for(file: str, rule: str) -> bool:
        if rule not in rules or options.ignores(file, rule):
            return False
        if file in files or file in named or _is_below(file, projects):
            return True
        return not os.path.lexists(file) and _is_below(file, named)

    return was_looked_for


def _is_below(file: str, folders: Iterable[str]) -> bool:
    return any(file.startswith(os.path.join(each, "")) for each in folders)  # noqa: PTH118
