"""PJ420: secret in project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from collector_host.linting import example_project as project
from collector_lint.loader import load
from collector_lint.rule import Rule
from collector_lint.secrets_in_clear import secrets_in_clear

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace

_FILES: Final = ("config.yaml", "config.json")
_BLOCK: Final = "    id: f1\n    credentials: "
_READER: Final = {"agent/modules/keys.py": 'KEY = "password"\n'}


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    del workspace
    for name in _FILES:
        file = Path(target.name) / "config" / name
        document = load(file)[0] if file.is_file() else None
        if document is not None:
            yield from secrets_in_clear(document, RULE.id)


RULE: Final = Rule(
    id="PJ420",
    name="secret-in-project",
    group="project",
    severity="warning",
    kinds=("project",),
    what="A secret stands in the configuration of a project itself.",
    why=(
        "Projects are copied, kept in version control and built into images, and the "
        "secret goes with them."
    ),
    mend=(
        "Write `${NAME}` or `${file:path}`. The genuine host replaces neither: there, "
        "keep the file out of the project, and name the key in `config_obfuscation`."
    ),
    bad={
        **project.project(("    id: f1", f"{_BLOCK}{{password: example}}")),
        **_READER,
    },
    good={
        **project.project(("    id: f1", f'{_BLOCK}{{password: "${{PASSWORD}}"}}')),
        **_READER,
    },
    check=_check,
)
