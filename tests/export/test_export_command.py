"""`collector export-sdk` as a user meets it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from click.testing import CliRunner

from collector_host.cli import cli

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from click.testing import Result


def _export(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["export-sdk", *arguments])


def _contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_two_exports_are_equal_to_the_byte(
    tmp_path: Path, project: Mapping[str, bytes]
) -> None:
    """Nothing in an export depends on when, where or in which order it was made."""
    for name in ("first", "second"):
        assert _export(str(tmp_path / name)).exit_code == 0

    first, second = _contents(tmp_path / "first"), _contents(tmp_path / "second")
    assert first == second == dict(project)


def test_folder_that_holds_something_is_refused(tmp_path: Path) -> None:
    """Whatever is there stays as it is, and nothing is added."""
    (tmp_path / "notes.txt").write_text("mine")

    result = _export(str(tmp_path))

    assert result.exit_code == 2
    assert "is not empty: nothing was written" in result.stderr
    assert _contents(tmp_path) == {"notes.txt": b"mine"}


def test_force_replaces_the_modules_and_keeps_what_is_the_users(
    tmp_path: Path, project: Mapping[str, bytes]
) -> None:
    """No module of an older export stays, and no configuration is lost."""
    _export(str(tmp_path))
    config = tmp_path / "config/config.yaml"
    config.write_text("mine: true\n")
    old = tmp_path / "agent/modules/alibaba_cloud/actiontrail/forgotten.py"
    old.write_text("")
    other = tmp_path / "agent/modules/another/__init__.py"
    other.parent.mkdir()
    other.write_text("")
    (tmp_path / "metadata.json").write_text("{}")

    result = _export(str(tmp_path), "--force")

    assert result.exit_code == 0
    assert f"kept    {config}" in result.stdout
    changed = {
        "config/config.yaml": b"mine: true\n",
        "agent/modules/another/__init__.py": b"",
    }
    assert _contents(tmp_path) == {**project, **changed}


def test_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    """A path that cannot be a folder is a mistake of the caller's, not a traceback."""
    (tmp_path / "file").write_text("")

    result = _export(str(tmp_path / "file"))

    assert result.exit_code == 2
    assert "cannot be written" in result.stderr


def test_unknown_plugin_is_answered_with_the_known_ones(tmp_path: Path) -> None:
    """A typing error in --plugin shows what could have been meant."""
    result = _export(str(tmp_path / "out"), "--plugin", "alibaba")

    assert result.exit_code == 2
    assert "no plugin is called alibaba; installed: alibaba_cloud" in result.stderr
    assert not (tmp_path / "out").exists()
