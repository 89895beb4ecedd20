"""Certificates and keys of outputs are looked at where the collector runs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from collector_host.linting import example_credentials as credentials
from collector_host.linting import example_project
from collector_lint import example_files as files
from collector_lint.discovery import discover
from collector_lint.engine import lint
from collector_lint.plugins import Registry
from collector_lint.workspace import Workspace
from support.linting import run_lint, write_files

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

REGISTRY = Registry.installed()
OURS = frozenset({"CF330", "CF331", "CF332", "CF333", "CF334"})
NOW = datetime(2026, 6, 1, tzinfo=UTC)
WRONG = credentials.output(cert=credentials.EXPIRED, key=credentials.ANOTHER_KEY)


def _found(
    place: Path, *, now: datetime = NOW, chosen: frozenset[str] = OURS
) -> Sequence[str]:
    workspace = Workspace(discover([str(place)]), {}, now, here=True)
    found = lint(workspace, REGISTRY, chosen).findings
    return [f"{one.line} {one.severity} {one.code} {one.message}" for one in found]


def test_every_fault_stands_at_its_file(tmp_path: Path) -> None:
    """All at once, each at the line that names the file."""
    write_files(tmp_path, {**files.BESIDE_CONFIG, **WRONG})
    (tmp_path / "domain.key").chmod(0o644)

    assert _found(tmp_path / "config.yaml") == [
        "10 error CF331 the certificate expired on 2026-01-01 00:00 UTC",
        "11 error CF333 the key does not belong to the certificate",
        "11 warning CF334 every user of this machine may read this key",
    ]


@pytest.mark.parametrize(
    ("now", "codes"),
    [
        (datetime(2025, 12, 31, tzinfo=UTC), ["CF331", "CF331"]),
        (datetime(2026, 1, 1, tzinfo=UTC), []),
        (datetime(2099, 12, 30, tzinfo=UTC), ["CF332", "CF332"]),
        (datetime(2100, 1, 1, tzinfo=UTC), ["CF331", "CF331"]),
    ],
)
def test_time_is_that_of_the_run(
    now: datetime, codes: list[str], tmp_path: Path
) -> None:
    """Chain and certificate of the example end on the same day."""
    write_files(tmp_path, {**files.BESIDE_CONFIG, **credentials.output()})
    (tmp_path / "domain.key").chmod(0o600)

    found = _found(tmp_path / "config.yaml", now=now)

    assert [line.split()[2] for line in found] == codes


def test_project_keeps_them_below_certs(tmp_path: Path) -> None:
    """The same rules, with the places that a project has."""
    [(_, config), *texts] = WRONG.items()
    outputs = config.partition("outputs:\n")[2].partition("inputs:\n")[0]
    write_files(
        tmp_path,
        {
            **example_project.project(("  console_1: {type: console}\n", outputs)),
            **{f"certs/{name}": text for name, text in texts},
        },
    )
    (tmp_path / "certs/domain.key").chmod(0o600)

    assert [line.split()[2] for line in _found(tmp_path)] == ["CF331", "CF333"]


def test_nothing_is_read_elsewhere(tmp_path: Path) -> None:
    """Without `--here`, and without the rule's whole identifier."""
    write_files(tmp_path, {**files.BESIDE_CONFIG, **WRONG})
    place = str(tmp_path / "config.yaml")

    assert "CF33" not in run_lint(place).out
    assert "CF333" in run_lint(place, "--select", "CF333").out
    assert "CF331" in run_lint(place, "--here").out


@pytest.mark.parametrize("setting", ["chain", "cert", "key"])
def test_no_content_gets_into_a_message(setting: str, tmp_path: Path) -> None:
    """Damaged or interchanged, a key stays where it is."""
    lines = credentials.KEY.splitlines()
    damaged = f"{lines[0]}\n{lines[1][:-9]}\n{lines[2]}\n"
    for text in (damaged, credentials.KEY, lines[1]):
        wrong = credentials.output(**{setting: text})
        write_files(tmp_path, {**files.BESIDE_CONFIG, **wrong})

        outcome = run_lint(str(tmp_path / "config.yaml"), "--here")

        assert lines[1][:12] not in outcome.out + outcome.err


def test_odd_names_of_files_are_no_matter(tmp_path: Path) -> None:
    """Neither a folder, nor a device, nor what is no name."""
    for odd in ("certs", "/dev/zero", "[1]", "{a: b}", "", '"\\0"', "5", "true"):
        changed = WRONG["config.yaml"].replace("key: domain.key", f"key: {odd}")
        write_files(tmp_path, {**files.BESIDE_CONFIG, "config.yaml": changed})
        (tmp_path / "certs").mkdir(exist_ok=True)

        found = _found(tmp_path / "config.yaml", chosen=OURS | {"LN004"})

        assert [line for line in found if "LN004" in line or "key" in line] == []
