"""What a run found, in the forms that people and programs read."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from collector_lint.engine import Result
    from collector_lint.rule import Rule

_MODULES: Final = {
    "json": "json_form",
    "sarif": "sarif",
    "junit": "junit",
    "github": "github",
}
PROGRAMS: Final = tuple(_MODULES)
"""Every form but the one for people, which needs to know where it is shown."""


def render(form: str, result: Result, rules: Mapping[str, Rule]) -> str:
    """Return a report for programs.

    Args:
        form: One of `PROGRAMS`; it is imported now, because most runs are for people.
        result: What was found.
        rules: Every rule by its identifier.
    """
    module = importlib.import_module(f"{__name__}.{_MODULES[form]}")
    report: str = module.render(result, rules)
    return report
