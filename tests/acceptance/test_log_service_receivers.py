"""A Log Store is read while its receiver dies: the same proofs as for ActionTrail."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from collector_emulators.certificates import certificate_paths
from collector_emulators.relay.ledger import parse_record
from support.collecting import DELIVERY, FAILED, WINDOW
from support.log_store import TABLE, LogStoreStage
from support.mortal_relay import MortalRelay
from support.mutants import core
from support.rsyslog import Rsyslog, require_rsyslog
from support.scaled import SMALL_PART, small_parts

_ADDED = re.compile(
    rb'\{"origin":"[a-z_]+","module":"[a-z_]+","@devo_pulling_id":"[\d.]+",'
    rb'"@devo_environment":"prod",'
)
BATCH = max(WINDOW, SMALL_PART)


def _deaths(*faults: str) -> list[list[str]]:
    return [[fault] for fault in faults]


def test_receiver_killed_in_a_drain_and_in_the_resend_loses_nothing(
    tmp_path: Path, certificates: Path
) -> None:
    """Two deaths in a row, before and after storing."""
    lives = _deaths("kill@read,connection=3", "kill@closing,connection=1")
    paths = certificate_paths(certificates)
    with (
        LogStoreStage(
            tmp_path,
            certificates=certificates,
            count=600,
            delivery=DELIVERY,
            changes=[small_parts],
        ) as stage,
        MortalRelay(paths, tmp_path / "ledger", lives) as relay,
    ):
        stage.port = relay.port
        stage.write_config()
        with stage.running("--once") as run:
            while relay.revive_unless(run.has_ended):
                pass
            code = run.end()

        assert code == 0, run.log
        result = stage.against(relay.stored())
    assert relay.deaths == len(lives)
    assert (result.lost, result.altered) == (0, 0), run.log
    assert result.duplicates <= run.log.count(FAILED) * BATCH, run.log


@pytest.mark.parametrize("damaged", [False, True], ids=["whole", "damaged"])
def test_kill_while_the_receiver_is_dead_loses_nothing_if_commits_wait(
    tmp_path: Path, certificates: Path, *, damaged: bool
) -> None:
    """What a dead receiver took is read again; committed at sending, it is lost."""
    paths = certificate_paths(certificates)
    changes = [small_parts, *([core.commit_before_confirm] if damaged else [])]
    dying = _deaths("kill@read,connection=2")
    with (
        LogStoreStage(
            tmp_path, certificates=certificates, delivery=DELIVERY, changes=changes
        ) as stage,
        MortalRelay(paths, tmp_path / "ledger", dying) as relay,
    ):
        stage.port = relay.port
        stage.write_config()
        with stage.running() as run:  # killed at the end of this block
            run.wait_for(FAILED)
        relay.await_death()
        relay.start()
        code, log = stage.once()

        assert code == 0, log
        result = stage.against(relay.stored())
    assert bool(result.lost) is damaged, run.log + log
    assert result.altered == 0


def test_rsyslog_killed_in_mid_run_has_every_byte(
    tmp_path: Path, certificates: Path
) -> None:
    """A judge we have not written: its file is held against the records' own bytes."""
    require_rsyslog()
    with (
        Rsyslog(certificate_paths(certificates), "ossl", direct=True) as rsyslog,
        LogStoreStage(
            tmp_path,
            certificates=certificates,
            count=900,
            delivery=DELIVERY,
            changes=[small_parts],
        ) as stage,
    ):
        stage.port = rsyslog.port
        stage.write_config()
        with stage.running("--once") as run:
            run.wait_for("confirmation level close_notify")
            rsyslog.kill()
            rsyslog.start()
            code = run.end()
        rsyslog.stop()

        assert code == 0, run.log
        wanted = stage.texts()
        records = [parse_record(0, one) for one in rsyslog.records()]
    assert {one.tag for one in records} <= {TABLE, "unparsed"}
    found = Counter(_ADDED.sub(b"{", one.message) for one in records)
    whole = found.keys() & wanted
    rest = [text for text in found.elements() if text not in wanted]
    assert len(wanted - whole) == 0, run.log
    assert all(any(full.startswith(text) for full in wanted) for text in rest)
    assert len(rest) <= run.log.count(FAILED)
    repeated = sum(found[text] - 1 for text in whole)
    assert repeated <= run.log.count(FAILED) * BATCH, run.log
