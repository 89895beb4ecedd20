"""`collector new`: files to start from."""

from __future__ import annotations

import click

from collector_host.cli import LazyGroup


@click.group(
    cls=LazyGroup,
    lazy={
        "config": (
            "collector_host.cli.new_config:config",
            "Write a configuration with a comment for every setting.",
        ),
    },
)
def new() -> None:
    """Write a file to start from."""
