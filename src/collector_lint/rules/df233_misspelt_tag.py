"""DF233: misspelt tag."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from collector_lint import example_files as files
from collector_lint.findings import shown_key
from collector_lint.rule import Rule
from collector_lint.rules._services import described, modules, services

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
    del workspace
    for service in services(described(target)):
        places = [service.properties]
        places += [(*path, "module_properties") for path, _, _ in modules(service)]
        for path in dict.fromkeys(places):
            given = service.document.mapping(path)
            for key in _misspelt(given):
                message = f"{shown_key(key)} holds what looks like a table"
                message += f"; did you mean {_KEY}?"
                yield service.document.finding(
                    (*path, key), RULE.id, message, at_key=True, severity="warning"
                )


def _misspelt(given: Mapping[str, object]) -> Iterator[str]:
    if _KEY in given:
        return
    for key, value in given.items():
        if _NEAR.fullmatch(str(key)) and _TABLE.fullmatch(str(value)):
            yield key


RULE: Final = Rule(
    id="DF233",
    name="misspelt-tag",
    group="catalogue",
    severity="warning",
    kinds=("catalogue", "definition", "project"),
    what="Properties of a module have no `tag`, but a key like it that holds a table.",
    why="The module finds no table, or takes another one.",
    mend="Write `tag`, unless your module reads the other key.",
    bad=files.catalogue("tag: my", "tog: my"),
    good=files.catalogue(),
    check=_check,
)
