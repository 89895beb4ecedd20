"""Lines about the collector's parts that users of the SDK look for.

The collector is one process. Where the SDK starts and ends processes and threads of its
own, the lines say that the part with that name starts and ends.

Source: the SDK's public contract, log formats.
"""

from __future__ import annotations

import json
import logging
import os
import platform
from pathlib import Path
from typing import TYPE_CHECKING, Any

from collector_host.telemetry import roles

if TYPE_CHECKING:
    from collections.abc import Mapping

_logger = logging.getLogger(__name__)
_FOLDERS = ("config", "config_internal", "certs", "schemas", "credentials")


def process_started(role: str, period_s: float) -> None:
    """Say that a part begins its work, and looks around every so many seconds."""
    with roles.role(role):
        _logger.info("Process Started")
        _logger.info("%s - Starting thread (executing_period=%gs)", role, period_s)


def process_ended(role: str) -> None:
    """Say that a part has ended."""
    _logger.info('[EXIT] Process "%s" completely terminated', role)


def all_objects(what: str) -> None:
    """Say that everything was `Initialized` or `Started`."""
    _logger.info('%s all object from "MainProcess" process', what)


def thread_started(name: str, period_s: float) -> None:
    """Say that an input or a service is looked after from now on."""
    _logger.info("%s - Starting thread (execution_period=%gs)", name, period_s)


def thread_removed(name: str) -> None:
    """Say that a module has ended for good."""
    _logger.info("Removed finalized thread: %s", name)


def queue_blocked() -> None:
    """Say that nothing more is taken from modules."""
    _logger.info(
        '[QUEUE] Blocking "standard_queue" for avoiding the receiving of any new'
        " incoming message"
    )


def surroundings(*, production_mode: bool, only_setup: bool) -> None:
    """Say in what mode and where the collector runs.

    Its address is never asked for: the SDK makes a call to the Internet for it.
    """
    here = Path.cwd()
    exists = ", ".join(
        f'exists "{name}" dir: {(here / name).is_dir()}' for name in _FOLDERS
    )
    _logger.info(
        "Production mode: %s, execute only setup and exit: %s, Python version:"
        ' "%s", External IP: "not looked up", current dir: "%s", %s',
        production_mode,
        only_setup,
        platform.python_version(),
        here,
        exists,
    )


def files_asked_for(names: Mapping[str, str | None]) -> None:
    """Say which files the configuration was asked to come from."""
    _logger.info(
        "Loading configuration using the following files: %s", json.dumps(names)
    )


def default_location(key: str, file: Path) -> None:
    """Say that a file of the Collector Server is looked for where it usually is."""
    _logger.info('Using the default location for "%s" file: "%s"', key, file)


def files_in(folder: Path) -> None:
    """Say what lies in a folder of configuration files."""
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208  (names, not paths)
    except OSError:
        _logger.info('"%s" does not exists', folder)
    else:
        _logger.info('List of files in directory "%s": %s', folder, names)


def files_found(results: Mapping[str, Any]) -> None:
    """Say which files of the configuration are there.

    The form is the contract's: JSON, except for the values True and False.
    """
    shown = ", ".join(
        f'"{key}": {value if isinstance(value, bool) else json.dumps(value)}'
        for key, value in results.items()
    )
    _logger.info(
        "Results of validation of config files parameters: %s", "{" + shown + "}"
    )


def banner(*, build_time: str, name: str, version: str, owner: str, now: str) -> None:
    """Say what runs here, since `now`, UTC without a zone."""
    _logger.info(
        'Build time: "%s", OS: "%s", collector(name:version): "%s:%s", owner: "%s",'
        ' started at: "%sZ"',
        build_time,
        platform.platform(),
        name,
        version,
        owner,
        now,
    )


def status(kind: str, facts: Mapping[str, Any]) -> None:
    """Say how things are, as `global_status` or `environment_status`."""
    _logger.info("%s: %s", kind, json.dumps(facts))
