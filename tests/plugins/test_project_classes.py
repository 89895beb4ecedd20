"""A project's classes, found by their names in `agent.modules`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from collector_host.errors import PluginError
from collector_host.plugins.project import Project
from support.sdk_project import MODULES, SdkProject

if TYPE_CHECKING:
    from collections.abc import Generator


@pytest.fixture(autouse=True)
def _own_python_path(monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    """Undo what entering a project does to the process."""
    monkeypatch.chdir(Path.cwd())
    monkeypatch.setattr(sys, "path", sys.path.copy())
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    finders = sys.meta_path.copy()
    yield
    sys.meta_path[:] = finders
    for name in [*sys.modules]:
        if name.partition(".")[0] == "agent":
            del sys.modules[name]


def _entered(folder: Path, **files: str) -> Project:
    project = SdkProject(folder, **files)
    found = Project(project.folder)
    found.enter()
    return found


def test_classes_are_attributes_of_the_package(tmp_path: Path) -> None:
    """Star imports bring them there; a missing name gets a suggestion."""
    project = _entered(tmp_path)

    puller, setup = project.puller("ApplePuller"), project.setup("AppleSetup")

    assert (puller.__name__, setup.__name__) == ("ApplePuller", "AppleSetup")
    assert puller.__module__ == "agent.modules.orchard"
    with pytest.raises(
        PluginError, match=r"has no setup class ApplSetup; did you mean"
    ):
        project.setup("ApplSetup")


def test_entering_puts_three_folders_first(tmp_path: Path) -> None:
    """And makes the project's folder the current one."""
    project = Project(SdkProject(tmp_path).folder)

    folders = project.enter()
    project.enter()

    names = [tmp_path, tmp_path / "config_internal", tmp_path / "schemas"]
    assert folders == names
    assert sys.path[:3] == [str(name) for name in names]
    assert sys.path.count(str(tmp_path)) == 1
    assert Path.cwd() == tmp_path


def test_another_projects_package_is_forgotten(tmp_path: Path) -> None:
    """Both are called `agent`; each project gets its own classes."""
    first = _entered(tmp_path / "one").puller("ApplePuller")
    second = _entered(tmp_path / "two").puller("ApplePuller")
    again = Project(tmp_path / "two")
    again.enter()

    assert first is not second
    assert again.puller("ApplePuller") is second


def test_error_of_an_import_names_the_projects_line(tmp_path: Path) -> None:
    """Not the line of a library that was called."""
    bad = f"import json\n{MODULES}\njson.loads('{{')\n"
    project = _entered(tmp_path, modules=bad)

    with pytest.raises(PluginError) as caught:
        project.puller("ApplePuller")

    lines = bad.count("\n")
    assert f"orchard.py:{lines})" in str(caught.value)
    assert "JSONDecodeError" in str(caught.value)


def test_folder_without_modules_is_refused(tmp_path: Path) -> None:
    """Before anything of the process is changed."""
    with pytest.raises(PluginError, match=r"has no package agent\.modules"):
        Project(tmp_path).enter()

    assert Path.cwd() != tmp_path
