"""The log of the collector's public guide, line by line, values apart."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from support.stage import Stage

PULLER = "ActionTrailStandardPuller(alibaba,alibaba_1,actiontrail,predefined)"
SETUP = (
    "ActionTrailBasePullerSetup(example_collector,alibaba#alibaba_1,"
    "actiontrail#predefined)"
)
TABLE = "cloud.alibaba.actiontrail.events"

GUIDE = [
    f"INFO InputProcess::MainThread -> {SETUP} -> Starting thread",
    (
        f"INFO InputProcess::{SETUP} -> Setup for module <ActionTrailStandardPuller>"
        " has been successfully executed"
    ),
    (
        "Detected initial start time in UTC change: {'values_changed': {'root':"
        " {'new_value': DateTime(<t>, tzinfo=Timezone('UTC')), 'old_value':"
        " DateTime(<t>, tzinfo=Timezone('UTC'))}}}. Setting last run time to <t>"
    ),
    "Updating persisted data with {'initial_start_time_in_utc': '<t>'}",
    "Updating persisted data with {'last_run_datetime': '<t>'}",
    "Updating persisted data with {'last_ids': []}",
    "Starting data collection every 60 seconds",
    (
        "Retrieving timestamp (<t>) is greater than <t> (datetime.now() - 600"
        " seconds). Setting end datetime to <t>."
    ),
    (
        "Setting end_datetime to <t> (end of previous second to account for Alibaba"
        " time filtration granularity)"
    ),
    f"Retrieving actiontrail logs since <t> to <t> and sending to {TABLE}",
    f"Sending 33 events to {TABLE}",
    "Updating persisted data with {'last_run_datetime': '<t>'}",
    "Updating persisted data with {'last_ids': ['<id>']}",
    "Updating persisted data with {'last_run_datetime': '<t>'}",
    (
        f"Retrieved and sent 33 actiontrail event(s) to {TABLE} since <t> to <t>"
    ),
    (
        "Statistics for this pull cycle (@devo_pulling_id=<n>): Number of requests"
        " performed: 2; Number of events received: 33; Number of duplicated events"
        " filtered out: 0; Number of events generated and sent: 33 (from 33"
        " unflattened events); Average of events per second: <n>."
    ),
    (
        "Data collection completed. Elapsed time: <n> seconds. Waiting for <n>"
        " second(s) until the next one"
    ),
]  # fmt: skip

_TIME = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)|(?<=DateTime\()[\d, ]+(?=, tz)"
)
_ID = re.compile(r"(?<='last_ids': \[')[^']+")
_NUMBER = re.compile(r"\d+\.\d+")


def _general(line: str) -> str:
    """Put <t>, <id> and <n> in the place of values."""
    text = line.split(maxsplit=1)[1].removeprefix(f"INFO InputProcess::{PULLER} -> ")
    return _NUMBER.sub("<n>", _ID.sub("<id>", _TIME.sub("<t>", text)))


def _in_guide(line: str) -> bool:
    """Tell whether the guide speaks of such lines."""
    return SETUP in line or (
        f"InputProcess::{PULLER} -> " in line and "Waiting until setup" not in line
    )


def test_log_is_that_of_the_public_guide(tmp_path: Path, certificates: Path) -> None:
    """A changed start, one cycle, its statistics: the guide's lines in its order."""
    with Stage(tmp_path, certificates=certificates, count=33, burst=0) as stage:
        config = tmp_path / "config.yaml"
        earlier = stage.start - timedelta(days=4)
        stage.write_config(start=f"{earlier:%Y-%m-%dT%H:%M:%SZ}")
        config.write_text(config.read_text().replace("_seconds: 1\n", "_seconds: 60\n"))
        stage.run("run", "--once")
        stage.write_config()
        config.write_text(config.read_text().replace("_seconds: 1\n", "_seconds: 60\n"))

        code, log = stage.run("run", "--once")

    assert code == 0
    lines = [_general(line) for line in log.splitlines() if _in_guide(line)]
    assert lines == GUIDE
