"""What a run found, in the forms that people and programs read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from collector_lint.reports import github, json_form, junit, sarif

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from collector_lint.engine import Result
    from collector_lint.rule import Rule

Format: TypeAlias = Literal["text", "json", "sarif", "junit", "github"]

PROGRAMS: Final[Mapping[str, Callable[[Result, Mapping[str, Rule]], str]]] = {
    "json": json_form.render,
    "sarif": sarif.render,
    "junit": junit.render,
    "github": github.render,
}
"""Every form but the one for people, which needs to know where it is shown."""
