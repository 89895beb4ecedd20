"""`devo-collector`: the Devo Collector SDK's own command, in a project's folder."""

from __future__ import annotations

from pathlib import Path

import click

from collector_host.cli.project_files import ProjectFiles, pair_options
from collector_host.cli.run_options import RunOptions, mode_options


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    "config",
    metavar="FILE",
    help="Name of the configuration below config/; by default config.yaml.",
)
@pair_options
@mode_options
def devo_collector(  # noqa: PLR0913  (one for each option)
    *,
    config: str | None,
    job_config_loc: str | None,
    collector_config_loc: str | None,
    no_save_state: bool,
    prod_mode: bool,
    validate: bool,
) -> None:
    """Run the collector project in the current folder until it is stopped.

    Exit codes: 0 fine, 255 configuration, 254 a setup failed under --validate, 3 a
    saved state cannot be used, 1 a module failed for good.
    """
    from collector_host.cli.project_run import run_project  # noqa: PLC0415  (slow)

    run_project(
        ProjectFiles(Path.cwd(), config, job_config_loc, collector_config_loc),
        RunOptions(
            save_state=not no_save_state,
            production_mode=prod_mode,
            validate=validate,
        ),
    )


def main() -> None:
    """Run the command; what `devocollectorsdk.main` leads to."""
    devo_collector()
