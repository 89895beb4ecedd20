"""The container files, as far as they can be tried without a container runtime."""

from __future__ import annotations

import os
import pwd
import re
import shlex
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from support.sdk_project import EXAMPLE, REPOSITORY, SdkProject

if TYPE_CHECKING:
    from collections.abc import Generator

FOLDER = REPOSITORY / "examples" / "container"
ENTRYPOINT = FOLDER / "entrypoint.sh"
WORKDIR = "/devo-collector"
VOLUMES = ("certs", "config", "credentials", "state")
INSTRUCTIONS = {
    *("ARG", "FROM", "WORKDIR", "COPY", "RUN", "ENV", "VOLUME", "USER"),
    *("STOPSIGNAL", "ENTRYPOINT"),
}
NOBODY = 65534


def _instructions() -> list[tuple[str, str]]:
    """Return the instructions of the Dockerfile, continued lines joined."""
    text = (FOLDER / "Dockerfile").read_text("utf-8")
    text = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    lines = [line for line in text.split("\n") if line.strip()]
    return [(line.split(None, 1)[0], line.split(None, 1)[1]) for line in lines]


def _last_stage() -> list[tuple[str, str]]:
    found = _instructions()
    start = max(i for i, (word, _) in enumerate(found) if word == "FROM")
    return found[start:]


def test_image_has_the_layout_that_users_mount_into() -> None:
    """Working directory, volumes, an ordinary user by number, and the entry point."""
    stage = dict(_last_stage())  # of each instruction the last

    assert stage["WORKDIR"] == WORKDIR
    assert stage["VOLUME"] == str([f"{WORKDIR}/{each}" for each in VOLUMES]).replace(
        "'", '"'
    )
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", stage["USER"])
    assert stage["ENTRYPOINT"] == '["/usr/local/bin/collector-entrypoint"]'
    assert "COLLECTOR_IMAGE=${IMAGE}" in stage["ENV"]


def test_image_is_built_of_known_instructions_and_files_that_exist() -> None:
    """No file of the build is missing, and none may hold a user's secrets."""
    copied: list[str] = []
    for word, rest in _instructions():
        assert word in INSTRUCTIONS
        if word == "COPY" and "--from" not in rest:
            parts = [part for part in shlex.split(rest) if not part.startswith("--")]
            copied += [
                part.replace("${PROJECT}", "examples/sdk-project")
                for part in parts[:-1]
            ]
    made = [name for name in copied if name.startswith("dist/")]
    optional = [name for name in copied if "[" in name]

    missing = [
        name
        for name in copied
        if name not in made + optional and not (REPOSITORY / name).exists()
    ]
    assert missing == []
    assert made == ["dist/alibaba_audit_collector-*.whl"]
    assert not any(name.rstrip("/").endswith(VOLUMES) for name in copied)


def test_image_runs_as_the_user_who_owns_the_state() -> None:
    """The only folder that is written to belongs to that user and to nobody else."""
    stage = _last_stage()
    commands = " ".join(rest for word, rest in stage if word == "RUN")
    owner = dict(stage)["USER"]

    assert f"chown {owner} state" in commands
    assert "chmod 0700 state" in commands
    assert f"--uid {owner.split(':')[0]} " in commands


def test_compose_file_mounts_the_same_volumes() -> None:
    """All but the state read-only, with time enough for a stop."""
    [service] = yaml.safe_load((FOLDER / "compose.yaml").read_text())[
        "services"
    ].values()

    mounts: list[Any] = [mount.split(":") for mount in service["volumes"]]
    assert [mount[:2] for mount in mounts] == [
        [f"./{each}", f"{WORKDIR}/{each}"] for each in VOLUMES
    ]
    assert [mount[2:] for mount in mounts] == [["ro"], ["ro"], ["ro"], []]
    assert service["environment"] == ["CONFIG_FILE=${CONFIG_FILE:-config.yaml}"]
    assert service["image"].endswith(":${IMAGE_VERSION:-latest}")
    assert int(service["stop_grace_period"].removesuffix("s")) > 10


def test_entry_point_is_executable() -> None:
    """The image sets the mode itself; a checkout should have it, too."""
    assert ENTRYPOINT.stat().st_mode & stat.S_IXUSR


@pytest.fixture
def open_folder() -> Generator[Path]:
    """Make a folder that every user may enter, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.mark.parametrize("config_file", [None, "other.yaml"])
def test_entry_point_becomes_the_collector_of_an_ordinary_user(
    open_folder: Path, config_file: str | None
) -> None:
    """The same process, so that signals reach it; CONFIG_FILE names the file."""
    stand_in = open_folder / "bin" / "devo-collector"
    stand_in.parent.mkdir()
    stand_in.write_text('#!/bin/sh\necho "$$ $(id -u) $*"\n', "utf-8")
    stand_in.chmod(0o755)
    script = open_folder / "entrypoint.sh"
    script.write_bytes(ENTRYPOINT.read_bytes())
    user = NOBODY if os.getuid() == 0 else os.getuid()
    environment = {"PATH": f"{stand_in.parent}:/usr/bin:/bin"}
    if config_file:
        environment["CONFIG_FILE"] = config_file
    identity = {"user": user, "extra_groups": []} if os.getuid() == 0 else {}

    with subprocess.Popen(
        ["/bin/sh", str(script), "--validate"],
        cwd=open_folder,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        **identity,
    ) as process:
        out, _ = process.communicate(timeout=30)

    name = config_file or "config.yaml"
    assert out == f"{process.pid} {user} --config {name} --validate\n"
    assert user != 0, pwd.getpwuid(user).pw_name


def test_entry_point_runs_a_project(tmp_path: Path) -> None:
    """The real command, in a folder laid out as the image's, to its end."""
    project = SdkProject(tmp_path)
    config = (project.folder / "config/config.yaml").read_text("utf-8")
    project.write("config/other.yaml", config)
    (project.folder / "config/config.yaml").unlink()
    scripts = Path(sys.executable).parent

    run = subprocess.run(
        [str(ENTRYPOINT)],
        cwd=project.folder,
        env=os.environ
        | {
            "PATH": f"{scripts}:{os.environ['PATH']}",
            "CONFIG_FILE": "other.yaml",
            "COLLECTOR_IMAGE": "orchard:1",
        },
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    assert run.stdout.count("my.app.fruit.apples") == 3
    assert '"full_config": "other.yaml"' in run.stderr


def test_example_project_is_whole() -> None:
    """It has what the SDK's layout asks for, and no byte code."""
    names = {str(f.relative_to(EXAMPLE)) for f in EXAMPLE.rglob("*") if f.is_file()}

    assert {
        "agent/__init__.py",
        "agent/modules/__init__.py",
        "config/config.yaml",
        "config_internal/collector_definitions.yaml",
        "metadata.json",
    } <= names
