"""JSON lines on a stream, and what a broken pipe looks like."""

from __future__ import annotations

import io
import json
import os
from typing import TYPE_CHECKING

import pytest

from collector_host.delivery.items import Level
from collector_host.delivery.transports import factory
from collector_host.errors import DeliveryError, UnconfirmedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import IO

    from collector_host.delivery.items import Batch

    MakeBatch = Callable[..., Batch]


@pytest.fixture
def broken_pipe() -> Iterator[IO[bytes]]:
    """Return a pipe whose reader is gone."""
    reader, writer = os.pipe()
    os.close(reader)
    with io.FileIO(writer, "w") as stream:
        yield stream


def test_console_writes_one_json_object_a_line(make_batch: MakeBatch) -> None:
    """Nothing but the three fields of each message reaches the stream."""
    stream = io.BytesIO()
    transport = factory.console(stream)
    transport.open()

    transport.write(make_batch(b'{"n": 1}', "zwei ü".encode()))

    lines = stream.getvalue().decode().splitlines()
    assert lines[0] == (
        '{"message_timestamp": "2023-01-05 00:00:00.000",'
        ' "message_tag": "my.app.a.b", "message_content": "{\\"n\\": 1}"}'
    )
    assert json.loads(lines[1])["message_content"] == "zwei ü"
    assert len(lines) == 2


def test_console_proves_sent() -> None:
    """A stream gives no answer: `sent` is the most it can prove."""
    transport = factory.console(io.BytesIO())

    assert transport.probe() is Level.SENT
    assert transport.confirm(Level.SENT) is Level.SENT
    with pytest.raises(UnconfirmedError, match="eof was required"):
        transport.confirm(Level.EOF)


def test_console_reports_a_broken_pipe(
    broken_pipe: IO[bytes], make_batch: MakeBatch
) -> None:
    """A reader that went away is a delivery error, not a crash."""
    transport = factory.console(broken_pipe)

    with pytest.raises(DeliveryError, match="the reader of the output stream is gone"):
        transport.write(make_batch(b"one"))
    transport.abort()


def test_console_confirms_nothing_that_cannot_be_flushed() -> None:
    """A full disk that shows only at the flush is an error all the same."""
    full = io.BufferedWriter(io.FileIO("/dev/full", "w"))
    full.write(b"waits in the buffer")

    with pytest.raises(DeliveryError, match="No space left"):
        factory.console(full).confirm(Level.SENT)
    with pytest.raises(OSError, match="No space left"):
        full.close()
