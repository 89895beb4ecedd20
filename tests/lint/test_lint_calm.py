"""Whatever happens, the command ends with a code and a line, never a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from collector_lint import example_files as files
from collector_lint import running
from support.linting import run_lint, write_files

WRONG = files.config("  name:", "  debgu: true\n  name:")
LINT = (sys.executable, "-m", "collector_lint")
ODD = os.fsdecode(b"\xff\xfe.yaml")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with a catalogue."""
    write_files(tmp_path, files.BESIDE_CONFIG)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("form", ["text", "json", "sarif", "junit", "github"])
def test_file_whose_name_is_no_text_is_reported_in_every_form(
    folder: Path, form: str
) -> None:
    """Bytes that are no UTF-8 are replaced, in an address percent-encoded."""
    write_files(folder, {ODD: WRONG["config.yaml"]})

    outcome = run_lint(".", "--format", form)

    assert outcome.code == 1
    assert not any("\ud800" <= each <= "\udfff" for each in outcome.out)
    if form == "json":
        [finding] = json.loads(outcome.out)["findings"]
        assert finding["file"] == "\ufffd\ufffd.yaml"
    elif form == "sarif":
        [result] = json.loads(outcome.out)["runs"][0]["results"]
        place = result["locations"][0]["physicalLocation"]["artifactLocation"]
        assert place["uri"] == "%FF%FE.yaml"
    elif form == "junit":
        assert ET.fromstring(outcome.out).get("failures") == "1"  # noqa: S314  (ours)
    else:
        assert "\ufffd\ufffd.yaml" in outcome.out


def test_two_schemas_of_the_same_id_disturb_no_other_check(folder: Path) -> None:
    """The second is told; examples of parts that only it has are not looked for."""
    [first] = files.schema().values()
    [second] = files.property_schema(name="colour").values()
    write_files(
        folder, {"schemas/a.schema.json": first, "schemas/b.schema.json": second}
    )

    report = json.loads(run_lint(".", "--format", "json").out)

    assert [(f["file"], f["code"]) for f in report["findings"]] == [
        ("schemas/b.schema.json", "JS101")
    ]


def _run(*arguments: str, stdout: int) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*LINT, *arguments], check=False, stdout=stdout, stderr=subprocess.PIPE
    )


@pytest.mark.parametrize("form", ["text", "json"])
def test_full_device_is_told_with_exit_code_2(folder: Path, form: str) -> None:
    """Also when Python would notice at its very end only."""
    write_files(folder, WRONG)
    device = os.open("/dev/full", os.O_WRONLY)

    done = _run(".", "--format", form, stdout=device)
    os.close(device)

    message = b"standard output cannot be written: No space left on device"
    assert (done.returncode, done.stderr) == (2, b"collector lint: %s\n" % message)


def test_reader_that_is_gone_is_no_mistake(folder: Path) -> None:
    """`| head -1` ends it as it ends other programs."""
    write_files(folder, WRONG)
    reader, writer = os.pipe()
    os.close(reader)

    done = _run(".", stdout=writer)
    os.close(writer)

    assert (done.returncode, done.stderr) == (141, b"")


def test_encoding_without_our_characters_is_no_mistake(folder: Path) -> None:
    """What it has not is replaced."""
    write_files(folder, WRONG)
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}

    done = subprocess.run(
        [*LINT, "."], check=False, capture_output=True, env=environment
    )

    assert (done.returncode, done.stderr) == (1, b"")
    assert b"6 |" not in done.stdout
    assert b"debgu" in done.stdout


def test_standard_input_that_cannot_be_read_is_told(folder: Path) -> None:
    """One that is open for writing, for instance."""
    handle = os.open(folder / "out", os.O_WRONLY | os.O_CREAT)

    done = subprocess.run([*LINT, "-"], check=False, capture_output=True, stdin=handle)
    os.close(handle)

    message = b"collector lint: standard input cannot be read: Bad file descriptor\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, b"", message)


def test_mistake_of_the_linter_is_told_without_the_text_of_a_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Type and place can be reported; the error's text may hold a secret."""

    def fail(*_: object, **__: object) -> None:
        message = "hunter22"
        raise RuntimeError(message)

    monkeypatch.setattr(running, "discover", fail)

    outcome = run_lint(".")

    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(
        "collector lint: it failed with RuntimeError at test_"
    )
    assert "hunter22" not in outcome.err
    assert outcome.err.count("\n") == 1
