"""DF205: like unknown service."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="DF205",
    name="like-unknown-service",
    group="catalogue",
    severity="error",
    kinds=(
        "catalogue",
        "definition",
    ),
    what="A definition is like a service that its input does not have.",
    why="There is nothing to take over.",
    mend="Correct `like`.",
    bad={
        "definitions/plums.yaml": "input: fruit\nservice: plums\n"
        "settings_schema: urn:example:schema:service:pears:1\n"
        "like: aples\nmodule_properties: {tag: my.app.fruit.plums}\n"
    },
    good={
        "definitions/plums.yaml": "input: fruit\nservice: plums\n"
        "settings_schema: urn:example:schema:service:pears:1\n"
        "like: apples\n"
        "module_properties: {tag: my.app.fruit.plums}\n"
    },
    beside=files.BESIDE_DEFINITION,
)
