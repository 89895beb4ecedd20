"""Every wrong configuration is answered with exactly the findings written down."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector_host.config.errors import ConfigFindingsError
from config.orchard_plugin import load_config

_TABLE = Path(__file__).with_name("wrong_configurations.txt")


def _cases() -> list[tuple[str, str, list[str]]]:
    """Read `=== name`, a configuration, `=>`, and its findings without file name."""
    cases: list[tuple[str, str, list[str]]] = []
    for section in _TABLE.read_text("utf-8").split("=== ")[1:]:
        name, _, rest = section.partition("\n")
        text, _, findings = rest.partition("=>\n")
        cases.append((name, text, findings.split("\n")))
    return [(name, text, [f for f in lines if f]) for name, text, lines in cases]


CASES = _cases()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the configuration folder with its certificates the current one."""
    config = tmp_path / "config"
    config.mkdir()
    for name in ("chain.crt", "d.crt", "d.key"):
        (config / name).touch()
    monkeypatch.chdir(config)
    return config


@pytest.mark.parametrize(
    ("text", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_wrong_configuration_lists_every_mistake(
    folder: Path, text: str, expected: list[str]
) -> None:
    """All mistakes of one file are reported in one run, in order, with their place."""
    file = Path("config.yaml")
    file.write_text(text, "utf-8")

    with pytest.raises(ConfigFindingsError) as caught:
        load_config(file)

    found = [str(finding) for finding in caught.value.findings]
    home = str(folder.parent)
    assert [line.replace(home, "HOME") for line in found] == [
        f"config.yaml:{line}" for line in expected
    ]


def test_wrong_configurations_are_many() -> None:
    """The table keeps covering the ways a configuration goes wrong."""
    assert len(CASES) >= 60


def test_error_text_counts_and_lists_the_findings(folder: Path) -> None:
    """The error an operator sees names its code, the number and every mistake."""
    (folder / "config.yaml").write_text("globals: {}\n", "utf-8")

    with pytest.raises(ConfigFindingsError) as caught:
        load_config(Path("config.yaml"))

    lines = str(caught.value).splitlines()
    assert lines[0] == "[DC101] 4 mistakes in the configuration:"
    assert len(lines) == 5
    assert all(line.startswith("config.yaml:1:1: ST102 missing") for line in lines[1:])


def test_missing_configuration_file_is_a_finding(folder: Path) -> None:
    """A path that leads nowhere is reported like any other mistake."""
    assert folder.is_dir()

    with pytest.raises(ConfigFindingsError) as caught:
        load_config(Path("absent.yaml"))

    assert [str(finding) for finding in caught.value.findings] == [
        "absent.yaml:1:1: SY001 the file cannot be read: no such file or directory"
    ]
