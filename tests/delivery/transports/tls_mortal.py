"""A receiver process that waits to be killed; started by tests as a program.

Arguments: `unread` or `read` (what it does before it waits), and its files. It
prints its port, then one word when it has reached that point.
"""

from __future__ import annotations

import signal
import socket
import ssl
import sys


def main(point: str, cert: str, key: str, chain: str) -> None:
    """Serve one connection up to `point`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    context.load_verify_locations(chain)
    context.verify_mode = ssl.CERT_REQUIRED
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)  # noqa: T201 - speaks to its test
    tls = context.wrap_socket(listener.accept()[0], server_side=True)
    while point == "read" and tls.recv(65_536):
        pass
    print("reached", flush=True)  # noqa: T201 - speaks to its test
    signal.pause()


if __name__ == "__main__":
    main(*sys.argv[1:])
