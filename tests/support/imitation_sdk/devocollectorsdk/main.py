"""`python -m devocollectorsdk.main --config config.yaml`, in a project's folder.

For tests there are `IMITATION_JOURNAL`, a file for what is sent, `IMITATION_REPORT`, a
file for what is known at the end, and `IMITATION_PULLS`, pulls of each module before
the end; without the last one it runs until it gets a signal.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import sys
import threading
import time
from importlib import import_module
from pathlib import Path
from typing import Any, Dict, List

import yaml
from devocollectorsdk.output import OutputQueue

from devocollectorsdk.commons.collector_exceptions import (
    SdkDefinitionsInitializationError,
    SdkError,
    SdkManagementProcessInitializationError,
)
from devocollectorsdk.commons.collector_utils import CollectorUtils
from devocollectorsdk.persistence import PersistenceFactoryManager

_log = logging.getLogger("devocollectorsdk")
_FORMAT = (
    "%(asctime)s.%(msecs)03d %(levelname)7s %(processName)s::%(threadName)s ->"
    " %(message)s"
)
_PERIOD = "management_process_execution_period_in_seconds"
_CONFIGURATION_WRONG, _SETUP_FAILED = -1, -2
_LOOK_S = 0.01


class _TextLoader(yaml.SafeLoader):
    """Leaves points in time as the texts they were written as."""


_TextLoader.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def main() -> int:
    """Run a project; return the exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", required=True)
    parser.add_argument("--validate", action="store_true")
    parser.add_argument("--no-save-state", action="store_true")
    options = parser.parse_args()
    logging.basicConfig(
        level=logging.INFO,
        format=_FORMAT,
        datefmt="%Y-%m-%dT%H:%M:%S",
        stream=sys.stderr,
    )
    here = Path.cwd()
    sys.path[:0] = [str(here), str(here / "config_internal"), str(here / "schemas")]
    try:
        catalogue = _catalogue(here / "config_internal" / "collector_definitions.yaml")
        config = _read(here / "config" / options.config)
        pullers = _pullers(catalogue, config, options)
    except SdkError as error:
        _log.error("%s", error)
        return _CONFIGURATION_WRONG
    if options.validate:
        return _validate(pullers)
    _run(pullers)
    _report(pullers)
    return 0


def _read(file: Path) -> Dict[str, Any]:
    text = file.read_text(encoding="utf-8")
    return yaml.load(text, _TextLoader)  # noqa: S506  (a safe loader's child)


def _catalogue(file: Path) -> Dict[str, Any]:
    if not file.exists():
        raise SdkDefinitionsInitializationError(1, str(file))
    document = _read(file)
    blocks = document["collector_inputs"].values()
    if not any(block.get("config_obfuscation") for block in blocks):
        raise SdkDefinitionsInitializationError(4, "config_obfuscation is mandatory")
    period = document.get("collector_globals", {}).get(_PERIOD)
    if not isinstance(period, int) or period < 1:
        raise SdkManagementProcessInitializationError(1101, _PERIOD)
    return document


def _pullers(
    catalogue: Dict[str, Any], config: Dict[str, Any], options: argparse.Namespace
) -> List[Any]:
    # Late, because they import the project's modules.
    service_thread: Any = import_module("devocollectorsdk.service_thread")
    settings = config["globals"]
    about = json.loads(Path("metadata.json").read_text(encoding="utf-8"))
    CollectorUtils.collector_name = settings["name"]
    CollectorUtils.collector_id = settings["id"]
    CollectorUtils.collector_version = about["version"]
    CollectorUtils.collector_owner = about["owner"]
    for block in config["inputs"].values():
        block["persistence"] = settings["persistence"]
    means = service_thread.Means(
        catalogue,
        PersistenceFactoryManager(settings["persistence"], options.no_save_state),
        OutputQueue(os.environ["IMITATION_JOURNAL"]),
        options.validate,
    )
    return list(service_thread.make_pullers(means, config["inputs"]))


def _validate(pullers: List[Any]) -> int:
    setups = [one.setup_instance for one in pullers if one.setup_instance is not None]
    for setup in setups:
        setup.start()
    for setup in setups:
        setup.join()
    is_good = all(setup.setup_execution_result for setup in setups)
    return 0 if is_good else _SETUP_FAILED


def _run(pullers: List[Any]) -> None:
    asked = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: asked.set())
    for puller in pullers:
        puller.start()
    wanted = int(os.environ.get("IMITATION_PULLS", "0"))
    while not asked.wait(_LOOK_S) and not _is_over(pullers, wanted):
        pass
    began = time.monotonic()
    for puller in pullers:
        puller.pause(wait=True)
    for puller in pullers:
        puller.stop()
    for puller in pullers:
        puller.join()
    _log.info("All threads ended within %.3f seconds", time.monotonic() - began)


def _is_over(pullers: List[Any], wanted: int) -> bool:
    if wanted and all(puller.pulls_done >= wanted for puller in pullers):
        return True
    return not any(puller.is_alive() for puller in pullers)


def _report(pullers: List[Any]) -> None:
    place = os.environ.get("IMITATION_REPORT")
    if not place:
        return
    report = {
        "python": list(sys.version_info[:2]),
        "threads": sorted(puller.name for puller in pullers),
        "setups": sorted(puller.setup_instance.name for puller in pullers),
        "pulls": {puller.name: puller.pulls_done for puller in pullers},
        "failed": {puller.name: puller.pulls_failed for puller in pullers},
        "states": {
            puller.persistence_object.unique_identifier: (
                puller.persistence_object.load_state()
            )
            for puller in pullers
        },
        "imported": sorted(sys.modules),
    }
    Path(place).write_text(json.dumps(report), encoding="utf-8")


if __name__ == "__main__":
    code = main()
    logging.shutdown()
    # What still hangs in threads is left behind.
    os._exit(code % 256)
