"""`collector emulate`: stand-ins on loopback, for trying out and for tests."""

from __future__ import annotations

from typing import Any

import click

from collector_host.cli import LazyGroup


class _PlainErrors(LazyGroup):
    """Says in one line what an operator can mend: a port in use, a missing folder."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command chosen."""
        try:
            return super().invoke(ctx)
        except OSError as error:
            raise click.ClickException(str(error)) from error


@click.group(
    cls=_PlainErrors,
    lazy={
        "actiontrail": (
            "collector_emulators.actiontrail.command:actiontrail",
            "ActionTrail's LookupEvents, with signatures checked.",
        ),
        "log-service": (
            "collector_emulators.log_service.command:log_service",
            "Log Service: shards, cursors and pulls, with signatures checked.",
        ),
        "relay": (
            "collector_emulators.relay.command:relay",
            "A Devo relay: mutual TLS and a ledger of what it stored.",
        ),
    },
)
def emulate() -> None:
    """Run a stand-in for a service or the receiver, on loopback."""
