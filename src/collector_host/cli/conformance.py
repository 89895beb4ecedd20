"""`collector conformance`: a module against the contract, with trouble around it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import click
from rich.console import Console

from collector_host.cli.start import USAGE
from collector_host.conformance.kit import Effort, examine
from collector_host.conformance.rendering import lines, rule_lines
from collector_host.conformance.rules import RULES
from collector_host.conformance.stage.orders import Target
from collector_host.errors import CollectorError

_LIMIT_S: Final = 8.0
_TRIALS: Final = 4


@click.command()
@click.argument("what", metavar="DIR|ENTRYPOINT", required=False)
@click.option(
    "--config",
    metavar="FILE",
    help="Of a project, a file below its folder config; of a plugin, any file.",
)
@click.option("--module", default="", metavar="CLASS", help="Run this puller alone.")
@click.option("--only", multiple=True, metavar="RULE", help="Judge this rule only.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
)
@click.option("--list-rules", is_flag=True, help="Say what every rule demands.")
@click.option("--all", "every", is_flag=True, help="Also name the rules that are kept.")
@click.option(
    "--limit",
    "limit_s",
    type=click.FloatRange(1, 600),
    default=_LIMIT_S,
    show_default=True,
    help="Seconds a run may take.",
)
@click.option(
    "--trials",
    type=click.IntRange(1, 10_000),
    default=_TRIALS,
    show_default=True,
    help="Commits, and modules, a fault is tried at, at most; evenly chosen.",
)
@click.option(
    "--quick-limits",
    is_flag=True,
    help="Also shorten the waits of rate limiters; only for a source of your own.",
)
@click.option(
    "--keep",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep the journals and logs of all runs in this folder.",
)
def conformance(  # noqa: PLR0913  (one for each option)
    what: str | None,
    *,
    config: str | None,
    module: str,
    only: tuple[str, ...],
    form: str,
    list_rules: bool,
    every: bool,
    limit_s: float,
    trials: int,
    quick_limits: bool,
    keep: Path | None,
) -> None:
    """Run a module against the contract, with trouble around it, and report.

    DIR is a project laid out for the Devo Collector SDK; ENTRYPOINT is an installed
    plugin, together with --config. Nothing is delivered anywhere: receiver and state
    are the kit's own. The source is the configured one.

    Exit codes: 0 all rules are kept, 1 findings, 2 usage or configuration.
    """
    console = Console(highlight=False, soft_wrap=True)
    if list_rules:
        for line in rule_lines():
            console.print(line)
        return
    target = _target(what, config, module)
    _check(only, keep)
    effort = Effort(only, limit_s, trials, quick_limits, keep)
    try:
        report = examine(target, effort)
    except CollectorError as error:
        click.echo(str(error), err=True)
        sys.exit(USAGE)
    if form == "json":
        click.echo(report.to_json())
    else:
        for line in lines(report, every_rule=every):
            console.print(line)
    sys.exit(0 if report.passed else 1)


def _target(what: str | None, config: str | None, module: str) -> Target:
    if what is None:
        message = "name a project's folder or a plugin's entry point"
        raise click.UsageError(message)
    if Path(what).is_dir():
        return Target("project", str(Path(what).absolute()), config or "", module)
    if config is None:
        message = f"there is no folder {what}; a plugin needs --config"
        raise click.UsageError(message)
    return Target("plugin", what, str(Path(config).absolute()), module)


def _check(only: tuple[str, ...], keep: Path | None) -> None:
    if unknown := sorted(set(only) - RULES.keys()):
        message = f"there is no rule {', '.join(unknown)}; see --list-rules"
        raise click.UsageError(message)
    if keep is not None and keep.exists() and any(keep.iterdir()):
        message = f"{keep} is not empty"
        raise click.UsageError(message)
