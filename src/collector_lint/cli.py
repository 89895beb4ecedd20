"""The command: `collector lint`, `collector-lint` and `python -m collector_lint`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from collector_lint.rule import KINDS

_FORMATS = ("text", "concise", "json", "sarif", "junit", "github")

_INTERRUPTED = 130
"""What a shell shows for a program that ended by SIGINT."""


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
@click.option(
    "--strict/--no-strict", default=None, help="Exit with 1 for warnings, too."
)
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever is found.")
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    default="text",
    help="Form of the report.",
)
@click.option(
    "--output-file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the report there.",
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
@click.option(
    "--show-values",
    is_flag=True,
    help="With --diff: a patch for git apply, in which any secret can be read.",
)
@click.option(
    "--isolated",
    is_flag=True,
    help="Take no settings of collector-lint.toml or pyproject.toml.",
)
@click.option(
    "--explain",
    metavar="RULE",
    help="Explain a rule, with examples; list the rules of a beginning or a group.",
)
@click.option("--list-rules", is_flag=True, help="List all rules.")
@click.version_option(
    package_name="alibaba-audit-collector", message="collector lint %(version)s"
)
def lint(paths: tuple[str, ...], **given: object) -> None:
    """Check configurations, catalogues, definitions, schemas, states and projects.

    PATHS are folders, files, or - for standard input; without any, this folder.
    Exit codes: 0 nothing found, 1 errors found, 2 wrong usage, 130 interrupted.
    """
    try:
        # Whoever asks for help waits for nothing.
        from collector_lint.running import Options, run  # noqa: PLC0415

        code = run(Options.of(paths, given))
    except KeyboardInterrupt:
        code = _INTERRUPTED
    sys.exit(code)


def main() -> None:
    """Run the command; the console script's entry point."""
    lint(prog_name="collector-lint")
