"""SY010: unsafe scalar."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import KINDS, Rule

RULE: Final = Rule(
    id="SY010",
    name="unsafe-scalar",
    group="syntax",
    severity="error",
    kinds=KINDS,
    what=(
        "A number or a text cannot be represented safely: infinite, not a number, too"
        " long, or with a control character."
    ),
    why=(
        "Such a number passes every comparison or none, and a control character "
        "breaks log lines and the form in which events are sent."
    ),
    mend="Write an ordinary number, or remove the character.",
    bad=files.catalogue(
        "request_period_in_seconds: 60", "request_period_in_seconds: .inf"
    ),
    good=files.catalogue(),
)
