"""What a receiver that proves less may lose, and that it is said which it is.

The fault is the one each weak level cannot tell from success: everything was read,
nothing was stored, and the end of the connection is a bare one.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from collector_emulators.certificates import certificate_paths
from collector_emulators.relay.connection import Answer
from collector_emulators.relay.faults import FaultPlan, parse_fault
from collector_emulators.relay.server import Relay
from support.collecting import DELIVERY, WINDOW, Collecting

DIES_UNSTORED = "drop@read,connection=2"
RESETS = ("reset@accepted,connection=2", "reset@read,connection=3")


@pytest.mark.parametrize(
    ("answer", "setting", "level"),
    [
        (Answer.EOF, "auto", "eof"),
        pytest.param(Answer.MUTE, "tcp_acked", "tcp_acked", marks=pytest.mark.chaos),
        (Answer.CLOSE_NOTIFY, "sent", "sent"),
    ],
)
def test_weak_level_loses_at_most_one_window_for_each_death(
    answer: Answer, setting: str, level: str, tmp_path: Path, certificates: Path
) -> None:
    """A death is a window at most, and the log has named the level before."""
    plan = FaultPlan(parse_fault(DIES_UNSTORED))
    delivery = f"confirm: {setting}, {DELIVERY}"
    with (
        Relay(certificate_paths(certificates), answer=answer, faults=plan) as relay,
        Collecting(tmp_path, certificates=certificates, delivery=delivery) as stage,
    ):
        stage.write_config(port=str(relay.port))
        code, log = stage.once()

        result = stage.against(relay.ledger.entries())
    assert code == 0, log
    assert relay.tally["faults"] == 1
    assert f"confirmation level {level}" in log
    assert 0 < result.lost <= WINDOW, log
    assert (result.altered, result.duplicates) == (0, 0), log


@pytest.mark.chaos
def test_bare_end_loses_nothing_in_a_reset(tmp_path: Path, certificates: Path) -> None:
    """A connection that is broken before its end is no bare end."""
    plan = FaultPlan(*map(parse_fault, RESETS))
    with (
        Relay(certificate_paths(certificates), answer=Answer.EOF, faults=plan) as relay,
        Collecting(tmp_path, certificates=certificates) as stage,
    ):
        stage.write_config(port=str(relay.port))
        code, log = stage.once()

        result = stage.against(relay.ledger.entries())
    assert code == 0, log
    assert relay.tally["faults"] == len(RESETS)
    assert result.lost == 0, log
