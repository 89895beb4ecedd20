"""A module that fills lookups, run by the real collector against a real relay."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from collector_emulators.certificates import certificate_paths
from collector_emulators.relay.ledger import Stored
from support.lookup_plugin import install
from support.lookup_plugin.printers import TAG
from support.lookups import Upload, uploads
from support.mortal_relay import MortalRelay

_TESTS = Path(__file__).parents[1]
_TIMEOUT_S = 50
NUMBER = 2500

_CONFIG = """\
globals:
  id: lookups
  name: example_collector
  persistence: {{type: filesystem, config: {{directory_name: state}}}}
outputs:
  out_1: {output}
inputs:
  printers:
    id: house
    enabled: true
    services:
      printer_lookup: {{printers: {number}}}
"""


class House:
    """A folder with the collector, its configuration and the plugin."""

    def __init__(self, folder: Path, output: str) -> None:
        self.folder = folder
        install(folder)
        text = _CONFIG.format(output=output, number=NUMBER)
        (folder / "config.yaml").write_text(text, encoding="utf-8")

    @classmethod
    def before(
        cls, relay: MortalRelay, folder: Path, certificates: Path, *, senders: int = 2
    ) -> House:
        """Return one that delivers to a relay over mutual TLS."""
        paths = certificate_paths(certificates)
        client = paths.client
        output = {
            "type": "devo_platform",
            "senders": senders,
            "config": {
                "address": "127.0.0.1",
                "port": relay.port,
                "chain": str(paths.chain),
                "cert": str(client.certificate),
                "key": str(client.key),
            },
            "delivery": {
                "confirm_interval_in_seconds": 0.2,
                "retry_initial_in_seconds": 0.1,
                "retry_maximum_in_seconds": 0.2,
                "confirm_events_min": 25,
                "confirm_events_max": 100,
            },
        }
        return cls(folder, json.dumps(output))

    def spawn(self, fault: str = "") -> subprocess.Popen[str]:
        """Start the collector; its log is read from the process."""
        path = os.pathsep.join([str(self.folder), str(_TESTS)])
        more = {"COLLECTOR_FAULT": fault} if fault else {}
        return subprocess.Popen(
            [sys.executable, "-m", "collector_host", "run"],
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": path} | more,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, fault: str = "") -> tuple[int, str, str]:
        """Run to the end of the module; return exit code, output and log."""
        with self.spawn(fault) as process:
            try:
                out, log = process.communicate(timeout=_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        return process.returncode, out, log

    @property
    def state(self) -> dict[str, Any] | None:
        """The committed state, if any."""
        files = [*self.folder.glob("state/*house*.json")]
        return json.loads(files[0].read_text(encoding="utf-8")) if files else None


def _expected() -> list[Upload]:
    created = {
        f'"printer-{n}",10.0.{n // 250}.{n % 250},{n},"on the 2"" shelf"': False
        for n in range(NUMBER)
        if n != 3
    }
    return [
        Upload("FULL", created),
        Upload("INC", {'"printer-0",10.9.9.9,,': False}),
        Upload("INC", {'"printer-1"': True, '"printer-2"': True}),
    ]


def _lookups(stored: Iterable[Stored]) -> list[tuple[str, str]]:
    return [
        (s.tag, s.message.decode()) for s in stored if s.tag.startswith("my.lookup")
    ]


def _others(stored: Iterable[Stored]) -> set[tuple[str, str]]:
    found = {(s.tag, s.message.decode()) for s in stored}
    return {(tag, text) for tag, text in found if tag == TAG}


MESSAGES = {(TAG, "before"), (TAG, "between"), (TAG, "them")}


def test_lookup_is_delivered_whole_and_in_order(
    tmp_path: Path, certificates: Path
) -> None:
    """The ledger holds what was sent, but for the row that was rejected, told why."""
    paths = certificate_paths(certificates)
    with MortalRelay(paths, tmp_path / "ledger", []) as relay:
        house = House.before(relay, tmp_path, certificates)

        code, _, log = house.run()
        again, _, later = house.run()

        assert (code, again) == (0, 0), log + later
        stored = list(relay.stored())
    assert uploads(_lookups(stored)) == _expected()
    assert _others(stored) == MESSAGES
    assert "1 rejected: \"address\" is ip4, the value is str: ['printer-3'" in log
    assert "The lookup is filled already" in later


@pytest.mark.parametrize(
    ("senders", "fault"),
    [
        (2, "kill@stored,after_events=600"),
        (2, "kill@read"),
        (1, "kill@closing,connection=2"),
        (1, "kill@stored,connection=3,after_events=600"),
        (1, "kill@closing,connection=4"),
    ],
    ids=["first page", "first byte", "behind a page", "second page", "behind the end"],
)
def test_relay_that_dies_in_mid_upload_gets_it_again_in_order(
    senders: int, fault: str, tmp_path: Path, certificates: Path
) -> None:
    """Each upload that ends in the ledger is whole, and the state came behind all."""
    paths = certificate_paths(certificates)
    with MortalRelay(paths, tmp_path / "ledger", [[fault]]) as relay:
        house = House.before(relay, tmp_path, certificates, senders=senders)
        with house.spawn() as process:
            relay.await_death()
            before = house.state
            relay.start()
            _, log = process.communicate(timeout=_TIMEOUT_S)
        stored = list(relay.stored())

    assert process.returncode == 0, log
    assert "will be sent again" in log
    assert before is None
    assert house.state is not None
    ended = uploads(_lookups(stored))
    kinds = _expected()
    assert [upload for upload in ended if upload not in kinds] == []
    assert ended[-3:] == kinds
    assert _others(stored) == MESSAGES


@pytest.mark.parametrize("point", ["before_confirm", "after_write", "after_confirm"])
def test_collector_killed_before_its_state_fills_the_lookup_again(
    point: str, tmp_path: Path, certificates: Path
) -> None:
    """No state is saved before the end of the last upload is confirmed."""
    paths = certificate_paths(certificates)
    with MortalRelay(paths, tmp_path / "ledger", []) as relay:
        house = House.before(relay, tmp_path, certificates)

        code, _, log = house.run(f"kill:sender.{point}:2")
        before = house.state
        done, _, later = house.run()

        assert code == -9, log
        assert before is None
        assert done == 0, later
        stored = list(relay.stored())
    messages = _lookups(stored)
    assert uploads(messages)[-3:] == _expected()
    assert _others(stored) == MESSAGES
    assert house.state is not None


def test_console_prints_lookups(tmp_path: Path) -> None:
    """They are lines like those of any message."""
    house = House(tmp_path, "{type: console}")

    code, out, log = house.run()

    assert code == 0, log
    lines = [json.loads(line) for line in out.splitlines()]
    pairs = [(each["message_tag"], each["message_content"]) for each in lines]
    assert uploads(p for p in pairs if p[0].startswith("my.lookup")) == _expected()
    assert {pair for pair in pairs if pair[0] == TAG} == MESSAGES
