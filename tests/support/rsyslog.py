"""rsyslog of the Linux distribution as a receiver: a judge we have not written.

It runs as a child, never as root, on a high port, with mutual TLS or plain TCP.

Source: measured with rsyslog 8.2302: `%rawmsg%` keeps every byte of a message, and
the size limit of 8 KiB it starts with would cut long ones.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, Self

import pytest

from collector_emulators.certificates import DOMAIN, RelayCertificates

Driver = Literal["ossl", "gtls", "ptcp"]

PROGRAM = Path("/usr/sbin/rsyslogd")
_NOBODY = 65_534
_LIMIT_S = 20.0
_CONFIG = """\
global(workDirectory="{folder}" maxMessageSize="256k"
  parser.escapeControlCharactersOnReceive="off"{certificates})
{queue}
module(load="imtcp"{tls})
template(name="raw" type="string" string="%rawmsg%\\n")
ruleset(name="all"){{ action(type="omfile" file="{folder}/stored" template="raw") }}
input(type="imtcp" port="{port}" ruleset="all")
"""
_CERTIFICATES = """
  defaultNetstreamDriver="{driver}"
  defaultNetstreamDriverCAFile="{folder}/chain.crt"
  defaultNetstreamDriverCertFile="{folder}/server.crt"
  defaultNetstreamDriverKeyFile="{folder}/server.key"
"""
_TLS = """ streamDriver.name="{driver}" streamDriver.mode="1"
  streamDriver.authMode="x509/name" permittedPeer=["{peer}"]"""
_DIRECT = 'main_queue(queue.type="Direct")'


def require_rsyslog() -> None:
    """Skip without rsyslog; where all checks must run, fail instead."""
    if not PROGRAM.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{PROGRAM} is missing")
        pytest.skip(f"{PROGRAM} is missing")


class Rsyslog:
    """One rsyslogd after another on one port with one file.

    Args:
        certificates: Its own certificate and the authority of its clients.
        driver: TLS library: OpenSSL or GnuTLS; `ptcp` is plain TCP.
        direct: Store a message before the next is read, instead of queueing it.
            Only so a kill cannot take what was acknowledged.
    """

    def __init__(
        self, certificates: RelayCertificates, driver: Driver, *, direct: bool = False
    ) -> None:
        self._driver = driver
        self._queue = _DIRECT if direct else ""
        self._certificates = certificates
        self._process: subprocess.Popen[bytes] | None = None
        self._folder = Path()
        self.port = _free_port()

    def start(self) -> None:
        """Start it; return when it listens."""
        config = self._folder / "rsyslog.conf"
        names = {"folder": self._folder, "driver": self._driver, "peer": DOMAIN}
        plain = self._driver == "ptcp"
        config.write_text(
            _CONFIG.format(
                folder=self._folder,
                certificates="" if plain else _CERTIFICATES.format(**names),
                tls="" if plain else _TLS.format(**names),
                queue=self._queue,
                port=self.port,
            ),
            encoding="utf-8",
        )
        self._process = subprocess.Popen(
            [PROGRAM, "-n", "-f", config, "-i", self._folder / "pid"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **_nobody(),
        )
        _await_listening(self.port, self._process)

    def stop(self) -> None:
        """Stop it in order: what it has read is stored."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Kill it at once."""
        self._end(signal.SIGKILL)

    def records(self) -> list[bytes]:
        """Return what is stored: header and message of each line, no line feed."""
        content = (self._folder / "stored").read_bytes()
        return content.split(b"\n")[:-1]

    def __enter__(self) -> Self:
        # Not below pytest's folder, which only its owner may enter.
        self._folder = Path(tempfile.mkdtemp(prefix="rsyslog-"))
        server = self._certificates.server
        for file in (self._certificates.chain, server.certificate, server.key):
            shutil.copy(file, self._folder)
        _give_away((self._folder, *self._folder.iterdir()))
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._process is not None and self._process.poll() is None:
            self.kill()
        shutil.rmtree(self._folder)

    def _end(self, how: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(how)
        self._process.wait(_LIMIT_S)


def _is_root() -> bool:
    return os.geteuid() == 0


def _nobody() -> dict[str, object]:
    if not _is_root():
        return {}
    return {"user": _NOBODY, "group": _NOBODY, "extra_groups": ()}


def _give_away(paths: Iterable[Path]) -> None:
    if _is_root():
        for path in paths:
            os.chown(path, _NOBODY, _NOBODY)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _await_listening(port: int, process: subprocess.Popen[bytes]) -> None:
    """Try until a foreign program listens, which has no other way to say so."""
    deadline = time.monotonic() + _LIMIT_S
    while True:
        assert process.poll() is None, "rsyslogd ended"
        assert time.monotonic() < deadline, "rsyslogd does not listen"
        with contextlib.suppress(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), _LIMIT_S).close()
            return
        time.sleep(0.02)
