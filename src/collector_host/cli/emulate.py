"""`collector emulate`: stand-ins on loopback, for trying out and for tests."""

from __future__ import annotations

import click

from collector_host.cli import LazyGroup


@click.group(
    cls=LazyGroup,
    lazy={
        "actiontrail": (
            "collector_emulators.actiontrail.command:actiontrail",
            "ActionTrail's LookupEvents, with signatures checked.",
        ),
        "relay": (
            "collector_emulators.relay.command:relay",
            "A Devo relay: mutual TLS and a ledger of what it stored.",
        ),
    },
)
def emulate() -> None:
    """Run a stand-in for a service or the receiver, on loopback."""
