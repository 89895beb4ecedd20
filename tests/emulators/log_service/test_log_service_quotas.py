"""Quotas: real buckets that empty by reading and fill with time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from collector_emulators.accounts import RateLimiter
from emulators.log_service.caller import Caller
from emulators.log_service.vendor import WHERE, event

if TYPE_CHECKING:
    from collector_emulators.log_service import LogServiceEmulator


@pytest.fixture(autouse=True)
def _by_data_clock(emulator: LogServiceEmulator) -> None:
    """Rates follow the data clock, which stands still until a test moves it."""
    emulator.knobs.rate_clock = "data"


def test_bytes_of_a_shard_are_limited(
    emulator: LogServiceEmulator, caller: Caller
) -> None:
    """A page is served while something is left; its debt must flow in first."""
    emulator.append(*WHERE, [event(0, x="x" * 3000)], shard=0)
    emulator.append(*WHERE, [event(1)], shard=1)
    emulator.knobs.shard_bytes_per_s = 1000
    zero, one = caller.cursor(shard=0), caller.cursor(shard=1)

    first = caller.pull(zero)
    second = caller.pull(zero)
    emulator.advance(1.5)
    too_early = caller.pull(zero)
    other_shard = caller.pull(one, shard=1)
    emulator.advance(1.5)
    later = caller.pull(zero)

    assert [r.status for r in (first, second, too_early)] == [200, 403, 403]
    assert second.code == "ShardReadQuotaExceed"
    assert second.message == "shard read bytes exceed quota limits"
    assert other_shard.status == later.status == 200


def test_pulls_of_a_shard_are_limited(
    emulator: LogServiceEmulator, caller: Caller
) -> None:
    """So many pulls a second from a shard; cursors cost nothing."""
    emulator.append(*WHERE, [event(0), event(1)])
    emulator.knobs.shard_reads_per_s = 2
    zero, one = caller.cursor(shard=0), caller.cursor(shard=1)

    replies = [caller.pull(zero) for _ in range(3)]
    other_shard = caller.pull(one, shard=1)
    emulator.advance(0.5)
    later = caller.pull(zero)

    assert [reply.status for reply in replies] == [200, 200, 403]
    assert replies[2].code == "ShardReadQuotaExceed"
    assert replies[2].message == "shard read qps exceed quota limits"
    assert other_shard.status == later.status == 200


def test_pulls_of_a_project_are_limited(
    emulator: LogServiceEmulator, caller: Caller
) -> None:
    """The project's own limit counts all its shards together."""
    emulator.append(*WHERE, [event(0), event(1)])
    emulator.knobs.project_reads_per_s = 2
    zero, one = caller.cursor(shard=0), caller.cursor(shard=1)

    caller.pull(zero)
    caller.pull(one, shard=1)
    refused = caller.pull(zero)

    assert (refused.status, refused.code) == (403, "ReadQuotaExceed")
    assert refused.message == "Read QPS Exceed"


def test_refused_page_does_not_count_as_served(
    emulator: LogServiceEmulator, caller: Caller
) -> None:
    """What a quota held back is not in the ledger."""
    emulator.append(*WHERE, [event(0, x="x" * 3000)], shard=0)
    emulator.knobs.shard_bytes_per_s = 1000
    cursor = caller.cursor()

    caller.pull(cursor)
    caller.pull(cursor)

    assert emulator.ledger.summary().served == 1


def test_bucket_of_bytes_runs_into_debt() -> None:
    """A large answer is let through, then the bucket must fill above zero."""
    limiter = RateLimiter()

    def take(amount: int, now: float) -> bool:
        return limiter.take_bytes("a", amount, per_s=100, now=now)

    assert take(350, 0)
    assert not take(1, 2.4)
    assert take(1, 2.6)
    assert limiter.take_bytes("b", 1, per_s=100, now=0)
