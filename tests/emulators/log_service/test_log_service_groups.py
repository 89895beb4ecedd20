"""Consumer groups: the APIs, and the vendor's consumer library on top of them."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import pytest
from aliyun.log import LogException
from aliyun.log.consumer import (
    ConsumerProcessorBase,
    ConsumerWorker,
    CursorPosition,
    LogHubConfig,
)

from collector_emulators.accounts import EXAMPLE_KEY_ID, EXAMPLE_KEY_SECRET
from emulators.log_service.vendor import WHERE, event

if TYPE_CHECKING:
    from collections.abc import Callable

    from aliyun.log import LogClient

    from collector_emulators.log_service import LogServiceEmulator

GROUP = "readers"


@pytest.fixture
def group(emulator: LogServiceEmulator, client: LogClient) -> str:
    """A consumer group whose consumers are dead after 20 seconds."""
    del emulator
    client.create_consumer_group(*WHERE, GROUP, 20)
    return GROUP


def beat(client: LogClient, consumer: str, held: list[int]) -> list[int]:
    """Send a heartbeat; return the shards the consumer may hold."""
    return client.heart_beat(*WHERE, GROUP, consumer, held).get_shards()


def checkpoints(client: LogClient, **options: Any) -> list[dict[str, Any]]:
    """Return the checkpoints of the group."""
    answer = client.get_check_point(*WHERE, GROUP, **options)
    return answer.get_consumer_group_check_points()


def error_of(call: Callable[[], Any]) -> tuple[int, str]:
    """Return status and code of the error a call of the SDK raises."""
    with pytest.raises(LogException) as caught:
        call()
    return caught.value.get_resp_status(), caught.value.get_error_code()


def test_groups_are_made_changed_and_dropped(group: str, client: LogClient) -> None:
    """A group can be listed and changed; a second of its name is refused."""
    again = error_of(lambda: client.create_consumer_group(*WHERE, group, 20))
    client.update_consumer_group(*WHERE, group, timeout=30, in_order=True)
    (listed,) = client.list_consumer_group(*WHERE).get_consumer_groups()
    client.delete_consumer_group(*WHERE, group)
    gone = error_of(lambda: beat(client, "a", []))

    assert again == (400, "ConsumerGroupAlreadyExist")
    assert listed.get_consumer_group_name() == group
    assert (listed.get_timeout(), listed.is_in_order()) == (30, True)
    assert gone == (404, "ConsumerGroupNotExist")


def test_shards_move_when_they_are_let_go(group: str, client: LogClient) -> None:
    """A second consumer gets a shard once the first no longer holds it."""
    del group

    alone = beat(client, "a", [])
    newcomer = beat(client, "b", [])
    shared = beat(client, "a", alone)
    still_held = beat(client, "b", [])
    beat(client, "a", shared)
    taken = beat(client, "b", [])

    assert alone == [0, 1]
    assert newcomer == still_held == []
    assert shared == [0]
    assert taken == [1]


def test_shards_of_a_dead_consumer_are_given_away(
    emulator: LogServiceEmulator, group: str, client: LogClient
) -> None:
    """A consumer that is silent for longer than the timeout loses its shards."""
    del group
    beat(client, "a", [])

    emulator.clock.shift_s += 21

    assert beat(client, "b", []) == [0, 1]


def test_ordered_group_waits_for_parents(
    emulator: LogServiceEmulator, group: str, client: LogClient
) -> None:
    """Children of a split are hidden until their parent is read to its end."""
    client.update_consumer_group(*WHERE, group, in_order=True)
    emulator.append(*WHERE, [event(0)], shard=0)
    emulator.split(*WHERE, 0)
    emulator.split(*WHERE, 1)

    before = beat(client, "a", [])
    end = client.get_end_cursor(*WHERE, 0).get_cursor()
    client.update_check_point(*WHERE, group, 0, end, "a")
    after = beat(client, "a", before)

    # Shard 1 has nothing: it holds back nobody.
    assert before == [0, 1, 4, 5]
    assert after == [0, 1, 2, 3, 4, 5]


def test_checkpoint_is_kept(
    emulator: LogServiceEmulator, group: str, client: LogClient
) -> None:
    """It can be asked for alone or with all others, with who wrote it."""
    client.update_check_point(*WHERE, group, 0, "MQ==", "a")
    client.update_check_point(*WHERE, group, 1, "Mg==", "b")

    first, second = checkpoints(client)

    assert (first["shard"], first["checkpoint"]) == (0, "MQ==")
    assert first["consumer"] == "a"
    assert first["updateTime"] == pytest.approx(
        emulator.clock.seconds() * 1_000_000, abs=60_000_000
    )
    assert checkpoints(client, shard=1) == [second]


def test_shard_not_read_yet_has_an_empty_checkpoint(
    group: str, client: LogClient
) -> None:
    """A consumer that got a shard finds that nobody has read it."""
    del group
    beat(client, "a", [])

    (point,) = checkpoints(client, shard=1)

    assert (point["checkpoint"], point["consumer"]) == ("", "a")


def test_checkpoint_of_another_s_shard_needs_force(
    group: str, client: LogClient
) -> None:
    """Only the consumer that holds the shard may set it, unless it is forced."""
    beat(client, "a", [])

    refused = error_of(
        lambda: client.update_check_point(
            *WHERE, group, 0, "MQ==", "b", force_success=False
        )
    )
    client.update_check_point(*WHERE, group, 0, "Mg==", "a", force_success=False)
    client.update_check_point(*WHERE, group, 0, "Mw==", "b", force_success=True)

    assert refused == (400, "ConsumerNotMatch")
    assert checkpoints(client)[0]["checkpoint"] == "Mw=="


class Collector(ConsumerProcessorBase):
    """Keeps the ids of all events, and says when there are enough."""

    ids: list[str]
    wanted: int
    enough: threading.Event

    def process(self, log_groups: Any, check_point_tracker: Any) -> None:
        for group in log_groups.LogGroups:
            for log in group.Logs:
                values = {content.Key: content.Value for content in log.Contents}
                self.ids.append(json.loads(values["event"])["eventId"])
        check_point_tracker.save_check_point(True)  # noqa: FBT003 - the vendor's form
        if len(self.ids) >= self.wanted:
            self.enough.set()


def test_consumer_library_reads_everything_over_a_split(
    emulator: LogServiceEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The vendor's own consumer finds the children and misses nothing."""
    monkeypatch.setenv("http_proxy", emulator.endpoint)
    emulator.append(*WHERE, [event(number) for number in range(40)])
    half, whole = threading.Event(), threading.Event()
    processor = type("P", (Collector,), {"ids": [], "wanted": 40, "enough": half})
    settings = LogHubConfig(
        "cn-hangzhou.log.aliyuncs.com",
        EXAMPLE_KEY_ID,
        EXAMPLE_KEY_SECRET,
        *WHERE,
        GROUP,
        "consumer-1",
        cursor_position=CursorPosition.BEGIN_CURSOR,
        heartbeat_interval=1,
        data_fetch_interval=0.05,
    )
    worker = ConsumerWorker(processor, settings)

    worker.start()
    try:
        assert half.wait(20)
        processor.enough, processor.wanted = whole, 80
        emulator.split(*WHERE, 0)
        emulator.append(*WHERE, [event(number) for number in range(40, 80)])
        assert whole.wait(20)
    finally:
        worker.shutdown()
        worker.join(20)

    assert sorted(processor.ids) == sorted(f"e{number}" for number in range(80))
    actions = {call.action for call in emulator.requests()}
    assert actions >= {"ConsumerGroupHeartBeat", "ConsumerGroupUpdateCheckPoint"}
