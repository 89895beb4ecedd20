"""The command: `collector lint`, `collector-lint` and `python -m collector_lint`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from collector_lint.rule import KINDS

_FORMATS = ("text", "json", "sarif", "junit", "github")


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("paths", nargs=-1, metavar="[PATHS…|-]")
@click.option(
    "--select",
    multiple=True,
    metavar="RULES",
    help="Look for these only: ids, prefixes or names, with commas.",
)
@click.option(
    "--ignore",
    multiple=True,
    metavar="RULES",
    help="Leave these out; of two prefixes the longer counts.",
)
@click.option(
    "--here",
    is_flag=True,
    help="Also check what depends on this machine: files, rights, environment.",
)
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings, too.")
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    default="text",
    help="Form of the report.",
)
@click.option(
    "--statistics", is_flag=True, help="Count findings by rule, show none of them."
)
@click.option(
    "--kind",
    type=click.Choice(KINDS),
    help="What the files are; otherwise it is found out.",
)
@click.option(
    "--exclude",
    multiple=True,
    metavar="GLOB",
    help="Leave these out below folders, e.g. 'tests/*'.",
)
@click.option(
    "--gitignore/--no-gitignore",
    default=True,
    help="Leave out below folders what git ignores (the default), or do not.",
)
@click.option(
    "--only-told",
    is_flag=True,
    help="Leave out named files, too, of which nothing tells that they are ours.",
)
@click.option(
    "--stdin-filename",
    default="stdin.yaml",
    metavar="NAME",
    help="Name of what comes from standard input.",
)
@click.option(
    "--baseline",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Report only what is not in this file.",
)
@click.option(
    "--write-baseline",
    is_flag=True,
    help="Write what is found to the baseline (lint-baseline.json), and exit with 0.",
)
@click.option("--fix", is_flag=True, help="Mend what can be mended without a doubt.")
@click.option(
    "--diff",
    is_flag=True,
    help="Show what --fix would change, values hidden, and change nothing.",
)
@click.option("--explain", metavar="RULE", help="Explain a rule, with examples.")
@click.option("--list-rules", is_flag=True, help="List all rules.")
def lint(paths: tuple[str, ...], **given: object) -> None:
    """Check configurations, catalogues, definitions, schemas, states and projects.

    PATHS are folders, files, or - for standard input; without any, this folder.
    Exit codes: 0 nothing found, 1 errors found, 2 wrong usage.
    """
    # Whoever asks for help waits for nothing.
    from collector_lint.running import Options, run  # noqa: PLC0415

    sys.exit(run(Options.of(paths, given)))


def main() -> None:
    """Run the command; the console script's entry point."""
    lint(prog_name="collector-lint")
