"""The unmodified vendor SDK, pointed at an emulator in the ways a user can."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aliyun.log import LogClient
from requests.adapters import HTTPAdapter

from collector_emulators.accounts import EXAMPLE_KEY_ID, EXAMPLE_KEY_SECRET

if TYPE_CHECKING:
    from requests import PreparedRequest, Response

    from collector_emulators.log_service import LogServiceEmulator

NOW = 1_767_225_600.0  # 2026-01-01T00:00:00Z
PROJECT = "example-project"
STORE = "actiontrail_example"
WHERE = (PROJECT, STORE)


class Redirect(HTTPAdapter):
    """Sends every request to one address, whatever host it names."""

    def __init__(self, address: str, ca: str | None = None) -> None:
        super().__init__()
        self._address = address
        self._ca = ca

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        assert request.url is not None
        _scheme, _, rest = request.url.partition("://")
        request.url = f"{self._address}/{rest.partition('/')[2]}"
        if self._ca is not None:
            kwargs["verify"] = self._ca
        return super().send(request, *args, **kwargs)


def make_client(
    emulator: LogServiceEmulator, *, ca: str | None = None, **config: Any
) -> LogClient:
    """Return an SDK client of the public endpoint whose requests are redirected."""
    settings = {
        "endpoint": "https://cn-hangzhou.log.aliyuncs.com",
        "accessKeyId": EXAMPLE_KEY_ID,
        "accessKey": EXAMPLE_KEY_SECRET,
        "region": "cn-hangzhou",
        "source": "192.0.2.1",
        **config,
    }
    client = LogClient(**settings)
    client._session.mount("https://", Redirect(emulator.endpoint, ca))
    client._session.trust_env = False
    return client


def event(number: int, **fields: Any) -> dict[str, Any]:
    """Return a small event that can be told by its number."""
    return {"eventId": f"e{number}", "eventName": "Read", **fields}


def pull_all(client: LogClient, shard: int, cursor: str = "", **options: Any) -> Any:
    """Return the records of a shard from `cursor` on, and the cursor behind them."""
    cursor = cursor or client.get_begin_cursor(*WHERE, shard).get_cursor()
    records: list[dict[str, Any]] = []
    while True:
        answer = client.pull_logs(*WHERE, shard, cursor, **options)
        records += answer.get_flatten_logs_json()
        if answer.get_next_cursor() == cursor:
            return records, cursor
        cursor = answer.get_next_cursor()


def event_ids(records: list[dict[str, Any]]) -> list[str]:
    """Return the ids of the events inside records."""
    return [json.loads(record["event"])["eventId"] for record in records]


def read_all(client: LogClient, **options: Any) -> list[str]:
    """Return the ids of all events of all shards, sorted."""
    ids: list[str] = []
    for shard in client.list_shards(*WHERE).get_shards_info():
        records, _cursor = pull_all(client, shard["shardID"], **options)
        ids += event_ids(records)
    return sorted(ids)
