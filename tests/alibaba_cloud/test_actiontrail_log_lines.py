"""The log of a pull is the one the public guide shows, line by line."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

import pytest

from fakes.actiontrail import NOW, START, FakeHost, FakeTrail, event, module

_GUIDE = """\
Detected initial start time in UTC change: {'values_changed': {'root': {'new_value': \
DateTime(2023, 1, 5, 0, 0, 0, tzinfo=Timezone('UTC')), 'old_value': \
DateTime(2023, 1, 1, 0, 0, 0, tzinfo=Timezone('UTC'))}}}. \
Setting last run time to 2023-01-05T00:00:00+00:00
Updating persisted data with {'initial_start_time_in_utc': '2023-01-05T00:00:00Z'}
Updating persisted data with {'last_run_datetime': '2023-01-05T00:00:00Z'}
Updating persisted data with {'last_ids': []}
Retrieving timestamp (2023-01-10T10:46:05.063698+00:00) is greater than \
2023-01-10T10:36:05.078809+00:00 (datetime.now() - 600 seconds). \
Setting end datetime to 2023-01-10T10:36:05.078809+00:00.
Setting end_datetime to 2023-01-10T10:36:04.999999+00:00 \
(end of previous second to account for Alibaba time filtration granularity)
Retrieving actiontrail logs since 2023-01-05T00:00:00+00:00 to \
2023-01-10T10:36:04.999999+00:00 and sending to cloud.alibaba.actiontrail.events
Sending 33 events to cloud.alibaba.actiontrail.events
Updating persisted data with {'last_run_datetime': '2023-01-10T09:55:09Z'}
Updating persisted data with {'last_ids': ['ID-000032']}
Updating persisted data with {'last_run_datetime': '2023-01-10T10:36:04.999999Z'}
Retrieved and sent 33 actiontrail event(s) to cloud.alibaba.actiontrail.events \
since 2023-01-05T00:00:00+00:00 to 2023-01-10T10:36:04.999999+00:00
Statistics for this pull cycle (@devo_pulling_id=1673347565.063698): \
Number of requests performed: 1; Number of events received: 33; \
Number of duplicated events filtered out: 0; \
Number of events generated and sent: 33 (from 33 unflattened events); \
Average of events per second: 66.0.
"""


def test_log_of_a_changed_start_and_one_pull_is_that_of_the_guide(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Same lines, same order, same form; the host adds its own before and after."""
    caplog.set_level(logging.INFO, logger="alibaba_cloud")
    old = {
        "initial_start_time_in_utc": "2023-01-01T00:00:00Z",
        "last_run_datetime": "2023-01-01T00:00:00Z",
        "last_ids": [],
    }
    newest = datetime(2023, 1, 10, 9, 55, 9, tzinfo=UTC)
    times = [START + timedelta(hours=n) for n in range(32)] + [newest]
    trail = FakeTrail([event(n, time) for n, time in enumerate(times)])
    puller = module(trail, FakeHost(old), now=NOW)
    trail.before_call = lambda _number, _token: puller.clock.advance(0.5)
    retrieving_at = NOW.replace(microsecond=63698)

    puller.keeper.load(retrieving_at)
    puller.pull(retrieving_at)

    assert caplog.messages == _GUIDE.splitlines()
    assert {one.levelname for one in caplog.records} == {"INFO"}


def test_long_lists_are_cut_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """A second with many events does not print them all."""
    caplog.set_level(logging.INFO, logger="alibaba_cloud")
    trail = FakeTrail([event(n, START) for n in range(120)])

    module(trail, FakeHost(), now=NOW).pull()

    assert any("'and 70 more'" in line for line in caplog.messages)
