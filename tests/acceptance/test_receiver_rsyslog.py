"""rsyslog as the receiver: its file is held against the source, byte for byte."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collector_emulators.certificates import certificate_paths
from collector_emulators.generator import odd_events
from collector_emulators.ledger import compact_json
from collector_emulators.relay.ledger import parse_record
from support.collecting import FAILED, WINDOW, Collecting
from support.plain import deliver_plainly
from support.rsyslog import Driver, Rsyslog, require_rsyslog
from support.stage import TABLE

DRIVERS: tuple[Driver, ...] = ("ossl", "gtls", "ptcp")
LEVELS = {"ossl": "close_notify", "gtls": "eof", "ptcp": "eof"}
GIANT_BYTES = 200_000
_ADDED = re.compile(rb',"@devo_pulling_id":"\d+\.\d{6}","@devo_environment":"prod"\}\Z')


@dataclass(frozen=True)
class Verdict:
    """What the file says.

    Attributes:
        lost: Events whose bytes are not in it.
        repeated: Whole events that are in it more than once, copies only.
        fragments: Lines that are the beginning of an event, cut off.
        strange: Lines that are neither.
    """

    lost: int
    repeated: int
    fragments: int
    strange: int


@pytest.fixture(autouse=True)
def _rsyslog() -> None:
    require_rsyslog()


@pytest.mark.parametrize("driver", DRIVERS)
def test_rsyslog_stopped_in_mid_run_has_every_byte(
    driver: Driver, tmp_path: Path, certificates: Path
) -> None:
    """An orderly stop and a restart: every event, and no more than was unproved."""
    verdict, log = _interrupted(Rsyslog.stop, driver, tmp_path, certificates)

    assert f"confirmation level {LEVELS[driver]}" in log
    assert (verdict.lost, verdict.strange) == (0, 0), log
    _bounded(verdict, log)


def test_rsyslog_killed_in_mid_run_has_what_it_proved(
    tmp_path: Path, certificates: Path
) -> None:
    """It stores before it answers with close_notify: nothing is lost."""
    verdict, log = _interrupted(
        Rsyslog.kill, "ossl", tmp_path, certificates, direct=True
    )

    assert (verdict.lost, verdict.strange) == (0, 0), log
    _bounded(verdict, log)


@pytest.mark.chaos
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("end", [Rsyslog.stop, Rsyslog.kill], ids=["stop", "kill"])
@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize("page", range(1, 24, 2))
def test_rsyslog_ended_behind_every_page_has_what_it_proved(
    page: int,
    driver: Driver,
    end: Callable[[Rsyslog], None],
    tmp_path: Path,
    certificates: Path,
) -> None:
    """The same at many moments; behind a bare end a kill may cost one window."""
    kill = end is Rsyslog.kill
    verdict, log = _interrupted(
        end, driver, tmp_path, certificates, direct=kill, page=page
    )

    unproved = WINDOW if kill and driver != "ossl" else 0
    assert verdict.lost <= unproved, log
    assert verdict.strange == 0, log
    _bounded(verdict, log)


def _interrupted(
    end: Callable[[Rsyslog], None],
    driver: Driver,
    folder: Path,
    certificates: Path,
    *,
    direct: bool = False,
    page: int = 8,
) -> tuple[Verdict, str]:
    """End rsyslog when `page` pages were read, start it again, and judge its file."""
    with (
        Rsyslog(certificate_paths(certificates), driver, direct=direct) as rsyslog,
        Collecting(
            folder, certificates=certificates, count=1_200, more=_odd_events()
        ) as stage,
    ):
        if driver == "ptcp":
            deliver_plainly(stage, rsyslog.port)
        else:
            stage.write_config(port=str(rsyslog.port))
        with stage.running("--once") as run:
            run.wait_for("Sending", page)
            end(rsyslog)
            rsyslog.start()
            code = run.end()
        rsyslog.stop()

        assert code == 0, run.log
        return _judge(rsyslog.records(), stage.events), run.log


def _odd_events() -> list[dict[str, Any]]:
    """Return events of 200 KB, with line feeds, NUL, emoji, lone surrogates."""
    noon = datetime.now(UTC) - timedelta(hours=1)
    odd = odd_events(2, noon.timestamp(), giant_bytes=GIANT_BYTES)
    return [timed.event for timed in odd]


def _judge(records: Iterable[bytes], events: Iterable[Any]) -> Verdict:
    """Compare the events in the file, without what the collector adds, by bytes."""
    wanted = {compact_json(event) for event in events}
    messages = [parse_record(0, record) for record in records]
    found = Counter(
        _ADDED.sub(b"}", entry.message) for entry in messages if entry.tag == TABLE
    )
    whole = found.keys() & wanted
    rest = [text for text in found.elements() if text not in wanted]
    fragments = sum(any(full.startswith(text) for full in wanted) for text in rest)
    unparsed = sum(entry.tag != TABLE for entry in messages)
    return Verdict(
        lost=len(wanted - whole),
        repeated=sum(found[text] - 1 for text in whole),
        fragments=fragments,
        strange=len(rest) - fragments + unparsed,
    )


def _bounded(verdict: Verdict, log: str) -> None:
    """Each broken connection may repeat a window and leave one fragment."""
    assert verdict.repeated <= log.count(FAILED) * WINDOW, log
    assert verdict.fragments <= log.count(FAILED), log
