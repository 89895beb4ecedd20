"""The command line; everything heavy is imported inside a command."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any, Final

import click

from collector_lint import output

if TYPE_CHECKING:
    from collections.abc import Mapping

USAGE = 2


class LazyGroup(click.Group):
    """A group whose commands are imported when they are used.

    Args:
        commands: Name -> (`module:attribute`, one line of help).
    """

    def __init__(
        self, *args: Any, lazy: Mapping[str, tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        del ctx
        return list(self._lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command; for the overview its help line is enough."""
        del ctx
        if cmd_name not in self._lazy:
            return None
        location, _ = self._lazy[cmd_name]
        module, _, attribute = location.partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """List the commands without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in self._lazy.items()])


_COMMANDS: Final = {
    "run": ("collector_host.cli.run:run", "Collect and deliver until stopped."),
    "check": (
        "collector_host.cli.check:check",
        "Check the configuration, then every service and output.",
    ),
    "lint": (
        "collector_lint.cli:lint",
        "Find mistakes in configurations, definitions, schemas and states.",
    ),
    "new": ("collector_host.cli.new:new", "Write a file to start from."),
    "schema": (
        "collector_host.cli.schema:schema",
        "Show the JSON Schemas of what is installed, for editors and people.",
    ),
    "state": (
        "collector_host.cli.state:state",
        "Show what is remembered between two runs.",
    ),
    "export-sdk": (
        "collector_host.cli.export_sdk:export_sdk",
        "Write a plugin as a project of the Devo Collector SDK.",
    ),
    "conformance": (
        "collector_host.cli.conformance:conformance",
        "Run a module against the contract, with trouble around it.",
    ),
    "emulate": (
        "collector_host.cli.emulate:emulate",
        "Run a stand-in for a service or the receiver.",
    ),
    "demo": (
        "collector_host.cli.demo:demo",
        "Watch the whole path work, without any account.",
    ),
}


@click.group(
    cls=LazyGroup,
    lazy=_COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="alibaba-audit-collector", prog_name="collector")
def cli() -> None:
    """Deliver every audit event of an Alibaba Cloud account to Devo.

    Data goes to stdout, logs to stderr. Exit codes: 0 fine, 1 a check or a service
    failed, 2 usage or configuration, 3 saved state cannot be used.
    """


def main() -> None:
    """Run the command line; the console script's entry point."""
    sdk = importlib.import_module("devocollectorsdk")
    if not getattr(sdk, "COLLECTOR_HOST_COMPATIBLE", False):
        where = getattr(sdk, "__file__", "?")
        sys.stderr.write(
            f"the package devocollectorsdk at {where} is another implementation:"
            " this host's own must come first; uninstall the other one\n"
        )
        sys.exit(USAGE)
    try:
        cli()
    except OSError as error:
        if error.filename is not None:  # not standard output, which click writes
            raise
        output.discard()
        output.complain(f"collector: the output cannot be written: {error.strerror}")
        sys.exit(USAGE)
