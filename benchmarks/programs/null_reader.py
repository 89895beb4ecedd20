"""Reads what a TLS receiver passes on, counts bytes and lines, and forgets it.

Its counters lie in a file that others map: looking at them costs it nothing.
"""

from __future__ import annotations

import mmap
import socket
import struct
import sys
import threading
from pathlib import Path

PIECE_BYTES = 1024 * 1024
COUNTERS = struct.Struct("=QQQ")
"""Connections that carried something, bytes, lines."""


class Totals:
    """Counters shared by all connections.

    Args:
        place: Where they are written, `COUNTERS.size` bytes.
    """

    def __init__(self, place: mmap.mmap) -> None:
        self._place = place
        self._lock = threading.Lock()
        self._counts = [0, 0, 0]

    def add(self, *more: int) -> None:
        """Add connections, bytes and lines."""
        with self._lock:
            counts = [old + new for old, new in zip(self._counts, more, strict=True)]
            self._counts = counts
            COUNTERS.pack_into(self._place, 0, *counts)


def read(peer: socket.socket, totals: Totals) -> None:
    """Read a connection to its end, then close it."""
    buffer = bytearray(PIECE_BYTES)
    connections = 1
    with peer:
        while size := peer.recv_into(buffer):
            totals.add(connections, size, buffer.count(b"\n", 0, size))
            connections = 0


def serve(file: Path) -> None:
    """Listen, say where, and read every connection in a thread of its own."""
    with file.open("r+b") as opened, mmap.mmap(opened.fileno(), 0) as place:
        totals = Totals(place)
        server = socket.create_server(("127.0.0.1", 0), backlog=64)
        print(server.getsockname()[1], flush=True)
        while True:
            peer, _ = server.accept()
            threading.Thread(target=read, args=(peer, totals), daemon=True).start()


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
