"""The wheel works where no checkout is."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from collector_host.exporting.offer import find_offer
from collector_host.exporting.project import build_project
from support.stage import Stage

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel as a release would."""
    folder = tmp_path_factory.mktemp("wheel")
    command = ["-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run(
        [sys.executable, *command, str(ROOT)], check=True, capture_output=True
    )
    [file] = folder.glob("*.whl")
    return file


def test_wheel_holds_code_data_and_nothing_else(wheel: Path) -> None:
    """Five packages with their type marks, the plugin's data, the host's schemas."""
    names = zipfile.ZipFile(wheel).namelist()

    packages = {name.split("/", 1)[0] for name in names if ".dist-info" not in name}
    assert packages == {
        "alibaba_cloud",
        "collector_emulators",
        "collector_host",
        "collector_lint",
        "devocollectorsdk",
    }
    for package in packages:
        assert f"{package}/py.typed" in names
    data = sorted(name for name in names if "/_data/" in name)
    assert data == sorted(
        [
            "alibaba_cloud/_data/collector_definitions.yaml",
            *(
                f"alibaba_cloud/_data/{file.relative_to(ROOT)}"
                for folder in ("definitions", "schemas/alibaba_cloud")
                for file in (ROOT / folder).iterdir()
            ),
            *(
                f"collector_lint/_data/schemas/{file.name}"
                for file in (ROOT / "schemas/collector").iterdir()
            ),
        ]
    )


def test_installed_collector_delivers(
    wheel: Path, tmp_path: Path, certificates: Path
) -> None:
    """Installed into a folder of its own, it reads its data there and delivers."""
    site = tmp_path / "site"
    install = ["-m", "pip", "install", "--quiet", "--no-deps", "--target", str(site)]
    subprocess.run([sys.executable, *install, str(wheel)], check=True)
    where = (
        "import alibaba_cloud.resources, collector_lint.schemas as s;"
        "print(alibaba_cloud.resources.data_root(), s.schemas_folder())"
    )

    with Stage(tmp_path, certificates=certificates, count=60) as stage:
        found = subprocess.run(
            [sys.executable, "-c", where],
            cwd=tmp_path,
            env={"PYTHONPATH": str(site)},
            check=True,
            capture_output=True,
            text=True,
        ).stdout.split()
        code, log = stage.run("run", "--once", PYTHONPATH=str(site))

        assert found == [
            str(site / "alibaba_cloud/_data"),
            str(site / "collector_lint/_data/schemas"),
        ]
        assert code == 0, log
        assert stage.compare().lost == 0


def test_installed_collector_exports_what_the_checkout_does(
    wheel: Path, tmp_path: Path
) -> None:
    """Where the data lie inside the package, they do not go along twice."""
    site, out = tmp_path / "site", tmp_path / "out"
    install = ["-m", "pip", "install", "--quiet", "--no-deps", "--target", str(site)]
    subprocess.run([sys.executable, *install, str(wheel)], check=True)

    subprocess.run(
        [sys.executable, "-m", "collector_host", "export-sdk", str(out)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(site)},
        check=True,
        capture_output=True,
    )

    found = {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file()
    }
    assert found == build_project(find_offer(None))
