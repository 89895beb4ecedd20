"""Runs a copy of a fixture project by the real program."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from collector_emulators.certificates import ensure_certificates
from collector_emulators.relay.server import Relay
from collector_host.state.store import StateStore
from conformance.model import PROJECTS
from support.running import read_until

if TYPE_CHECKING:
    from conformance.model import Run

_TIMEOUT_S: Final = 50
_TESTS: Final = Path(__file__).resolve().parents[1]
_HURRIED: Final = (
    "from conformance.hurrying import hurry; hurry();"
    " from collector_host.cli import main; main()"
)
_CONSOLE: Final = "  console_1:\n    type: console\n"


class Sent(NamedTuple):
    """A message that reached the output; over a relay its date is ""."""

    timestamp: str
    tag: str
    content: str


@dataclass(frozen=True, slots=True)
class Result:
    """What a run left behind.

    Attributes:
        code: Exit code.
        log: Lines of stderr.
        sent: Messages in order; of a relay, in the order of arrival.
        garbage: Lines of stdout that are no messages.
        states: Address -> committed state.
    """

    code: int
    log: list[str]
    sent: list[Sent]
    garbage: list[str]
    states: dict[str, Any]


def run(wanted: Run, folder: Path) -> Result:
    """Run a project to its end in a folder that is made for it."""
    project = folder / wanted.project
    shutil.copytree(PROJECTS / wanted.project, project)
    for address, state in wanted.states.items():
        _leave_state(project / "state", address, state)
    if not wanted.relay:
        code, out, log = _collect(wanted, project)
        sent, garbage = _read(out)
    else:
        certificates = ensure_certificates(folder / "certificates")
        with Relay(certificates) as relay:
            client = certificates.client
            file = project / "config" / wanted.config
            output = (
                "  devo_1: {type: devo_platform, config: {address: 127.0.0.1,"
                f" port: {relay.port}, type: SSL, chain: {certificates.chain},"
                f" cert: {client.certificate}, key: {client.key}}}}}\n"
            )
            text = file.read_text("utf-8")
            assert _CONSOLE in text
            file.write_text(text.replace(_CONSOLE, output), encoding="utf-8")
            code, out, log = _collect(wanted, project)
            sent = [
                Sent("", one.tag, one.message.decode())
                for one in relay.ledger.entries()
            ]
            garbage = out.splitlines()
    return Result(code, log.splitlines(), sent, garbage, _states(project / "state"))


def _collect(wanted: Run, project: Path) -> tuple[int, str, str]:
    program = ["-c", _HURRIED] if wanted.hurried else ["-m", "collector_host"]
    program += ["run", "--project", str(project)]
    if wanted.inside:
        program = ["-m", "devocollectorsdk.main"]
    process = subprocess.Popen(
        [sys.executable, *program, "--config", wanted.config, *wanted.arguments],
        cwd=project if wanted.inside else project.parent,
        env=os.environ | {"PYTHONPATH": str(_TESTS)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            before = _stop(process, wanted.stopped_at)
            out, log = process.communicate(timeout=_TIMEOUT_S)
        except BaseException:
            process.kill()
            raise
    return process.returncode, out, before + log


def _stop(process: subprocess.Popen[str], texts: tuple[str, ...]) -> str:
    """Send a signal once the log had all texts, in any order; return what was read."""
    missing, lines = set(texts), list[str]()
    while missing:
        line = read_until(process, "")
        lines.append(line)
        missing = {text for text in missing if text not in line}
    if texts:
        process.send_signal(signal.SIGTERM)
    return "".join(lines)


def _read(out: str) -> tuple[list[Sent], list[str]]:
    sent: list[Sent] = []
    garbage: list[str] = []
    for line in out.splitlines():
        try:
            sent.append(Sent(*json.loads(line).values()))
        except (ValueError, TypeError, AttributeError):
            garbage.append(line)
    return sent, garbage


def _leave_state(folder: Path, address: str, state: dict[str, Any]) -> None:
    """Write a state as the genuine SDK does."""
    folder.mkdir(exist_ok=True)
    name = hashlib.md5(address.encode(), usedforsecurity=False).hexdigest()
    file = folder / name
    file.write_bytes(pickle.dumps(state))
    file.chmod(0o600)


def _states(folder: Path) -> dict[str, Any]:
    if not folder.is_dir():
        return {}
    store = StateStore(folder)
    try:
        return {owner: store.load(owner) for owner in store.owners()}
    finally:
        store.close()
