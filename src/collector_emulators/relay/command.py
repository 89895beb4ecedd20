"""The command `relay`: a relay in a process of its own, until a signal ends it.

It knows options and files; the relay itself is in `server`.
"""

from __future__ import annotations

import json
import logging
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from collector_emulators.certificates import RelayCertificates, ensure_certificates
from collector_emulators.process import stop_on_signal
from collector_emulators.relay.connection import Answer
from collector_emulators.relay.control import ControlServer
from collector_emulators.relay.faults import Fault, FaultPlan, parse_fault
from collector_emulators.relay.ledger import CountingLedger, FileLedger
from collector_emulators.relay.server import HOST, Relay

if TYPE_CHECKING:
    from collections.abc import Mapping

    from collector_emulators.relay.ledger import Ledger

_log = logging.getLogger(__name__)

SECRET_FILE: Final = "control.secret"  # noqa: S105 a file's name, not its content


def _fault(text: str) -> Fault:
    """Turn an option's text into a fault, or say what is wrong with it."""
    try:
        return parse_fault(text)
    except ValueError as err:
        raise click.BadParameter(str(err)) from err


@click.command("relay")
@click.option("--port", default=0, show_default="any free one", help="TCP port.")
@click.option(
    "--certificates",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("relay-certificates"),
    show_default=True,
    help="Folder of certificates and of the control secret; made when missing.",
)
@click.option("--plain", is_flag=True, help="Plain TCP: no TLS, no certificates.")
@click.option(
    "--ledger",
    "ledger_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File every stored message is appended to. Without it only counts are kept.",
)
@click.option("--sync", is_flag=True, help="Also fsync the ledger before answering.")
@click.option(
    "--answer",
    type=click.Choice([answer.value for answer in Answer]),
    default=Answer.CLOSE_NOTIFY.value,
    show_default=True,
    help="What a sender that closes is given, once everything is stored.",
)
@click.option(
    "--fault",
    "faults",
    type=_fault,
    metavar="FAULT",
    multiple=True,
    help="What shall go wrong: action@moment[,key=value]..., may be repeated.",
)
@click.option("--seed", default=0, show_default=True, help="Decides `chance` faults.")
def relay(  # noqa: PLR0913 one argument for each option
    *,
    port: int,
    folder: Path,
    plain: bool,
    ledger_file: Path | None,
    sync: bool,
    answer: str,
    faults: tuple[Fault, ...],
    seed: int,
) -> None:
    """Receive from Devo's sender on loopback and store what arrives.

    One JSON line on stdout says where, once the relay is ready. SIGTERM or SIGINT
    ends it within a second.
    """
    logging.basicConfig(stream=sys.stderr, level=logging.INFO)
    certificates = None if plain else ensure_certificates(folder)
    secret_file = _write_secret(folder)
    ledger: Ledger = (
        FileLedger(ledger_file, sync=sync) if ledger_file else CountingLedger()
    )
    try:
        server = Relay(
            certificates,
            port=port,
            ledger=ledger,
            answer=Answer(answer),
            faults=FaultPlan(*faults, seed=seed),
        )
    except ValueError as err:
        raise click.BadParameter(str(err), param_hint="--fault") from err
    stopping = stop_on_signal()
    with server, ControlServer(server, secret_file.read_text("ascii")) as control:
        ready = _ready(server, certificates, control, secret_file)
        click.echo(json.dumps(ready))
        stopping.wait()
    ledger.close()
    _log.info("stopped: %s", server.tally.snapshot())


def _write_secret(folder: Path) -> Path:
    """Write a new secret for the control port, readable by the owner alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / SECRET_FILE
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)
    file.write_text(secrets.token_urlsafe(), "ascii")
    return file


def _ready(
    server: Relay,
    certificates: RelayCertificates | None,
    control: ControlServer,
    secret_file: Path,
) -> Mapping[str, object]:
    """Describe what a sender and a tester need, without any secret."""
    return {
        "address": HOST,
        "port": server.port,
        **(_files(certificates) if certificates else {}),
        "control": control.url,
        "control_secret_file": str(secret_file.resolve()),
    }


def _files(certificates: RelayCertificates) -> Mapping[str, object]:
    """Name what a sender needs for TLS."""
    return {
        "chain": str(certificates.chain.resolve()),
        "cert": str(certificates.client.certificate.resolve()),
        "key": str(certificates.client.key.resolve()),
    }
