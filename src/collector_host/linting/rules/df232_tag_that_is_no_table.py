"""DF232: tag that is no table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from collector_host.delivery.transports.framing import check_tag
from collector_lint import example_files as files
from collector_lint.document import leaves
from collector_lint.loader import load
from collector_lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace

_PLACE: Final = ("module_properties", "tag")
_DEFINITIONS: Final = Path("config_internal") / "collector_definitions.yaml"


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    del workspace
    document = target.document
    if target.kind == "project":
        document, _ = load(Path(target.name) / _DEFINITIONS)
    if document is None:
        return
    for path, value in leaves(document.data):
        # With a place for something in it, it is no tag yet.
        if path[-2:] != _PLACE or not isinstance(value, str) or {*value} & {*"{}%$<>"}:
            continue
        try:
            check_tag(value)
        except ValueError:
            message = "no table of Devo has this name"
            hint = "2 to 6 levels of letters, digits, _ and -, with dots between"
            # What a project's module makes of its own property, it alone knows.
            severity = "warning" if target.kind == "project" else RULE.severity
            yield document.finding(path, RULE.id, message, hint=hint, severity=severity)


RULE: Final = Rule(
    id="DF232",
    name="tag-that-is-no-table",
    group="catalogue",
    severity="error",
    kinds=("catalogue", "definition", "project"),
    what=(
        "A `tag` has less than two levels, or characters other than letters, digits, "
        "`_` and `-`; in a project, whose module may read it otherwise, a warning."
    ),
    why=(
        "A blank or a colon would become a part of the message. Such a tag is refused "
        "when the first event is to be sent."
    ),
    mend="Write levels with dots between them, e.g. `my.app.fruit.apples`.",
    bad=files.catalogue("my.app.fruit.apples", "my app/fruit"),
    good=files.catalogue(),
    check=_check,
)
