"""CF305: same id twice."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="CF305",
    name="same-id-twice",
    group="config",
    severity="error",
    kinds=("config",),
    what="Two inputs have the same `id`.",
    why=(
        "It is a part of the address of their states: each would overwrite the other's."
    ),
    mend="Give each its own.",
    bad=files.config("  fruit:", "  nuts: {id: f1, services: {hazels: {}}}\n  fruit:"),
    good=files.config("  fruit:", "  nuts: {id: n1, services: {hazels: {}}}\n  fruit:"),
    beside=files.catalogue(
        "  fruit:",
        "  nuts:\n    services:\n      hazels:\n"
        "        type: predefined\n        modules:\n"
        "          HazelPuller:\n"
        "            {type: hazels, default: true, setup_class: HazelSetup}\n"
        "  fruit:",
    ),
)
