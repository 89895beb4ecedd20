"""What an export holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from collector_host.config.catalogue import load_catalogue
from collector_host.exporting.merged import read_catalogue
from collector_host.exporting.offer import find_offer
from collector_lint.schemas import load_schemas, schemas_folder
from support.imitation_sdk.pythons import REQUIREMENTS

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[2]
PLUGIN = ROOT / "modules/alibaba_cloud"
BELOW = "agent/modules/alibaba_cloud"


def _catalogue(project: Mapping[str, bytes]) -> dict[str, Any]:
    return yaml.safe_load(project["config_internal/collector_definitions.yaml"])


def test_layout_is_that_of_the_sdk(project: Mapping[str, bytes]) -> None:
    """What the other host looks for is at its place, and nothing else is there."""
    tops = {path for path in project if not path.startswith((BELOW, "schemas/"))}

    assert tops == {
        "LICENSE",
        "README.md",
        "agent/__init__.py",
        "agent/modules/__init__.py",
        "certs/.gitkeep",
        "config/config.yaml",
        "config_internal/collector_definitions.yaml",
        "credentials/.gitkeep",
        "metadata.json",
        "requirements.txt",
        "state/.gitkeep",
    }


def test_modules_are_the_plugins_own_files(project: Mapping[str, bytes]) -> None:
    """Only the hooks and what they alone need stay behind; nothing is rewritten."""
    own = {
        f"{BELOW}/{path.relative_to(PLUGIN).as_posix()}": path.read_bytes()
        for path in PLUGIN.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    initial = own.pop(f"{BELOW}/__init__.py")
    rules = [path.name for path in PLUGIN.glob("lint_*.py")]
    for left_out in ("plugin.py", "resources.py", *rules):
        del own[f"{BELOW}/{left_out}"]

    exported = {path: text for path, text in project.items() if path.startswith(BELOW)}

    assert exported.pop(f"{BELOW}/__init__.py").startswith(initial)
    assert exported == own


def test_schemas_are_the_plugins_own_files(project: Mapping[str, bytes]) -> None:
    """They describe settings, states and events for whoever edits the project."""
    own = {
        f"schemas/{path.name}": path.read_bytes()
        for path in (ROOT / "schemas/alibaba_cloud").glob("*.json")
    }

    assert {path: one for path, one in project.items() if path in own} == own


def test_catalogue_means_what_the_definitions_mean(
    project: Mapping[str, bytes], tmp_path: Path
) -> None:
    """Read back, each service has the modules it has here; variants are written out."""
    plugins = find_offer(None).plugins
    schemas, _ = load_schemas([*schemas_folder().glob("*.json"), *plugins.schemas])
    file = tmp_path / "collector_definitions.yaml"
    file.write_bytes(project["config_internal/collector_definitions.yaml"])

    exported, findings = load_catalogue([file], schemas)
    own = read_catalogue(plugins.definitions, plugins.schemas)

    assert not findings
    services = exported.inputs["alibaba"].services
    expected = {
        name: one.definition for name, one in own.inputs["alibaba"].services.items()
    }
    expected["actiontrail_logservice"] = expected["actiontrail_log_service"]
    assert {name: one.definition for name, one in services.items()} == expected
    assert own.globals.items() <= exported.globals.items()


def test_catalogue_has_what_the_sdk_demands(project: Mapping[str, bytes]) -> None:
    """Without the period or without anything masked that host does not start."""
    document = _catalogue(project)

    period = document["collector_globals"][
        "management_process_execution_period_in_seconds"
    ]
    assert isinstance(period, int)
    assert period >= 1
    for block in document["collector_inputs"].values():
        assert block["config_obfuscation"]["key_value_entries"]
        for service in block["services"].values():
            assert service["type"] == "predefined"
            assert all(one["type"] for one in service["modules"].values())


def test_every_secret_is_masked(project: Mapping[str, bytes]) -> None:
    """What is always there comes first: that host stops masking at a missing one."""
    block = _catalogue(project)["collector_inputs"]["alibaba"]

    masked = [
        tuple(entry["name"])
        for entry in block["config_obfuscation"]["key_value_entries"]
    ]

    credentials = ("inputs", "alibaba", "credentials")
    services = ("inputs", "alibaba", "services")
    assert masked[:2] == [
        (*credentials, "access_key_secret"),
        (*credentials, "security_token"),
    ]
    assert set(masked[2:]) == {(*services, name, "proxy") for name in block["services"]}
    assert len(masked) == len(set(masked))


def test_catalogue_repeats_what_is_the_same(project: Mapping[str, bytes]) -> None:
    """No anchors: neither people nor simple readers need to follow references."""
    text = project["config_internal/collector_definitions.yaml"].decode()

    assert "&id" not in text
    assert "*id" not in text


def test_metadata_has_the_keys_of_the_sdk(project: Mapping[str, bytes]) -> None:
    """Name, version and owner feed that host's banner and internal messages."""
    document = json.loads(project["metadata.json"])

    assert set(document) == {
        "title",
        "package_name",
        "version",
        "version_description",
        "labels",
        "collector_type",
        "package_description",
        "owner",
        "allow_validation",
    }
    assert document["collector_type"] == "continuous"
    assert all(document.values())


def test_example_configuration_names_every_service(
    project: Mapping[str, bytes],
) -> None:
    """It has an input with credentials, an output, and a name that host accepts."""
    document = yaml.safe_load(project["config/config.yaml"])

    block = document["inputs"]["alibaba"]
    assert set(block) >= {"id", "enabled", "credentials", "services"}
    assert set(block["services"]) == {
        "actiontrail",
        "actiontrail_log_service",
        "access_log_service",
        "db_log_service",
    }
    assert all(block["services"].values())
    assert document["globals"]["persistence"]["type"] == "filesystem"
    assert set(document["globals"]) == {"debug", "id", "name", "persistence"}


def test_required_versions_are_the_locked_ones(project: Mapping[str, bytes]) -> None:
    """What is tested here, and on Python 3.9, is what runs there; all are fixed."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = {line.split(" ")[0] for line in lock.splitlines() if "==" in line}

    wanted = project["requirements.txt"].decode().splitlines()

    assert wanted
    assert set(wanted) <= locked
    assert set(wanted) <= set(REQUIREMENTS.read_text(encoding="utf-8").splitlines())
