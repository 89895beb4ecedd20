"""What TLS and the kernel cost for the same bytes: the least delivery can cost.

One connection, pieces made beforehand, no confirmation. It knows no delivery room.
"""

from __future__ import annotations

import socket
import ssl
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from measuring.room_alone import devo_settings
from measuring.stage import TABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

_PIECE_BYTES: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Load:
    """What to send.

    Attributes:
        ready: What the relay said when it was ready.
        events: Lines.
        text_bytes: Size of a line without its header.
    """

    ready: Mapping[str, Any]
    events: int
    text_bytes: int


def send(load: Load) -> float:
    """Send it and return the CPU time of the sending alone, seconds."""
    line = f"<14>Jan  1 00:00:00 host {TABLE}: {'x' * load.text_bytes}\n".encode()
    count = _PIECE_BYTES // len(line)
    piece = line * count
    devo = devo_settings(load.ready)
    context = ssl.create_default_context(cafile=devo.chain)
    context.load_cert_chain(devo.cert, devo.key)
    with (
        socket.create_connection((devo.address, devo.port)) as plain,
        context.wrap_socket(plain, server_hostname=devo.address) as tls,
    ):
        before_s = time.process_time()
        for _ in range(load.events // count):
            tls.sendall(piece)
        tls.sendall(line * (load.events % count))
        used_s = time.process_time() - before_s
        tls.unwrap()
    return used_s
