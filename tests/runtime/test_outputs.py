"""From the configuration's outputs to transports that work."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from collector_emulators.relay.server import Relay
from collector_host.config.model import (
    Console,
    DeliverySettings,
    DevoPlatform,
    Output,
    PlainRelay,
)
from collector_host.delivery.items import Batch, Block, Level
from collector_host.runtime.outputs import output_settings

if TYPE_CHECKING:
    from collector_host.config.model import OutputConfig

BATCH = Batch(1, "my.app.a.b", "t", Block.of([b"one"]))


def output(config: OutputConfig, **delivery: float) -> Output:
    """Return an output as the configuration has it."""
    settings = DeliverySettings(**delivery)  # type: ignore[arg-type]
    return Output("out_1", "any", True, 2, config, settings, 7)  # noqa: FBT003


def test_plain_output_delivers_and_confirms_by_the_end_of_connection() -> None:
    """Its threads are those of a syslog sender."""
    with Relay(None) as relay:
        settings = output_settings(output(PlainRelay("127.0.0.1", relay.port)))
        transport = settings.transport()
        transport.open()
        transport.write(BATCH)

        assert transport.confirm(Level.EOF) is Level.EOF
        assert [entry.message for entry in relay.ledger.entries()] == [b"one"]
    assert settings.kind == "Syslog"
    assert (settings.senders, settings.statistics_period_s) == (2, 7)


@pytest.mark.parametrize(
    ("console", "keys"),
    [
        (Console(), ["message_timestamp", "message_tag", "message_content"]),
        (Console("sdk_1_7"), ["timestamp", "tag", "content"]),
    ],
)
def test_console_writes_the_keys_that_are_configured(
    console: Console, keys: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both generations of the SDK's lines."""
    stream = io.TextIOWrapper(io.BytesIO())
    monkeypatch.setattr(sys, "stdout", stream)
    settings = output_settings(output(console))
    settings.transport().write(BATCH)

    assert settings.kind == "Console"
    written = stream.buffer.getvalue()  # type: ignore[attr-defined]
    assert list(json.loads(written).items()) == list(
        zip(keys, ("t", "my.app.a.b", "one"), strict=True)
    )


def test_tls_output_is_a_devo_sender() -> None:
    """Whatever its type is called."""
    files = (Path("chain"), Path("cert"), Path("key"))
    config = DevoPlatform("localhost", 443, *files)

    assert output_settings(output(config)).kind == "Devo"


def test_wait_for_a_plain_relay_is_bounded_as_configured() -> None:
    """The close timeout reaches the transport."""
    plain = PlainRelay("127.0.0.1", 1)
    settings = output_settings(output(plain, close_timeout_s=1.5, send_timeout_s=2.5))

    assert settings.transport.args[0].close_timeout_s == 1.5  # type: ignore[attr-defined]
    assert settings.transport.args[0].send_timeout_s == 2.5  # type: ignore[attr-defined]
