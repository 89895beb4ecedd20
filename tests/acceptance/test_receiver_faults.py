"""The real collector in front of a receiver that fails in every way it can.

What is lost is decided by the ledgers. Each failure may repeat one window.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from collector_emulators.certificates import certificate_paths
from collector_emulators.proxy import TcpProxy
from support.collecting import BACK_OFF, DELIVERY, FAILED, WINDOW, Collecting

BREAKS = (
    "reset@accepted,connection=2",
    "fin@accepted,connection=3",
    "reset@read,connection=4",
    "fin@read,connection=6",
    "drop@read,connection=8",
    "reset@stored,connection=9",
    "fin@stored,connection=11",
    "reset@closing,connection=13",
    "fin@closing,connection=15",
)
WAITS = (
    "stall@accepted,connection=2,seconds=0.5",
    "slow@read,connection=3,bytes_per_s=500000",
    "babble@read,connection=4",
    "babble@stored,connection=5",
    "babble@closing,connection=6",
    "stall@read,connection=7,seconds=2",
    "stall@stored,connection=8,seconds=2",
    "stall@closing,connection=9",
)
LESS_THAN_A_PAGE = 20_000
"""Bytes that are more than a handshake and less than 50 events."""

CERTIFICATES = (
    "refuse@accepted,connection=1",
    "expired@accepted,connection=2",
    "misnamed@accepted,connection=3",
    "refuse@accepted,connection=5",
    "expired@accepted,connection=7",
    "misnamed@accepted,connection=9",
)


@pytest.mark.parametrize(
    ("faults", "failures"),
    [(BREAKS, len(BREAKS)), (WAITS, 3), (CERTIFICATES, len(CERTIFICATES))],
    ids=["breaks", "waits", "certificates"],
)
def test_every_fault_of_the_receiver_in_one_run_loses_nothing(
    faults: tuple[str, ...], failures: int, tmp_path: Path, certificates: Path
) -> None:
    """Each fault is met, said once, waited for, and overcome without a human."""
    with Collecting(
        tmp_path, certificates=certificates, count=650, faults=faults
    ) as stage:
        code, log = stage.once()

        result = stage.compare()
        assert code == 0, log
        assert stage.relay.tally["faults"] == len(faults), log
        assert (result.lost, result.altered) == (0, 0), log
        # A slow machine may add failures of its own, never take one away.
        assert log.count(BACK_OFF) >= failures
        assert result.duplicates <= log.count(FAILED) * WINDOW


def test_bare_end_is_not_believed_once_close_notify_was_learned(
    tmp_path: Path, certificates: Path
) -> None:
    """A receiver that dies between reading and storing costs a repetition only."""
    result, log = _die_between_reading_and_storing(tmp_path, certificates)

    assert result == (0, 0), log
    assert "close_notify is required" in log


def test_believing_a_bare_end_is_found(tmp_path: Path, certificates: Path) -> None:
    """The same run shows a loss if the level learned does not hold."""
    (lost, _), log = _die_between_reading_and_storing(
        tmp_path, certificates, mutant="receiver.confirm_on_bare_eof"
    )

    assert lost > 0, log


def _die_between_reading_and_storing(
    folder: Path, certificates: Path, *, mutant: str | None = None
) -> tuple[tuple[int, int], str]:
    """Return what was lost and altered, and the log."""
    with Collecting(
        folder,
        certificates=certificates,
        faults=("drop@read,connection=2",),
        mutant=mutant,
    ) as stage:
        code, log = stage.once()

        assert code == 0, log
        result = stage.compare()
    return (result.lost, result.altered), log


def test_receiver_that_closes_by_itself_has_confirmed_nothing(
    tmp_path: Path, certificates: Path
) -> None:
    """An orderly close that nobody asked for, seen before ours, is no answer."""
    fault = "close@stored,connection=2"
    with _quiet_stage(tmp_path, certificates, faults=(fault,)) as stage:
        with stage.running() as run:
            run.wait_for(FAILED)
            code = run.stop()

        result = stage.compare()
    assert code == 0, run.log
    assert stage.relay.tally["faults"] == 1
    assert (result.lost, result.altered) == (0, 0), run.log


def test_half_open_connection_is_noticed_and_left(
    tmp_path: Path, certificates: Path
) -> None:
    """Bytes vanish and nothing is closed: found at the close, sent again."""
    with (
        _quiet_stage(tmp_path, certificates) as stage,
        TcpProxy(stage.relay.address) as proxy,
    ):
        stage.write_config(port=str(proxy.port))
        with stage.running() as run:
            assert proxy.tally.wait_for("read_up", LESS_THAN_A_PAGE)
            proxy.black_hole()
            run.wait_for("it did not answer the close in time")
            proxy.pass_through()
            code = run.stop()

        result = stage.compare()
    assert code == 0, run.log
    assert (result.lost, result.altered) == (0, 0), run.log
    assert result.duplicates <= run.log.count(FAILED) * WINDOW


def _quiet_stage(folder: Path, certificates: Path, **settings: Any) -> Collecting:
    """Return a stage whose few events wait a while for their confirmation."""
    delivery = DELIVERY.replace("_seconds: 30", "_seconds: 2")
    return Collecting(
        folder,
        certificates=certificates,
        count=60,
        burst=0,
        delivery=delivery,
        **settings,
    )


def test_expired_client_certificate_is_replaced_without_a_restart(
    tmp_path: Path, certificates: Path
) -> None:
    """Nothing counts as delivered while it is refused; a new file is enough."""
    paths = certificate_paths(certificates)
    cert, key = tmp_path / "own.crt", tmp_path / "own.key"
    shutil.copy(paths.expired_client.certificate, cert)
    shutil.copy(paths.expired_client.key, key)
    with Collecting(tmp_path, certificates=certificates) as stage:
        stage.write_config(cert=str(cert), key=str(key))
        with stage.running("--once") as run:
            run.wait_for("certificate", 2)
            run.wait_for(BACK_OFF, 2)
            assert list(stage.relay.ledger.entries()) == []
            shutil.copy(paths.client.key, key)
            shutil.copy(paths.client.certificate, cert)
            code = run.end()

        result = stage.compare()
    assert code == 0, run.log
    assert (result.lost, result.altered, result.duplicates) == (0, 0, 0), run.log
