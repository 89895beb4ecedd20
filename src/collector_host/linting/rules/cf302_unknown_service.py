"""CF302: unknown service."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="CF302",
    name="unknown-service",
    group="config",
    severity="error",
    kinds=("config",),
    what="A service has no definition.",
    why="The collector does not start: it does not know what to collect.",
    mend="Take the suggestion, or one of the services listed.",
    bad=files.config("apples: {}", "appels: {}"),
    good=files.config(),
    beside=files.BESIDE_CONFIG,
)
