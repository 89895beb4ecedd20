"""What every command that works with a configuration does first."""

from __future__ import annotations

import importlib.metadata
import logging
import os
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from collector_host.config.loading import load
from collector_host.errors import CollectorError, ConfigError, PluginError, StateError
from collector_host.plugins.manager import Plugins
from collector_host.telemetry import hooks
from collector_host.telemetry.logs import configure
from collector_host.telemetry.masking import Masker
from devocollectorsdk.commons.collector_utils import CollectorUtils

if TYPE_CHECKING:
    from collections.abc import Generator

    from collector_host.config.model import Config

USAGE = 2
STATE_UNUSABLE = 3
_PLACES = ("config.yaml", "config/config.yaml", "config.json", "config/config.json")

_IS_PROJECT = (
    "This folder is a project of the Devo Collector SDK: name it with --project ., or"
    " run it by the command devo-collector"
)

config_option = click.option(
    "--config",
    "-c",
    "path",
    type=click.Path(path_type=Path),
    envvar="COLLECTOR_CONFIG",
    help="Configuration file; by default config.yaml here or in config/.",
)


@contextmanager
def exit_codes(
    *, mistakes: int = USAGE, knows_project: bool = False
) -> Generator[None]:
    """Turn the host's errors into a message on stderr and an exit code.

    Args:
        mistakes: The code where a configuration or a class cannot be used.
        knows_project: Whether the command was told of a project.
    """
    try:
        yield
    except (ConfigError, PluginError) as error:
        if not knows_project and Path("agent/modules/__init__.py").is_file():
            click.echo(_IS_PROJECT, err=True)
        _fail(error, mistakes)
    except StateError as error:
        _fail(error, STATE_UNUSABLE)


def load_all(path: Path | None) -> tuple[Config, Plugins]:
    """Load plugins and configuration, and set up logging with secrets masked.

    Raises:
        ConfigError: With every mistake found.
        PluginError: A plugin cannot be used.
    """
    plugins = Plugins.installed()
    config = load(
        path or _find(),
        definitions=plugins.definitions,
        schemas=plugins.schemas,
        secrets=plugins.secrets,
        environment=os.environ,
    )
    settings = config.settings
    level = "debug" if settings.debug else settings.log_level
    configure(settings.log_format, level, Masker(config.secrets))
    hooks.install()
    CollectorUtils.collector_name = settings.name
    CollectorUtils.collector_id = settings.id
    CollectorUtils.collector_version = importlib.metadata.version(
        "alibaba-audit-collector"
    )
    for warning in config.warnings:
        click.echo(f"{warning}", err=True)
    return config, plugins


def leave(code: int) -> NoReturn:
    """End the process now: whatever still hangs in a thread is left behind.

    The interpreter's own end would wait for it: for the threads of vendors' SDKs, and
    for devo-sdk, whose connections are log handlers and take their time to close.
    """
    for handler in logging.getLogger().handlers:
        handler.close()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(code)


def _find() -> Path:
    for place in _PLACES:
        if Path(place).is_file():
            return Path(place)
    message = f"no configuration found in {Path.cwd()}: looked for {', '.join(_PLACES)}"
    raise ConfigError(message, hint="name the file with --config")


def _fail(error: CollectorError, code: int) -> NoReturn:
    """Say why, behind everything that was logged before, and end."""
    for handler in logging.getLogger().handlers:
        handler.flush()
    click.echo(str(error), err=True)
    sys.exit(code)
