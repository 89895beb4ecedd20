"""Projects, logstores, and search: what a look around needs, through the SDK."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aliyun.log import GetHistogramsRequest, ListLogstoresRequest, LogException

from collector_emulators.accounts import AccessKey
from collector_emulators.log_service.records import event_group
from emulators.log_service.caller import Caller
from emulators.log_service.vendor import (
    NOW,
    PROJECT,
    STORE,
    WHERE,
    event,
    event_ids,
    make_client,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from aliyun.log import LogClient

    from collector_emulators.log_service import LogServiceEmulator


def error_of(call: Callable[[], Any]) -> tuple[int, str]:
    """Return status and code of the error a call of the SDK raises."""
    with pytest.raises(LogException) as caught:
        call()
    return caught.value.get_resp_status(), caught.value.get_error_code()


def test_project_lives_and_dies(
    empty_emulator: LogServiceEmulator, client: LogClient
) -> None:
    """A project is made, found, described anew, and dropped."""
    client.create_project("new-project", "first")
    again = error_of(lambda: client.create_project("new-project", "second"))
    empty_emulator.advance(60)
    client.update_project("new-project", "changed")

    found = client.get_project("new-project")
    client.delete_project("new-project")

    assert again == (400, "ProjectAlreadyExist")
    assert (found.get_projectname(), found.get_description()) == (
        "new-project",
        "changed",
    )
    assert found.get_region() == "cn-hangzhou"
    assert found.get_create_time() == "2026-01-01T00:00:00Z"
    assert found.get_last_modify_time() == "2026-01-01T00:01:00Z"
    gone = error_of(lambda: client.get_project("new-project"))
    assert gone == (404, "ProjectNotExist")


def test_projects_are_listed_by_name(
    empty_emulator: LogServiceEmulator, client: LogClient
) -> None:
    """A page of the account's own projects, and how many there are."""
    for name in ("b-logs", "a-logs", "other"):
        empty_emulator.create_store(name, STORE)
    empty_emulator.create_store("foreign", STORE, owner="2")
    empty_emulator.accounts.add(AccessKey("foreign", "secret", account_id="2"))

    every = client.list_project()
    some = client.list_project(project_name_pattern="logs", offset=1, size=1)
    stranger = make_client(
        empty_emulator,
        accessKeyId="foreign",
        accessKey="secret",
    )

    assert [p["projectName"] for p in every.get_projects()] == [
        "a-logs",
        "b-logs",
        "other",
    ]
    assert [p["projectName"] for p in some.get_projects()] == ["b-logs"]
    assert (some.get_count(), some.get_total()) == (1, 2)
    assert stranger.list_project().get_total() == 1


def test_store_lives_and_dies(emulator: LogServiceEmulator, client: LogClient) -> None:
    """A logstore is made, found, changed, listed, and dropped."""
    client.create_logstore(PROJECT, "new", ttl=7, shard_count=3)
    again = error_of(lambda: client.create_logstore(PROJECT, "new"))
    client.update_logstore(PROJECT, "new", ttl=90, shard_count=9)

    found = client.get_logstore(PROJECT, "new")
    names = client.list_logstore(PROJECT).get_logstores()
    some = client.list_logstore(PROJECT, "trail").get_logstores()
    older = client.list_logstores(ListLogstoresRequest(PROJECT)).get_logstores()
    client.delete_logstore(PROJECT, "new")

    assert again == (400, "LogStoreAlreadyExist")
    assert (found.get_ttl(), found.get_shard_count()) == (90, 3)
    assert names == older == [STORE, "new"]
    assert some == [STORE]
    gone = error_of(lambda: client.get_logstore(PROJECT, "new"))
    assert gone == (404, "LogStoreNotExist")
    assert len(emulator.shards(*WHERE)) == 2


@pytest.mark.parametrize(
    ("body", "code"),
    [
        pytest.param(b"{", "PostBodyInvalid", id="no-json"),
        pytest.param(b"[]", "PostBodyInvalid", id="no-object"),
        pytest.param(b"{}", "PostBodyInvalid", id="no-name"),
        pytest.param(b'{"logstoreName":"a","ttl":"x"}', "PostBodyInvalid", id="text"),
        pytest.param(b'{"logstoreName":"a","ttl":0}', "ParameterInvalid", id="zero"),
    ],
)
def test_wrong_store_is_refused(
    emulator: LogServiceEmulator, caller: Caller, body: bytes, code: str
) -> None:
    """A logstore needs a name and sensible settings."""
    del emulator

    reply = caller.call(
        "POST", "/logstores", body=body, content_type="application/json"
    )

    assert (reply.status, reply.code) == (400, code)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        pytest.param("consumergroups", b"{}", id="no-name"),
        pytest.param("consumergroups/g?type=heartbeat&consumer=a", b"{}", id="no-list"),
        pytest.param("consumergroups/g?type=heartbeat&consumer=a", b'["x"]', id="text"),
        pytest.param("consumergroups/g?type=heartbeat", b"[]", id="no-consumer"),
        pytest.param("consumergroups/g?type=checkpoint", b"{}", id="no-shard"),
    ],
)
def test_wrong_group_call_is_refused(
    emulator: LogServiceEmulator, caller: Caller, path: str, body: bytes
) -> None:
    """Bodies and parameters of consumer groups are checked."""
    emulator.catalogue.groups(*WHERE).add("g", 20, order=False)
    address, _, text = path.partition("?")
    query = dict(pair.split("=") for pair in text.split("&")) if text else {}

    reply = caller.call(
        "POST",
        f"/logstores/{STORE}/{address}",
        query,
        body,
        content_type="application/json",
    )

    assert (reply.status, reply.code) in {
        (400, "PostBodyInvalid"),
        (400, "ParameterInvalid"),
    }


def test_page_of_a_list_is_a_positive_one(
    emulator: LogServiceEmulator, caller: Caller
) -> None:
    """Neither the start nor the size of a page can be negative."""
    del emulator

    reply = caller.call("GET", "/logstores", {"offset": "-1"})

    assert (reply.status, reply.code) == (400, "ParameterInvalid")


def fill(emulator: LogServiceEmulator) -> None:
    """Add events, one every ten seconds."""
    start = int(NOW) - 1000
    groups = [event_group(event(n), time=start + 10 * n) for n in range(20)]
    emulator.append(*WHERE, groups, shard=0)


def test_search_finds_a_text_in_a_time(
    emulator: LogServiceEmulator, client: LogClient
) -> None:
    """Records of the range that hold the text, a page of them, either way round."""
    fill(emulator)
    start = int(NOW) - 1000

    def search(**options: Any) -> list[str]:
        found = client.get_log(*WHERE, start, start + 100, **options)
        return event_ids([log.get_contents() for log in found.get_logs()])

    assert search() == [f"e{number}" for number in range(10)]
    assert search(query="e3") == ["e3"]
    assert search(query="*", offset=2, size=2) == ["e2", "e3"]
    assert search(reverse=True, size=1) == ["e9"]
    assert search(topic="another") == []


def test_search_needs_a_range(emulator: LogServiceEmulator, client: LogClient) -> None:
    """The end must not be before the start."""
    fill(emulator)

    found = error_of(lambda: client.get_log(*WHERE, 10, 5))

    assert found == (400, "InvalidTimeRange")


def test_histogram_counts_parts_of_a_range(
    emulator: LogServiceEmulator, client: LogClient
) -> None:
    """The parts cover the range, and their counts are those of a search."""
    fill(emulator)
    start = int(NOW) - 1000
    request = GetHistogramsRequest(*WHERE, start, start + 120, "", "")

    answer = client.get_histograms(request)

    parts = answer.get_histograms()
    assert answer.get_total_count() == 12
    assert parts[0].get_from() == start
    assert parts[-1].get_to() == start + 120
    assert [part.get_to() for part in parts[:-1]] == [p.get_from() for p in parts[1:]]
