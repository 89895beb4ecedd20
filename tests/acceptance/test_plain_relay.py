"""The real collector and a relay in the house, over plain TCP.

What is lost is decided by the ledgers. A relay that dies after it read everything and
before it stored it looks like one that stored: that, and nothing else, may cost a
window, and it is shown here for what it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from collector_emulators.certificates import certificate_paths
from collector_emulators.comparison import Comparison
from collector_emulators.proxy import TcpProxy
from collector_emulators.relay.connection import Answer
from collector_emulators.relay.faults import FaultPlan, parse_fault
from collector_emulators.relay.server import Relay
from support.collecting import BACK_OFF, DELIVERY, FAILED, WINDOW, Collecting
from support.mortal_relay import MortalRelay
from support.plain import deliver_plainly

BREAKS = (
    "reset@accepted,connection=2",
    "reset@read,connection=4",
    "reset@stored,connection=6",
    "reset@closing,connection=8",
    "stall@closing,connection=10",
    "babble@read,connection=11",
    "babble@closing,connection=12",
    "slow@read,connection=13,bytes_per_s=500000",
)
"""Without a FIN of the relay's own: on a loaded machine that may cross ours, and plain
TCP cannot tell it from an answer."""
FAILURES = 5
LESS_THAN_A_PAGE = 20_000


def test_every_fault_of_a_plain_relay_in_one_run_loses_nothing(
    tmp_path: Path, certificates: Path
) -> None:
    """Each is met, said once, waited for, and overcome without a human."""
    plan = FaultPlan(*map(parse_fault, BREAKS))
    with (
        Relay(None, faults=plan) as relay,
        Collecting(tmp_path, certificates=certificates, count=650) as stage,
    ):
        deliver_plainly(stage, relay.port)
        code, log = stage.once()

        result = stage.against(relay.ledger.entries())
    assert code == 0, log
    assert "confirmation level eof" in log
    assert relay.tally["faults"] == len(BREAKS), log
    assert (result.lost, result.altered) == (0, 0), log
    assert log.count(BACK_OFF) >= FAILURES, log
    assert result.duplicates <= log.count(FAILED) * WINDOW, log


def test_plain_relay_killed_in_the_close_and_in_the_resend_loses_nothing(
    tmp_path: Path, certificates: Path
) -> None:
    """Deaths at every moment that a bare end can tell from an answer."""
    lives = [
        ["kill@closing,connection=3"],
        ["kill@accepted"],
        ["kill@stored,connection=2"],
        ["kill@closing,connection=2"],
    ]

    result, log, deaths = _killed(lives, tmp_path, certificates)

    assert deaths == len(lives), log
    assert (result.lost, result.altered) == (0, 0), log
    assert result.duplicates <= log.count(FAILED) * WINDOW, log


@pytest.mark.chaos
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("again", ["accepted", "stored", "closing"])
@pytest.mark.parametrize("moment", ["accepted", "stored", "closing"])
def test_plain_relay_killed_at_every_connection_loses_nothing(
    moment: str, again: str, tmp_path: Path, certificates: Path
) -> None:
    """Every connection of a run, and every moment of the resend."""
    number = 2 if moment == "stored" else 1
    while True:
        folder = tmp_path / str(number)
        folder.mkdir()
        lives = [[f"kill@{moment},connection={number}"], [f"kill@{again}"]]
        result, log, deaths = _killed(lives, folder, certificates)
        assert (result.lost, result.altered) == (0, 0), f"{number}: {log}"
        if not deaths:
            break
        number += 1
    assert number > 4


def test_half_open_connection_to_a_plain_relay_is_noticed_and_left(
    tmp_path: Path, certificates: Path
) -> None:
    """Bytes vanish and nothing is closed: found at the close, sent again."""
    delivery = DELIVERY.replace("_seconds: 30", "_seconds: 2")
    with (
        Relay(None) as relay,
        TcpProxy(relay.address) as proxy,
        Collecting(tmp_path, certificates=certificates, count=60, burst=0) as stage,
    ):
        deliver_plainly(stage, proxy.port, delivery=delivery)
        with stage.running() as run:
            assert proxy.tally.wait_for("read_up", LESS_THAN_A_PAGE)
            proxy.black_hole()
            run.wait_for("it did not answer the close in time")
            proxy.pass_through()
            code = run.stop()

        result = stage.against(relay.ledger.entries())
    assert code == 0, run.log
    assert (result.lost, result.altered) == (0, 0), run.log
    assert result.duplicates <= run.log.count(FAILED) * WINDOW


def test_death_between_reading_and_storing_costs_a_window_at_most(
    tmp_path: Path, certificates: Path
) -> None:
    """The loss plain TCP cannot see, and the log has named the level before."""
    plan = FaultPlan(parse_fault("drop@read,connection=2"))
    with (
        Relay(None, faults=plan) as relay,
        Collecting(tmp_path, certificates=certificates) as stage,
    ):
        deliver_plainly(stage, relay.port)
        code, log = stage.once()

        result = stage.against(relay.ledger.entries())
    assert code == 0, log
    assert "confirmation level eof" in log
    assert 0 < result.lost <= WINDOW, log
    assert (result.altered, result.duplicates) == (0, 0), log


@pytest.mark.parametrize(
    ("confirm", "lost"), [("tcp_acked", 200), ("eof", 0)], ids=["tcp_acked", "eof"]
)
def test_relay_that_dies_without_reading_costs_tcp_acked_everything(
    confirm: str, lost: int, tmp_path: Path, certificates: Path
) -> None:
    """Its kernel took every connection in full: no window bounds that loss."""
    paths = certificate_paths(certificates)
    lives = [["stall@accepted,times=always"]]
    with (
        Collecting(tmp_path, certificates=certificates) as stage,
        MortalRelay(paths, tmp_path / "ledger", lives, "--plain") as relay,
    ):
        delivery = f"confirm: {confirm}, {DELIVERY}"
        deliver_plainly(stage, relay.port, delivery=delivery)
        with stage.running("--once") as run:
            if confirm == "eof":
                run.wait_for("did not answer the close in time")
                relay.start()
            code = run.end()
        relay.start()  # kills the one there is
        result = stage.against(relay.stored())

    assert code == 0, run.log
    assert (result.lost, result.altered) == (lost, 0), run.log


def test_mute_relay_gets_nothing_until_its_level_is_allowed(
    tmp_path: Path, certificates: Path
) -> None:
    """A relay that never answers a close needs `tcp_acked` in writing."""
    with (
        Relay(None, answer=Answer.MUTE) as relay,
        Collecting(tmp_path, certificates=certificates, count=60, burst=0) as stage,
    ):
        deliver_plainly(stage, relay.port)
        with stage.running() as run:
            run.wait_for("needs confirm: tcp_acked")
            run.wait_for(BACK_OFF)

        assert list(relay.ledger.entries()) == []


def test_two_connections_side_by_side_deliver_everything(
    tmp_path: Path, certificates: Path
) -> None:
    """`concurrent_connections` is how many there are, each named for what it is."""
    with (
        Relay(None) as relay,
        Collecting(tmp_path, certificates=certificates) as stage,
    ):
        more = ", concurrent_connections: 2, period_sender_stats_in_seconds: 1"
        deliver_plainly(stage, relay.port, kind="sidecar", more=more)
        code, log = stage.once()

        result = stage.against(relay.ledger.entries())
    assert code == 0, log
    assert (result.lost, result.altered, result.duplicates) == (0, 0, 0), log
    assert "SyslogSenderManagerMonitor(standard_senders,relay_1)" in log
    assert "Number of available senders: 2" in log


def _killed(
    lives: Sequence[Sequence[str]], folder: Path, certificates: Path
) -> tuple[Comparison, str, int]:
    """Run with a plain relay that dies as told."""
    paths = certificate_paths(certificates)
    with (
        Collecting(folder, certificates=certificates, count=420) as stage,
        MortalRelay(paths, folder / "ledger", lives, "--plain") as relay,
    ):
        deliver_plainly(stage, relay.port)
        with stage.running("--once") as run:
            while relay.revive_unless(run.has_ended):
                pass
            code = run.end()

        assert code == 0, run.log
        return stage.against(relay.stored()), run.log, relay.deaths
