"""DF233: misspelt tag."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from collector_lint import example_files as files
from collector_lint.findings import shown_key
from collector_lint.rule import Rule
from collector_lint.rules._services import described, modules, services, source_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace

_KEY: Final = "tag"
_NEAR: Final = re.compile(
    r"ag|ta|tg|atg|tga|t[a-z]g|ta[a-z]|[a-z]ag|[a-z_]tag|tag[a-z_]|t[a-z]ag|ta[a-z]g",
    re.IGNORECASE,
)
"""What is one stroke from the key."""
_TABLE: Final = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+){2,}")
"""What its value looks like."""


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    for service in services(described(target)):
        places = [service.properties]
        places += [(*path, "module_properties") for path, _, _ in modules(service)]
        for path in dict.fromkeys(places):
            given = service.document.mapping(path)
            for key in _misspelt(given):
                known = source_names(target, workspace)
                if key in known.texts or key in known.bound:
                    continue  # the module reads it
                message = f"{shown_key(key)} holds what looks like a table"
                message += f"; did you mean {_KEY}?"
                yield service.document.finding(
                    (*path, key), RULE.id, message, at_key=True, severity="warning"
                )


def _misspelt(given: Mapping[str, object]) -> Iterator[str]:
    if _KEY in given:
        return
    tables = [key for key, each in given.items() if _TABLE.fullmatch(str(each))]
    near = [key for key in tables if _NEAR.fullmatch(key)]
    # With others like it, it is one of several parts, as in `tag_base` and `tags`.
    if len([key for key in tables if key in near or _KEY in key.lower()]) == 1:
        yield from near


RULE: Final = Rule(
    id="DF233",
    name="misspelt-tag",
    group="catalogue",
    severity="warning",
    kinds=("catalogue", "definition", "project"),
    what=(
        "Properties of a module have no `tag`, but one key like it that holds a table "
        "and stands nowhere in the source."
    ),
    why="The module finds no table, or takes another one.",
    mend="Write `tag`, unless your module reads the other key.",
    bad=files.catalogue("tag: my", "tog: my"),
    good=files.catalogue(),
    check=_check,
)
