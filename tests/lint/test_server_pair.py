"""A project's files for a Collector Server are checked as a start checks them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from collector_host.config.project import sources
from collector_host.linting import example_project as project
from collector_lint.discovery import discover
from collector_lint.engine import lint
from collector_lint.plugins import Registry
from collector_lint.workspace import Workspace
from support.linting import run_lint, write_files

REGISTRY = Registry.installed()
LOGGERS = '"loggers": [{"type": "console"}]'
DEVO = '"loggers": [{"name": "a", "type": "devo", '
FILES = '"chain": "c", "cert": "d", "key": "e"'
JOB = "config/job_config.json"
COLLECTOR = "config/collector_config.json"
PAIR = {**project.project(), **project.server_pair()}


@pytest.fixture(autouse=True)
def usual(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Another place for what a Collector Server has below /etc."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "etc"
    for name in ("JOB_FILE", "GLOBAL_FILE"):
        place = getattr(sources, name)
        monkeypatch.setattr(sources, name, folder / place.relative_to("/etc/devo"))
    return folder


def _found(files: dict[str, str], *, here: bool = False) -> list[str]:
    write_files(Path("pears"), files)
    workspace = Workspace(
        discover(["pears"]), {}, datetime(2026, 6, 1, tzinfo=UTC), here
    )
    chosen = frozenset(each for each in REGISTRY.rules if each != "CF308")
    found = lint(workspace, REGISTRY, chosen).findings
    return [f"{one.file}:{one.line} {one.code} {one.message}" for one in found]


def _collector(new: str, old: str = LOGGERS) -> dict[str, str]:
    return {**PAIR, **project.server_pair(old, new)}


@pytest.mark.parametrize(
    ("files", "file", "number"),
    [
        ({JOB: '{"inputs": {}}'}, JOB, "0010"),
        ({COLLECTOR: "[]"}, COLLECTOR, "0011"),
        (_collector('"loggers": {}'), COLLECTOR, "0011"),
        ({JOB: project.JOB.replace("}\n", ', "global_overrides": []}')}, JOB, "0012"),
    ],
)
def test_what_a_start_refuses_is_found(
    files: dict[str, str], file: str, number: str
) -> None:
    """With the contract's number, in the file of the mistake."""
    found = _found({**PAIR, **files})

    fault = f"PJ401 CollectorConfigurationException [CODE:{number}]"
    assert any(fault in one and one.startswith(f"pears/{file}:") for one in found)


def test_file_that_cannot_be_read_is_found_at_its_place() -> None:
    """Once, and with the contract's number, too."""
    (found,) = _found({**PAIR, JOB: "{"})

    assert found.startswith(f"pears/{JOB}:1 SY003")
    assert "CollectorConfigurationException [CODE:0009]" in found


def test_inputs_of_the_pair_are_checked_with_the_definitions() -> None:
    """The same checks as of a whole file; that one is checked, too."""
    found = _found(
        {
            **PAIR,
            JOB: project.JOB.replace('"pears"', '"peers"'),
            "config/config.yaml": project.project(("name: pears", "name: p.ears"))[
                "config/config.yaml"
            ],
        }
    )

    assert [" ".join(one.split(" ")[:2]) for one in found] == [
        "pears/config/config.yaml:3 PJ403",
        "pears/config/job_config.json:1 PJ401",
    ]


def test_pair_alone_is_a_configuration() -> None:
    """There need not be a whole file beside it."""
    files = {name: text for name, text in PAIR.items() if name != "config/config.yaml"}

    assert _found(files) == []


@pytest.mark.parametrize(
    ("job", "collector"),
    [
        ("job_config.json", "collector_config.json"),
        ("job/job_config.json", "job/collector_config.json"),
        ("job/job_config.json", "collector/collector_config.json"),
        ("config/job/job_config.json", "config/collector/collector_config.json"),
    ],
)
def test_half_of_a_pair_is_found_where_pairs_may_be(job: str, collector: str) -> None:
    """At the one that is there; together they are fine."""
    whole = project.project()
    texts = {job: PAIR[JOB], collector: PAIR[COLLECTOR]}
    message = "the other file of a Collector Server's pair is not here"

    assert _found({**whole, job: texts[job]}) == [f"pears/{job}:1 PJ411 {message}"]
    assert _found({**whole, **texts}) == []


def test_usual_place_counts_on_the_machine_alone(usual: Path) -> None:
    """A pair there wins at a start, and half of one is ignored."""
    write_files(usual, {"job/job_config.json": '{"inputs": {}}'})

    assert _found(project.project()) == []
    [half] = _found(project.project(), here=True)
    assert f"{usual}/job/job_config.json:1 PJ411" in half

    write_files(usual, {"collector/collector_config.json": PAIR[COLLECTOR]})
    [refused] = [one for one in _found(project.project(), here=True) if "0010" in one]
    assert f"{usual}/job/job_config.json:1 PJ401" in refused


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            '"job_id": "not_used"',
            '"id": "x", "job_id": "y"',
            "job_id says something else, and counts",
        ),
        (
            '"dir": "state"',
            '"dir": "state", "config": {"directory_name": "s"}',
            "directory_name says something else, and counts",
        ),
        (
            LOGGERS,
            f'{DEVO}"url": "collector-eu.devo.io", "address": "a", {FILES}}}]',
            "address says something else, and counts",
        ),
        (
            LOGGERS,
            f'{DEVO}"url": "collector-eu.devo.io:443", "port": 444, {FILES}}}]',
            "port says something else, and counts",
        ),
        (
            LOGGERS,
            LOGGERS.replace("]", ', {"name": "logger_1", "type": "stdout"}]'),
            "a later logger has the same name: this one gets nothing",
        ),
    ],
)
def test_what_is_said_twice_is_warned_of(old: str, new: str, message: str) -> None:
    """Where the one stands that does not count."""
    found = [one for one in _found(_collector(new, old)) if "CF321" not in one]

    assert [one.partition(" ")[2] for one in found] == [f"PJ412 {message}"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"job_id": "not_used"', '"id": "x", "job_id": "x"'),
        (
            LOGGERS,
            f'{DEVO}"url": "collector-eu.devo.io:443", "port": 443, {FILES}}}]',
        ),
        (LOGGERS, '"loggers": [{"type": "console"}, {"type": "stdout"}]'),
    ],
)
def test_what_is_said_twice_alike_is_fine(old: str, new: str) -> None:
    """Nothing depends on which counts."""
    assert _found(_collector(new, old)) == []


def test_override_of_a_job_is_no_contradiction() -> None:
    """It is there in order to differ."""
    job = project.JOB.replace("}\n", ', "global_overrides": {"debug": true}}')
    collector = _collector('"debug": false, "loggers"', '"loggers"')

    assert _found({**collector, JOB: job}) == []


def test_key_of_the_other_file_is_warned_of() -> None:
    """Outputs beside the inputs look right, and nothing reads them."""
    job = project.JOB.replace("}\n", ', "outputs": {"a": {"type": "stdout"}}}')

    [found] = _found({**PAIR, JOB: job})

    assert found.startswith(f"pears/{JOB}:1 PJ402 nothing reads this key here: outputs")


@pytest.mark.parametrize("folder", ["", "srv/", "srv/job/", "config/a/"])
@pytest.mark.parametrize("by_stdin", [True, False])
def test_file_of_a_pair_named_alone_is_a_part_of_its_project(
    folder: str, *, by_stdin: bool
) -> None:
    """As deep as checking the project looks for it; of the others nothing is told."""
    wrong = project.JOB.replace('"pears"', '"peers"')
    name = f"pears/{folder}job_config.json"
    files = {f"{folder}{Path(COLLECTOR).name}": PAIR[COLLECTOR]}
    files[f"{folder}{Path(JOB).name}"] = project.JOB if by_stdin else wrong
    write_files(Path("pears"), {**project.project(), **files})
    given = ("-", "--stdin-filename", name) if by_stdin else (name,)

    found = run_lint(*given, "--format", "concise", stdin=wrong)

    assert found.out.startswith(f"{name}:1:"), found
    assert ("PJ401" in found.out, found.out.count(f"{name}:"), found.code) == (
        True,
        1,
        1,
    )


def test_file_of_no_project_is_not_told_by_its_name_alone() -> None:
    """Nor is one that lies deeper than pairs are looked for."""
    deep = "pears/a/b/c/job_config.json"
    write_files(Path(), {deep: project.JOB, "other/job_config.json": project.JOB})
    write_files(Path("pears"), project.project())

    assert run_lint(deep).code == 2
    assert run_lint("other/job_config.json").code == 2
