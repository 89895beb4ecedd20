"""A receiver that stops reading in mid-message, for longer than a write may wait."""

from __future__ import annotations

from pathlib import Path

from collector_emulators.certificates import certificate_paths
from collector_emulators.comparison import Comparison
from collector_emulators.relay.faults import FaultPlan, parse_fault
from collector_emulators.relay.server import Relay
from support.collecting import DELIVERY, WINDOW, Collecting

STALL = "stall@read,connection=2,seconds=1.5"
LARGE = {"requestParameters": {"Text": "x" * 60_000}}
COUNT = 90
"""More bytes than the buffers of both kernels hold."""


def test_write_that_waited_too_long_goes_again_on_a_new_connection(
    tmp_path: Path, certificates: Path
) -> None:
    """The half-written message is a counted fragment; everything comes whole."""
    result, fragments, log = _stall(tmp_path, certificates)

    assert "took no data for" in log
    assert (result.lost, result.altered) == (0, 0), log
    assert result.duplicates <= WINDOW
    assert fragments <= 1


def test_going_on_after_a_failed_write_is_found(
    tmp_path: Path, certificates: Path
) -> None:
    """The same run shows a loss if the connection is used any further."""
    result, _, log = _stall(
        tmp_path, certificates, mutant="receiver.go_on_after_failed_write"
    )

    assert result.lost + result.altered > 0, log


def _stall(
    folder: Path, certificates: Path, *, mutant: str | None = None
) -> tuple[Comparison, int, str]:
    """Return the comparison, the fragments the receiver saw, and the log."""
    plan = FaultPlan(parse_fault(STALL))
    with (
        Relay(
            certificate_paths(certificates), faults=plan, receive_buffer_bytes=16_384
        ) as relay,
        Collecting(
            folder,
            certificates=certificates,
            count=COUNT,
            burst=0,
            with_each=LARGE,
            mutant=mutant,
            delivery=DELIVERY.replace("close_timeout_in_seconds: 0.5,", ""),
        ) as stage,
    ):
        stage.write_config(port=str(relay.port))
        code, log = stage.once()

        assert code == 0, log
        result = stage.against(relay.ledger.entries())
        return result, relay.tally["fragments"], log
