"""The commands as an operator uses them."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from support.stage import ENVIRONMENT, Stage

CANARY = "canary-Secret/7+with=odd&chars"


def test_check_tries_service_and_output_and_moves_nothing(
    tmp_path: Path, certificates: Path
) -> None:
    """The level of confirmation is learned; no event and no state is written."""
    with Stage(tmp_path, certificates=certificates) as stage:
        code, log = stage.run("check")

        assert code == 0, log
        assert list(stage.relay.ledger.entries()) == []
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize(
    ("change", "failed"),
    [
        ({"port": "1"}, "FAILED  output devo_1: [DC501]"),
        ({"endpoint": "127.0.0.1:1"}, "FAILED  service alibaba/actiontrail: "),
    ],
    ids=["receiver down", "source down"],
)
def test_check_names_what_failed(
    change: dict[str, str], failed: str, tmp_path: Path, certificates: Path
) -> None:
    """One line per try; the exit code is 1."""
    with Stage(tmp_path, certificates=certificates) as stage:
        stage.write_config(**change)
        with stage.spawn("check") as process:
            out, log = process.communicate(timeout=50)

    assert process.returncode == 1, log
    assert failed in out
    assert out.count("ok  ") == 2


def test_wrong_configuration_lists_every_mistake_and_starts_nothing(
    tmp_path: Path, certificates: Path
) -> None:
    """Exit code 2; each mistake has its place."""
    with Stage(tmp_path, certificates=certificates) as stage:
        config = tmp_path / "config.yaml"
        text = config.read_text().replace("region:", "regoin:")
        config.write_text(text.replace("enabled: true", "enabled: maybe"))

        code, log = stage.run("run")

        assert stage.source.ledger.calls() == []
    assert code == 2
    assert "did you mean region" in log
    assert "config.yaml:14:" in log
    assert "config.yaml:22:" in log


def test_console_output_is_json_lines_and_nothing_else(
    tmp_path: Path, certificates: Path
) -> None:
    """Standard output carries data only; logs go to stderr."""
    with Stage(tmp_path, certificates=certificates, count=60) as stage:
        stage.deliver_to_console()
        with stage.spawn("run", "--once") as process:
            out, log = process.communicate(timeout=50)

        assert process.returncode == 0, log
        lines = [json.loads(line) for line in out.splitlines()]
        ids = {json.loads(line["message_content"])["eventId"] for line in lines}
        assert len(lines) == len(ids) == 60
        assert {tuple(line) for line in lines} == {
            ("message_timestamp", "message_tag", "message_content")
        }


def test_stop_ends_in_time_and_loses_nothing(
    tmp_path: Path, certificates: Path
) -> None:
    """SIGTERM in mid-delivery: exit code 0, and the next start repeats nothing."""
    with Stage(tmp_path, certificates=certificates, count=900) as stage:
        with stage.spawn("run") as process:
            assert process.stderr
            for line in process.stderr:
                if "Sending" in line:
                    process.send_signal(signal.SIGTERM)
                    break
            _, log = process.communicate(timeout=12)
        assert process.returncode == 0, log

        code, log = stage.once()

        assert code == 0, log
        result = stage.compare()
        assert (result.lost, result.altered, result.duplicates) == (0, 0, 0)


def test_stop_while_the_receiver_stalls_ends_in_time_and_commits_nothing(
    tmp_path: Path, certificates: Path
) -> None:
    """Nobody answers the close: the process still ends, and reads again later."""
    fault = "stall@closing,connection=2"
    with Stage(
        tmp_path, certificates=certificates, faults=(fault,), delivery=""
    ) as stage:
        with stage.spawn("run") as process:
            assert process.stderr
            for line in process.stderr:
                if "Retrieved and sent" in line:
                    process.send_signal(signal.SIGTERM)
                    break
            _, log = process.communicate(timeout=12)
        assert process.returncode == 0, log
        assert "not confirmed" in log
        stage.relay.release()

        code, log = stage.once()

        assert code == 0, log
        result = stage.compare()
        assert (result.lost, result.altered) == (0, 0)
        assert result.duplicates > 0


def test_stop_while_the_receiver_never_shakes_hands_ends_in_time(
    tmp_path: Path, certificates: Path
) -> None:
    """Neither our stop nor devo-sdk's own end of the process waits for the peer."""
    with (
        socket.create_server(("127.0.0.1", 0)) as mute,
        Stage(tmp_path, certificates=certificates, delivery="") as stage,
    ):
        stage.write_config(port=str(mute.getsockname()[1]))
        with stage.spawn("run") as process:
            assert process.stderr
            for line in process.stderr:
                if "Retrieved and sent" in line:
                    process.send_signal(signal.SIGTERM)
                    break
            _, log = process.communicate(timeout=12)

    assert process.returncode == 0, log
    assert "not confirmed" in log


def test_output_whose_reader_is_gone_ends_the_collector(
    tmp_path: Path, certificates: Path
) -> None:
    """A closed pipe cannot be opened again: exit code 1, and nothing is committed."""
    with Stage(tmp_path, certificates=certificates, count=60) as stage:
        stage.deliver_to_console()
        with stage.spawn("run") as process:
            assert process.stdout
            process.stdout.close()
            assert process.stderr
            log = process.stderr.read()
            code = process.wait(30)

    assert code == 1, log
    assert "DC506" in log
    assert "Traceback" not in log


def test_second_process_on_one_state_is_refused(
    tmp_path: Path, certificates: Path
) -> None:
    """The second names the first by its process id, and ends with code 3."""
    with Stage(tmp_path, certificates=certificates) as stage:
        with stage.spawn("run") as first:
            assert first.stderr
            for line in first.stderr:
                if "Sending" in line:
                    break
            code, log = stage.run("run")
            first.send_signal(signal.SIGTERM)
            first.communicate(timeout=20)

        assert code == 3
        assert f"process {first.pid}" in log


def test_damaged_state_falls_back_and_says_so(
    tmp_path: Path, certificates: Path
) -> None:
    """One flipped byte: the previous generation is used; nothing is lost."""
    with Stage(tmp_path, certificates=certificates) as stage:
        stage.once()
        [file] = [
            file
            for file in (tmp_path / "state").glob("*.json")
            if ".prev" not in file.name
        ]
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(content)

        code, log = stage.once()

        assert code == 0, log
        assert "WARNING" in log
        assert list((tmp_path / "state").glob("*.corrupt-*"))
        assert stage.compare().lost == 0


def test_state_beyond_repair_stops_the_service_with_its_own_code(
    tmp_path: Path, certificates: Path
) -> None:
    """Both generations damaged: nothing is read from scratch unasked."""
    with Stage(tmp_path, certificates=certificates) as stage:
        stage.once()
        for file in (tmp_path / "state").glob("*.json"):
            file.write_bytes(file.read_bytes()[:-5])
        with stage.spawn("check") as process:
            out, _ = process.communicate(timeout=50)
        calls = len(stage.source.ledger.calls())

        code, log = stage.once()

        assert process.returncode == 1
        assert "FAILED  state alibaba;alibaba_1;actiontrail;None: " in out
        assert code == 3
        assert "DC401" in log
        assert len(stage.source.ledger.calls()) == calls


def test_secrets_appear_in_no_output(tmp_path: Path, certificates: Path) -> None:
    """A wrong secret travels through every error path and shows nowhere."""
    environment = {"ALIBABA_CLOUD_ACCESS_KEY_SECRET": CANARY}
    with Stage(tmp_path, certificates=certificates) as stage:
        outputs = [
            stage.run("check", **environment)[1],
            stage.run("run", "--once", **environment)[1],
            stage.run("run", "--once", DEBUG="sdk", **environment)[1],
        ]
    files = [file.read_text() for file in (tmp_path / "state").rglob("*.json")]

    assert "SignatureDoesNotMatch" in outputs[1]
    for text in (*outputs, *files):
        assert CANARY not in text
        assert CANARY.split("/", maxsplit=1)[0] not in text


@pytest.mark.parametrize("arguments", [("--help",), ("run", "--help")])
def test_help_works_without_a_configuration(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    """Help needs no file and no network."""
    result = subprocess.run(
        [sys.executable, "-m", "collector_host", *arguments],
        cwd=tmp_path,
        env=os.environ | ENVIRONMENT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert "Usage:" in result.stdout


def test_overview_imports_nothing_heavy() -> None:
    """The start is quick because no SDK is loaded for it."""
    code = (
        "import sys; import collector_host.cli;"
        "heavy = {'devo', 'alibabacloud_actiontrail20200706', 'yaml', 'jsonschema',"
        " 'rich', 'cryptography', 'tenacity', 'pluggy'};"
        "print(sorted(heavy & {name.partition('.')[0] for name in sys.modules}))"
    )

    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert result.stdout.strip() == "[]"


@pytest.mark.parametrize("command", ["schema show config", "new config", "--help"])
def test_full_device_is_told_without_a_traceback(command: str) -> None:
    """Standard output that cannot be written is nobody's mistake to read in code."""
    with Path("/dev/full").open("wb") as device:
        result = subprocess.run(
            [sys.executable, "-m", "collector_host", *command.split()],
            stdout=device,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )

    assert result.returncode == 2
    assert result.stderr == (
        "collector: the output cannot be written: No space left on device\n"
    )
