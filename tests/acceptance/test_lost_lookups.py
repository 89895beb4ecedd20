"""Lookups that no output takes: foreseen, said, and told by the exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from collector_emulators.relay.server import Relay
from support.running import read_until
from support.sdk_project import CONFIG, MODULES, SdkProject
from support.stage import Program

if TYPE_CHECKING:
    from pathlib import Path

SAVING = "        self.persistence_object.save_state"
FILLING = """\
        factory = LookupJobFactory("Orchard_trees", ["tree", "age"], "tree")
        factory.add_item_to_list_to_initialize([["apple", 7]])
        self.send_lookup_messages(factory, True, True, "Create")
"""
IMPORT = "from devocollectorsdk.message.lookup_job_factory import LookupJobFactory\n"
FORESEEN = "ApplePuller fills lookups, and no output takes them: they would be lost"


@pytest.fixture
def project(tmp_path: Path) -> SdkProject:
    """Write a project whose module sends three events and fills a lookup."""
    modules = IMPORT + MODULES.replace(SAVING, FILLING + SAVING)
    return SdkProject(tmp_path / "orchard", modules=modules)


def _to_plain_relay(project: SdkProject, port: int, settings: str = "") -> None:
    output = f"in_house: {{type: syslog, config: {{address: 127.0.0.1, port: {port}}}}}"
    config = CONFIG.replace("console_1: {type: console}", output)
    project.write("config/config.yaml", config.replace("apples:", f"apples:{settings}"))


def _check(project: SdkProject) -> tuple[int, str]:
    command = ("check", "--offline", "--project", ".")
    with Program(project.folder).spawn(*command) as process:
        out, _ = process.communicate(timeout=30)
    return process.returncode, out


@pytest.mark.parametrize("once", [(), ("--once",)])
def test_run_that_lost_lookups_fails(
    project: SdkProject, once: tuple[str, ...]
) -> None:
    """Events are delivered and the state goes on, as under the SDK; the code is 1."""
    with Relay(None) as relay:
        _to_plain_relay(project, relay.port)

        run = project.run(*once)

        stored = len(relay.ledger.entries())
    assert (run.code, stored) == (1, 3), run.log
    assert FORESEEN in run.log
    assert "No output takes lookups: what modules put into them is lost" in run.log
    assert "1 job(s) of lookups are lost: no output takes them" in run.log


def test_stop_does_not_hide_a_loss(project: SdkProject) -> None:
    """A signal ends a run with 0, but for what no later run reads again."""
    with Relay(None) as relay:
        _to_plain_relay(project, relay.port, " {endless: true}")
        with project.spawn() as process:
            read_until(process, "Data collection completed")
            process.terminate()
            process.communicate(timeout=30)

    assert process.returncode == 1


def test_check_foresees_it(project: SdkProject) -> None:
    """Even offline; it is no more than a warning, for the code may never come to it."""
    _to_plain_relay(project, 9)

    code, out = _check(project)

    assert code == 0
    assert f"WARNING {FORESEEN}" in out


def test_module_that_fills_none_is_not_suspected(project: SdkProject) -> None:
    """Nor is one whose lookups some output takes."""
    filled = project.run()
    _to_plain_relay(project, 9)
    project.write("agent/modules/orchard.py", MODULES)

    code, out = _check(project)

    assert (filled.code, code) == (0, 0)
    assert FORESEEN not in filled.log
    assert "WARNING" not in out
