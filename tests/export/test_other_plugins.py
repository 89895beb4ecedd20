"""Any plugin of the entry-point group can be exported, not this project's alone."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest
import yaml

from collector_host.errors import ConfigError, PluginError
from collector_host.exporting.offer import find_offer
from collector_host.exporting.project import build_project

if TYPE_CHECKING:
    from pathlib import Path

HOOKS = """\
from pathlib import Path
import pluggy

hook = pluggy.HookimplMarker("collector_host")

@hook
def collector_pullers():
    return {"ApplePuller": "orchard.puller:ApplePuller"}

@hook
def collector_definitions():
    return [Path(__file__).with_name("catalogue.yaml")]
"""
CATALOGUE = """\
collector_globals: {message_batch_size: 7}
collector_inputs:
  orchard:
    services:
      apples:
        type: predefined
        modules: {ApplePuller: {type: apples, default: true}}
"""
ORCHARD = {
    "orchard/__init__.py": "",
    "orchard/hooks.py": HOOKS,
    "orchard/puller.py": "class ApplePuller: ...\n",
    "orchard/catalogue.yaml": CATALOGUE,
    "orchard-1.2.dist-info/METADATA": (
        "Metadata-Version: 2.1\nName: orchard\nVersion: 1.2\n"
    ),
    "orchard-1.2.dist-info/entry_points.txt": (
        "[collector_host]\norchard = orchard.hooks\n"
    ),
}


@pytest.fixture(name="site")
def _site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Install a small plugin for one test."""
    for path, text in ORCHARD.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    for name in [name for name in sys.modules if name.partition(".")[0] == "orchard"]:
        monkeypatch.delitem(sys.modules, name)
    return tmp_path


@pytest.mark.usefixtures("site")
def test_plugin_that_offers_the_least_is_exported() -> None:
    """What it does not say is filled in as that SDK demands it."""
    project = build_project(find_offer("orchard"))

    modules = {path for path in project if path.startswith("agent/modules/orchard/")}
    catalogue = yaml.safe_load(project["config_internal/collector_definitions.yaml"])
    config = yaml.safe_load(project["config/config.yaml"])
    block = catalogue["collector_inputs"]["orchard"]
    assert modules == {
        "agent/modules/orchard/__init__.py",
        "agent/modules/orchard/puller.py",
    }
    assert b"ApplePuller" in project["agent/modules/orchard/__init__.py"]
    assert catalogue["collector_globals"]["message_batch_size"] == 7
    assert catalogue["collector_globals"][
        "management_process_execution_period_in_seconds"
    ]
    assert block["config_obfuscation"] == {"key_value_entries": []}
    assert config["inputs"]["orchard"]["services"] == {"apples": None}
    assert json.loads(project["metadata.json"])["package_name"] == "orchard"
    assert project["requirements.txt"] == b""
    assert "LICENSE" not in project


@pytest.mark.usefixtures("site")
def test_programs_own_plugin_is_the_default_among_several() -> None:
    """Installing one more plugin does not change what is exported."""
    assert find_offer(None).name == "alibaba_cloud"


def test_catalogue_with_a_mistake_is_refused_with_its_place(site: Path) -> None:
    """The finding names file and line, as everywhere."""
    (site / "orchard/catalogue.yaml").write_text("collector_inputs: {orchard: {}}\n")

    with pytest.raises(ConfigError, match=r"catalogue\.yaml:1:"):
        build_project(find_offer("orchard"))


def test_plugin_without_a_service_is_refused(site: Path) -> None:
    """An export of nothing would be found out about on the other host only."""
    (site / "orchard/catalogue.yaml").write_text(
        "collector_inputs: {orchard: {services: {}}}\n"
    )

    with pytest.raises(PluginError, match="defines no service"):
        build_project(find_offer("orchard"))


def test_plugin_that_cannot_be_imported_is_refused(site: Path) -> None:
    """The reason is in the message."""
    (site / "orchard/hooks.py").write_text("import nowhere\n")

    with pytest.raises(PluginError, match=r"orchard cannot be loaded.*nowhere"):
        find_offer("orchard")
