"""`check` and `state` for projects laid out for the SDK: the files `run` would read."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from support.sdk_project import CONFIG, DEFINITIONS, MODULES, SdkProject

if TYPE_CHECKING:
    from pathlib import Path

TIMEOUT_S = 50
OWNER = "fruit;f1;apples;None"
JOB = (
    '{"fruit": {"id": "f2", "credentials": {"password": "wrong"},'
    ' "services": {"apples": null}}}'
)
REST = """\
{"job_id": "1", "job_name": "served", "loggers": [{"type": "console"}],
 "state_store": {"type": "filesystem", "dir": "served"}}
"""


@pytest.fixture
def project(tmp_path: Path) -> SdkProject:
    """Write a project that is free of mistakes."""
    return SdkProject(tmp_path / "orchard")


def ask(project: SdkProject, *command: str) -> tuple[int, str, str]:
    """Give a command with `--project`, from beside it; return code, stdout, stderr."""
    ended = subprocess.run(
        [sys.executable, "-m", "collector_host", *command, "--project", "orchard"],
        cwd=project.folder.parent,
        env=os.environ | {"COLLECTOR_CONFIG": "/nowhere.yaml"},
        capture_output=True,
        timeout=TIMEOUT_S,
        text=True,
        check=False,
    )
    return ended.returncode, ended.stdout, ended.stderr


def test_check_tries_setups_and_outputs_and_leaves_no_trace(
    project: SdkProject,
) -> None:
    """What it found is on stdout, and nothing else: no event, no line of a module."""
    project.write("agent/modules/orchard.py", f"print('hello')\n{MODULES}")

    code, out, log = ask(project, "check")

    assert code == 0, log
    assert out.splitlines() == [
        f"ok      configuration {project.folder}/config/config.yaml",
        "ok      service fruit/apples: the setup succeeded",
        "ok      output console_1: the receiver confirms by sent",
    ]
    assert "hello" in log
    assert not (project.folder / "state").exists()


def test_check_fails_where_a_setup_does(project: SdkProject) -> None:
    """Every try is made and told; offline none is."""
    wrong = "    id: f1\n    credentials: {password: wrong}"
    project.write("config/config.yaml", CONFIG.replace("    id: f1", wrong))

    code, out, _ = ask(project, "check")
    offline, said, _ = ask(project, "check", "--offline")

    assert code == 1
    assert "FAILED  service fruit/apples: the orchard refuses the password" in out
    assert "ok      output console_1" in out
    assert (offline, len(said.splitlines())) == (0, 1)


@pytest.mark.parametrize("content", [b"no pickle", pickle.dumps({"number": 40})])
def test_check_tells_a_state_that_the_start_could_not_take_over(
    project: SdkProject, content: bytes
) -> None:
    """One that it could is left for the start."""
    usable = content != b"no pickle"
    name = hashlib.md5(OWNER.encode(), usedforsecurity=False).hexdigest()
    project.write("state/x", "")
    (project.folder / "state" / name).write_bytes(content)

    code, out, _ = ask(project, "check")

    assert (code, f"FAILED  state {OWNER}: [DC405]" in out) == (not usable, not usable)
    assert sorted(each.name for each in (project.folder / "state").iterdir()) == [
        name,
        "x",
    ]


def test_check_names_mistakes_of_all_files_with_their_places(
    project: SdkProject,
) -> None:
    """All at once, exit code 1, and nothing of the project is run."""
    project.write("config/config.yaml", CONFIG.replace("console}", "terminal}"))
    project.write(
        "config_internal/collector_definitions.yaml",
        DEFINITIONS.replace("seconds: 120", "seconds: 0"),
    )
    project.write("agent/modules/orchard.py", "print('started')\n")

    code, out, log = ask(project, "check", "--offline")

    assert (code, out) == (2, "")
    assert "[DC101] 2 mistakes in the configuration:" in log
    assert "orchard/config/config.yaml:7:21: ST104 " in log
    assert "orchard/config_internal/collector_definitions.yaml:2:3: PJ401 " in log
    assert "started" not in log


def test_check_misses_classes_offline_too(project: SdkProject) -> None:
    """A start would be refused for them."""
    source = MODULES.replace("class AppleSetup", "class ApleSetup")
    project.write("agent/modules/orchard.py", source)

    code, out, log = ask(project, "check", "--offline")

    assert (code, out) == (2, "")
    defined = "orchard/config_internal/collector_definitions.yaml:15:26: PJ408"
    said = f"{defined} agent.modules has no setup class AppleSetup; did you mean"
    assert f"{said} ApleSetup?" in log


def test_check_refuses_what_cannot_be_split_into_submodules(
    project: SdkProject,
) -> None:
    """As a start does, before anything of it runs."""
    calculator = """

class Trees:
    @staticmethod
    def calculate_submodules(service_name, submodules_property, input_config):
        raise ValueError("no trees")
"""
    project.write("agent/modules/orchard.py", MODULES + calculator)
    setup = "setup_class: AppleSetup\n            "
    project.write(
        "config_internal/collector_definitions.yaml",
        DEFINITIONS.replace(
            setup, f"{setup}submodule_calculator_class: Trees\n{' ' * 12}"
        ),
    )

    code, _, log = ask(project, "check", "--offline")
    run = project.run("--once")

    said = "inputs.fruit.services.apples cannot be split into submodules: no trees"
    assert (code, run.code) == (2, 255)
    assert said in log
    assert said in run.log
    assert "Process Started" not in run.log


def test_options_name_the_files_that_run_would_read(project: SdkProject) -> None:
    """A file below `config`, or the pair of a Collector Server."""
    project.write("config/other.yaml", CONFIG.replace("fruit:", "fruits:"))
    project.write("job.json", JOB)
    project.write("rest.json", REST)
    pair = ("--job_config_loc", "job.json", "--collector_config_loc", "rest.json")

    other, _, said_of_other = ask(project, "check", "--config", "other.yaml")
    served, out, _ = ask(project, "check", *pair)
    _, shown, _ = ask(project, "state", "show", *pair, "--format", "json")

    assert other == 2
    assert "orchard/config/other.yaml:9:3: PJ401" in said_of_other
    assert served == 1
    assert f"ok      configuration {project.folder}/job.json" in out
    assert "FAILED  service fruit/apples: the orchard refuses the password" in out
    assert json.loads(shown)[0]["file"].startswith(f"{project.folder}/served/")


@pytest.mark.parametrize("command", ["check", "state show", "state import ."])
def test_pair_of_files_needs_a_project(tmp_path: Path, command: str) -> None:
    """Without one nothing says what the files belong to."""
    ended = subprocess.run(
        [
            *(sys.executable, "-m", "collector_host", *command.split()),
            *("--job_config_loc", "job.json"),
        ],
        cwd=tmp_path,
        capture_output=True,
        timeout=TIMEOUT_S,
        text=True,
        check=False,
    )

    assert ended.returncode == 2
    assert "goes together with --project" in ended.stderr


def test_state_of_a_project_is_shown(project: SdkProject) -> None:
    """As JSON on stdout even where modules print."""
    project.run()

    code, out, log = ask(project, "state", "show", "--format", "json")

    assert code == 0, log
    (shown,) = json.loads(out)
    assert (shown["owner"], shown["configured"]) == (OWNER, True)
    assert shown["generation"] == 1


def test_mistakes_end_the_other_commands_as_ever(project: SdkProject) -> None:
    """Exit code 2, and no advice to name a project that was named."""
    project.write("config/config.yaml", CONFIG.replace("fruit:", "fruits:"))

    code, out, log = ask(project, "state", "show")

    assert (code, out) == (2, "")
    assert "did you mean fruit?" in log
    assert "--project" not in log


def test_state_of_the_genuine_sdk_is_imported_for_a_project(
    project: SdkProject, tmp_path: Path
) -> None:
    """Both directories are those of whoever gives the command."""
    left = tmp_path / "left"
    left.mkdir()
    name = hashlib.md5(OWNER.encode(), usedforsecurity=False).hexdigest()
    (left / name).write_bytes(pickle.dumps({"number": 40}))

    code, out, log = ask(project, "state", "import", "left")
    again, kept, _ = ask(project, "state", "import", "left", "--to", "elsewhere")
    run = project.run()

    assert (code, again) == (0, 0), log
    assert out.startswith(f"imported {OWNER} from {left}/")
    assert kept.startswith("imported ")
    assert (tmp_path / "elsewhere").is_dir()
    assert [one["apple"] for one in run.contents("my.app.fruit.apples")] == [41, 42, 43]
