"""The real process against a source that misbehaves; secrets on every error path."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from collector_emulators.faults import Fault
from support.stage import ENVIRONMENT, Stage, summary

if TYPE_CHECKING:
    from collections.abc import Callable

CLEAN = {"lost": 0, "altered": 0, "duplicates": 0}
CANARY = "c4n4ry/S3cr3t+0123456789="
PIECES = (CANARY, "c4n4ry", "S3cr3t")
DENIED = {"actiontrail:LookupEvents": "ImplicitDeny"}

TROUBLE = [
    Fault("error", at_calls=frozenset({3}), options={"code": "Throttling.User"}),
    Fault("http_502_html", at_calls=frozenset({5})),
    Fault("error", at_calls=frozenset({6}), options={"code": "InvalidQueryParameter"}),
    Fault("reset_during", at_calls=frozenset({8})),
    Fault("duplicate_events", at_calls=frozenset({9})),
    Fault("events_null", at_calls=frozenset({10})),
]


def test_trouble_of_every_kind_in_one_run_loses_and_doubles_nothing(
    tmp_path: Path, certificates: Path
) -> None:
    """One line for each failed call, none with a traceback, and every event once."""
    with Stage(tmp_path, certificates=certificates) as stage:
        stage.source.faults.set(TROUBLE)

        code, log = stage.once()

        calls = stage.source.ledger.calls()
        assert code == 0, log
        assert summary(stage.compare()) == CLEAN
    failed = [call for call in calls if call.verdict != "ok" or call.is_spoiled]
    assert len(failed) == 5
    assert log.count("ApiError [CODE:") == len(failed), log
    assert "Traceback" not in log


def test_events_no_parser_likes_are_delivered_and_hold_nothing_up(
    tmp_path: Path, certificates: Path
) -> None:
    """Deeper than Python recurses, a key twice, no number, no object, odd text."""
    raw = [
        '{"eventId":"DEEP","x":' + "[" * 3000 + "]" * 3000 + "}",
        '{"eventId":"TWICE","x":{"k":1,"k":2}}',
        '{"eventId":"NAN","x":[NaN,18446744073709551616]}',
        '{"eventId":"ODD","x":"\\ud800\\u0000\\n\U0001f600"}',
        '["no object"]',
    ]
    always = [Fault("raw_event", options={"json": text}) for text in raw]
    with Stage(tmp_path, certificates=certificates) as stage:
        stage.source.faults.set(always)

        code, log = stage.once()

        assert code == 0, log
        assert stage.compare().lost == 0
        stored = [json.loads(one.message) for one in stage.relay.ledger.entries()]
    found = {one["eventId"]: one for one in stored if isinstance(one, dict)}
    assert {"DEEP", "TWICE", "NAN", "ODD"} <= found.keys()
    assert found["TWICE"]["x"] == '{"k":1,"k":2}'
    assert found["NAN"]["x"] == ["NaN", 2**64]
    assert found["ODD"]["x"] == "\ud800\0\n\U0001f600"
    assert ["no object"] in stored
    assert "delivered as text" in log
    assert "Traceback" not in log


@pytest.mark.chaos
def test_permission_removed_and_given_back_in_a_running_collector(
    tmp_path: Path, certificates: Path
) -> None:
    """It stops asking, says what to grant to whom, and goes on by itself."""
    with (
        Stage(tmp_path, certificates=certificates) as stage,
        stage.spawn("run") as process,
    ):
        stage.source.accounts.change("example-key-id", denied=DENIED)
        assert process.stderr
        lines: list[str] = []
        for line in process.stderr:
            lines.append(line)
            if "CODE:0415" in line:
                stage.source.accounts.change("example-key-id", denied={})
            if "Data collection completed" in line:
                break
        process.send_signal(signal.SIGTERM)
        _, rest = process.communicate(timeout=30)

        assert process.returncode == 0, rest
        assert summary(stage.compare()) == CLEAN
    assert any("grant actiontrail:LookupEvents" in line for line in lines)


@pytest.mark.chaos
@pytest.mark.timeout(600)
def test_storm_of_everything_is_outlasted(tmp_path: Path, certificates: Path) -> None:
    """A third of all calls fail for minutes, in every way at once."""
    kinds = [
        "http_502_html",
        "ok_html",
        "reset_during",
        "truncated_json",
        "events_null",
    ]
    storm = [Fault(kind, probability=0.06) for kind in kinds]
    storm.append(Fault("error", probability=0.1, options={"code": "Throttling.User"}))
    with Stage(tmp_path, certificates=certificates, count=3000, burst=900) as stage:
        stage.source.faults.set(storm, seed=7)
        with stage.spawn("run") as process:
            deadline = time.monotonic() + 500
            while stage.compare().lost and time.monotonic() < deadline:
                time.sleep(1)
            process.send_signal(signal.SIGTERM)
            _, log = process.communicate(timeout=30)

        assert process.returncode == 0, log
        assert summary(stage.compare()) == CLEAN
    assert "Traceback" not in log


def _key_file(folder: Path, content: object) -> str:
    path = folder / "key.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return f"type: file\n      path: {path}"


_STATIC = (
    'access_key_id: "${ALIBABA_CLOUD_ACCESS_KEY_ID}"\n'
    '      access_key_secret: "${ALIBABA_CLOUD_ACCESS_KEY_SECRET}"'
)
_CONSOLE = "outputs:\n  console_1: {type: console}\ninputs:\n"


def _to_console(text: str) -> str:
    before, _, rest = text.partition("outputs:\n")
    return before + _CONSOLE + rest.partition("inputs:\n")[2]


def _json_log(text: str) -> str:
    return text.replace(
        "  id: stage\n", "  id: stage\n  log: {format: json, level: debug}\n"
    )


def _plain(text: str, _folder: Path) -> str:
    return _to_console(_json_log(text))


def _file_key(text: str, folder: Path) -> str:
    key = {"access_key_id": "example-key-id", "access_key_secret": CANARY}
    return _to_console(_json_log(text.replace(_STATIC, _key_file(folder, key))))


def _bad_file_key(text: str, folder: Path) -> str:
    key = {"access_key_id": "i", "access_key_secret": f"{CANARY}\n", "x": CANARY}
    return _to_console(text.replace(_STATIC, _key_file(folder, key)))


def _temporary_key(text: str, folder: Path) -> str:
    key = {"access_key_id": "example-key-id", "access_key_secret": "x" * 30}
    content = _key_file(folder, {**key, "security_token": CANARY})
    return _to_console(text.replace(_STATIC, content))


def _default_chain(text: str, _folder: Path) -> str:
    return _to_console(_json_log(text.replace(_STATIC, "type: default")))


def _proxy(text: str, _folder: Path) -> str:
    endpoint = text.partition("endpoint: ")[2].partition("\n")[0]
    other = f"https://actiontrail.invalid\n        proxy: http://u:{CANARY}@127.0.0.1:9"
    return _to_console(_json_log(text.replace(endpoint, other)))


def _environment_proxy(text: str, _folder: Path) -> str:
    endpoint = text.partition("endpoint: ")[2].partition("\n")[0]
    return _to_console(_json_log(text.replace(endpoint, "https://actiontrail.invalid")))


def _wrong_everywhere(text: str, _folder: Path) -> str:
    """Return a configuration whose every value is the secret."""
    lines = text.replace(_STATIC, f"access_key_secret: {CANARY}").split("\n")
    spoiled = [
        f"{key}: {CANARY}" if value and "{" not in line else line
        for line in lines
        for key, _, value in [line.partition(": ")]
    ]
    return "\n".join(spoiled)


PATHS: dict[str, tuple[Callable[[str, Path], str], str]] = {
    "signature": (_plain, "SignatureDoesNotMatch"),
    "key file": (_file_key, "SignatureDoesNotMatch"),
    "key file that cannot be used": (_bad_file_key, "CODE:0416"),
    "temporary key": (_temporary_key, "InvalidSecurityToken"),
    "default chain": (_default_chain, "SignatureDoesNotMatch"),
    "proxy that is none": (_proxy, "proxy is not an address"),
    "proxy of the environment": (_environment_proxy, "CODE:0400"),
    "configuration": (_wrong_everywhere, "in the configuration:"),
}


SECRETS = {
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET": CANARY,
    "HTTPS_PROXY": f"http://u:{quote(CANARY, safe='')}@127.0.0.1:9",
    "DEBUG": "sdk",
}


LONG = {"key file", "proxy of the environment"}
"""Paths close to another one; run with the long campaigns only."""


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(*path, id=name, marks=[pytest.mark.chaos] * (name in LONG))
        for name, path in PATHS.items()
    ],
)
def test_secret_is_in_no_output_of_any_error_path(
    change: Callable[[str, Path], str],
    expected: str,
    tmp_path: Path,
    certificates: Path,
) -> None:
    """Neither in the log, as text or JSON, with DEBUG=sdk, nor in data or state."""
    with Stage(tmp_path, certificates=certificates) as stage:
        config = tmp_path / "config.yaml"
        config.write_text(change(config.read_text(), tmp_path))
        with stage.spawn("run", "--once", **SECRETS) as process:
            out, log = process.communicate(timeout=50)

    assert process.returncode in {1, 2}, log
    assert expected in log
    files = [file for file in (tmp_path / "state").rglob("*") if file.is_file()]
    for shown in (out, log, *(file.read_text() for file in files)):
        assert not [piece for piece in PIECES if piece in shown]
    assert ENVIRONMENT["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] not in log


def test_sdk_left_alone_prints_the_secret(tmp_path: Path, certificates: Path) -> None:
    """The test above would find it: DEBUG=sdk makes the vendor's SDK print requests."""
    code = (
        "from support.mutants.source import sdk_may_print; sdk_may_print();"
        "from collector_host.cli import main; main()"
    )
    paths = {"PYTHONPATH": str(Path(__file__).resolve().parents[1])}
    with Stage(tmp_path, certificates=certificates):
        config = tmp_path / "config.yaml"
        config.write_text(_temporary_key(config.read_text(), tmp_path))
        result = subprocess.run(
            [sys.executable, "-c", code, "run", "--once"],
            cwd=tmp_path,
            env=os.environ | ENVIRONMENT | SECRETS | paths,
            capture_output=True,
            text=True,
            check=False,
            timeout=50,
        )

    assert "InvalidSecurityToken" in result.stderr
    assert CANARY in result.stdout + result.stderr
