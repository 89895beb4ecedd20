"""`collector new config` writes what a check accepts once the gaps are filled."""

from __future__ import annotations

import re
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from collector_host.cli.new_config import SCHEMA_FILE
from collector_host.config.published import USER_CONFIG, load_published
from collector_host.config.starting import (
    offered_services,
    output_types,
    starting_config,
)
from collector_host.config.user_schema import USER_SCHEMA
from collector_host.plugins.manager import Plugins
from collector_lint.schema.engine import Engine

PLUGINS = Plugins.installed()
PUBLISHED = load_published(definitions=PLUGINS.definitions, schemas=PLUGINS.schemas)
WHOLE = PUBLISHED.user_schema()
ENGINE = Engine({USER_SCHEMA: PUBLISHED.schema(USER_CONFIG)})
SERVICES = list(offered_services(WHOLE))
COLLECTOR = Path(sys.executable).with_name("collector")

_GAP = re.compile(r"(?m)^( *[a-z_]+:)  # fill in, for example: (.*)$")
_VARIABLE = re.compile(r"\$\{([A-Z_]+)\}")
_SETTING = re.compile(r"^ *#(?=\S|  )")


def _collector(
    folder: Path, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COLLECTOR, *arguments],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


def _filled(text: str) -> str:
    return _GAP.sub(r"\1 \2", text)


@pytest.mark.parametrize("output_type", ["devo_platform", "syslog", "console"])
def test_check_names_every_gap_and_nothing_else(
    output_type: str, tmp_path: Path
) -> None:
    """Findings are at the gaps; filled with the examples, the file is right."""
    services = [part for name in SERVICES for part in ("--service", name)]
    call = ["new", "config", "-o", "config.yaml", "--output-type", output_type]

    made = _collector(tmp_path, *call, *services)
    text = (tmp_path / "config.yaml").read_text(encoding="utf-8")
    gaps = {
        number
        for number, line in enumerate(text.splitlines(), 1)
        if _GAP.match(line) or (_VARIABLE.search(line) and "#" not in line)
    }
    before = _collector(tmp_path, "check", "--offline")

    assert made.returncode == 0, made.stderr
    found = {int(n) for n in re.findall(r"(?m)^config\.yaml:(\d+):", before.stderr)}
    assert before.returncode == 2
    assert found == gaps

    for name in ("chain.crt", "example.crt", "example.key"):
        (tmp_path / name).write_text("example")
    (tmp_path / "config.yaml").write_text(_filled(text), encoding="utf-8")
    # A secret of digits only is a text, too.
    secrets = dict.fromkeys(_VARIABLE.findall(text), "12345678")
    after = _collector(tmp_path, "check", "--offline", **secrets)

    assert "ok      configuration config.yaml" in after.stdout, after.stderr


def _taken_in(lines: list[str], number: int) -> str:
    """Return the file with one commented setting and the keys above it in use."""
    used = {number}
    depth = _depth(lines[number])
    for above in range(number, -1, -1):
        if _SETTING.match(lines[above]) and _depth(lines[above]) < depth:
            depth = _depth(lines[above])
            used.add(above)
        elif lines[above].strip() and "#" not in lines[above].split()[0]:
            break
    taken = (
        line.replace("#", "", 1) if n in used else line for n, line in enumerate(lines)
    )
    return "\n".join(taken)


def _depth(line: str) -> int:
    text = line.replace("#", "", 1)
    return len(text) - len(text.lstrip())


@pytest.mark.parametrize("output_type", output_types(WHOLE))
def test_each_type_of_output_is_started(output_type: str) -> None:
    """Filled with the examples, the file is right for every one."""
    text = starting_config(
        WHOLE, services=SERVICES, output_type=output_type, schema_file="x.json"
    )

    data = yaml.safe_load(_filled(text))

    assert ENGINE.violations(USER_SCHEMA, data) == ()
    assert [each["type"] for each in data["outputs"].values()] == [output_type]


def test_example_of_an_instant_is_never_too_old() -> None:
    """It is the beginning of the day before, not the one that the schema shows."""
    text = starting_config(
        WHOLE,
        services=["actiontrail"],
        output_type="console",
        schema_file="x.json",
        now=datetime(2031, 3, 1, 12, tzinfo=UTC),
    )

    start = "#initial_start_time_in_utc: '2031-02-28T00:00:00Z'  # for example"
    assert start in text


@pytest.mark.parametrize("service", SERVICES)
def test_each_setting_shown_is_right_beside_the_least(service: str) -> None:
    """Every commented setting can be taken in alone, and the file stays right."""
    text = starting_config(
        WHOLE, services=[service], output_type="devo_platform", schema_file="x.json"
    )
    lines = _filled(text).splitlines()
    shown = [n for n, line in enumerate(lines) if _SETTING.match(line)]
    least = yaml.safe_load("\n".join(lines))

    assert len(shown) > 40
    assert ENGINE.violations(USER_SCHEMA, least) == ()
    for number in shown:
        if not lines[number].endswith(":"):
            data = yaml.safe_load(_taken_in(lines, number))
            assert data != least, lines[number]
            assert ENGINE.violations(USER_SCHEMA, data) == (), lines[number]


def test_file_is_private_and_points_to_its_schema(tmp_path: Path) -> None:
    """It may come to hold secrets; the schema beside it is the published one."""
    (tmp_path / "c").mkdir()
    made = _collector(tmp_path, "new", "config", "--output", "c/config.yaml")
    file = tmp_path / "c" / "config.yaml"
    first = file.read_text(encoding="utf-8").splitlines()[0]
    name = first.removeprefix("# yaml-language-server: $schema=")

    assert made.returncode == 0, made.stderr
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    shown = _collector(tmp_path, "schema", "show", "config").stdout
    assert (file.parent / name).read_text(encoding="utf-8") == shown


def test_schema_beside_the_file_is_nothing_to_lint(tmp_path: Path) -> None:
    """A linted folder shows the gaps of the configuration, and nothing else."""
    _collector(tmp_path, "new", "config", "--output", "config.yaml")

    linted = _collector(tmp_path, "lint", "--format", "json", ".")

    assert linted.returncode == 1
    assert "config.yaml" in linted.stdout
    assert SCHEMA_FILE not in linted.stdout


def test_nothing_is_replaced_unasked(tmp_path: Path) -> None:
    """A file that exists stays, unless --force is given."""
    (tmp_path / "config.yaml").write_text("mine")

    refused = _collector(tmp_path, "new", "config", "-o", "config.yaml")

    assert refused.returncode == 2
    assert "config.yaml exists" in refused.stderr
    assert (tmp_path / "config.yaml").read_text() == "mine"
    assert [each.name for each in tmp_path.iterdir()] == ["config.yaml"]
    forced = _collector(tmp_path, "new", "config", "-o", "config.yaml", "--force")
    assert forced.returncode == 0
    assert (tmp_path / "config.yaml").read_text() != "mine"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--service", "actiontrial"], "no service actiontrial; did you mean actiontr"),
        (["--output-type", "sislog"], "no output type sislog; did you mean syslog?"),
    ],
)
def test_unknown_names_are_refused(
    arguments: list[str], expected: str, tmp_path: Path
) -> None:
    """Exit code 2, with the nearest name."""
    refused = _collector(tmp_path, "new", "config", *arguments)

    assert refused.returncode == 2
    assert expected in refused.stderr


@pytest.mark.parametrize("command", [("new", "config"), ("schema", "show", "config")])
def test_missing_folder_is_told_and_not_made(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    """A path that was written wrongly leaves nothing behind."""
    done = _collector(tmp_path, *command, "-o", "absent/config.yaml")

    assert done.returncode == 2
    assert "absent/config.yaml cannot be written: No such file" in done.stderr
    assert list(tmp_path.iterdir()) == []
