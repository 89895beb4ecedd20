"""Outputs of every kind side by side: each gets every message."""

from __future__ import annotations

import json
from pathlib import Path

from collector_emulators.relay.ledger import Stored
from collector_emulators.relay.server import Relay
from support.plain import deliver_also_to
from support.stage import TIMEOUT_S, Stage, summary

NOTHING_WRONG = {"lost": 0, "altered": 0, "duplicates": 0}


def test_every_kind_of_output_gets_every_message(
    tmp_path: Path, certificates: Path
) -> None:
    """TLS, plain TCP and standard output; only data reaches standard output."""
    with (
        Stage(tmp_path, certificates=certificates) as stage,
        Relay(None) as plain,
    ):
        deliver_also_to(
            stage,
            "  house_1:\n"
            "    type: in_house_relay\n"
            f"    config: {{address: 127.0.0.1, port: {plain.port}}}\n"
            "  out_1: {type: stdout, config: {keys: sdk_1_7}}\n",
        )
        with stage.spawn("run", "--once") as process:
            written, log = process.communicate(timeout=TIMEOUT_S)

        assert process.returncode == 0, log
        assert summary(stage.compare()) == NOTHING_WRONG, log
        stored = [*plain.ledger.entries()]
        lines = [json.loads(line) for line in written.splitlines()]
        shown = [Stored(0, one["tag"], one["content"].encode()) for one in lines]
        for found in (stored, shown):
            assert [(one.tag, one.message) for one in found] == [
                (one.tag, one.message) for one in stage.relay.ledger.entries()
            ], log
    assert all(list(one) == ["timestamp", "tag", "content"] for one in lines)
    for level in ("close_notify", "eof", "sent"):
        assert f"confirmation level {level}" in log
