"""SF501: damaged state."""

from __future__ import annotations

from typing import Final

from collector_host.linting import example_states as states
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="SF501",
    name="damaged-state",
    group="state",
    severity="error",
    kinds=("state",),
    what="A state file is not what the collector wrote: cut short, edited, or damaged.",
    why=(
        "The collector moves it aside and goes on from the generation before, so that"
        " events are delivered again; without one the service does not start."
    ),
    mend=(
        "Restore a copy. A state is not to be edited; to start over, move the file "
        "and its `.prev.json` away."
    ),
    bad={states.NAME: states.FOURTH.replace("05T00:00:00Z", "06T00:00:00Z")},
    good={states.NAME: states.FOURTH},
)
