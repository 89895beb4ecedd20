"""`collector schema`: the JSON Schemas of what is installed."""

from __future__ import annotations

import click

from collector_host.cli import LazyGroup


@click.group(
    cls=LazyGroup,
    lazy={
        "list": (
            "collector_host.cli.schema_show:list_schemas",
            "List the schemas, each with what it describes.",
        ),
        "show": (
            "collector_host.cli.schema_show:show",
            "Print a schema that needs no other file.",
        ),
        "docs": (
            "collector_host.cli.schema_docs:docs",
            "Write a page for each schema.",
        ),
    },
)
def schema() -> None:
    """Show the JSON Schemas of what is installed, for editors and people."""
