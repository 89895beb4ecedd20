"""The limit: the same bytes pulled, decompressed, and written through TLS unseen.

It uses the collector's own way to the service, and writes pieces of 64 KiB. For each
log group it writes as many bytes as the collector does, some of them twice.
"""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING, Any

from task import read_task

from alibaba_cloud.credentials import credential_source
from alibaba_cloud.endpoint import parse_endpoint
from alibaba_cloud.log_service import vendor
from alibaba_cloud.log_service.settings import Connection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from task import Task

PIECE_BYTES = 64 * 1024


def pages(task: Task) -> Iterator[tuple[int, bytes]]:
    """Yield the log groups of each page, counted, and its bytes."""
    connection = Connection(
        endpoint=parse_endpoint(task.endpoint),
        region=task.region,
        project=task.project,
        logstore=task.logstore,
        signature="v4",
        proxy=None,
        ca_file=None,
        connect_timeout_s=5,
        read_timeout_s=30,
        user_agent="limit",
    )
    keys = {"access_key_id": task.key_id, "access_key_secret": task.key_secret}
    client: Any = vendor.open_client(connection, credential_source(keys))
    where = (task.project, task.logstore)
    for shard in client.list_shards(*where).get_shards_info():
        place = (*where, shard["shardID"])
        cursor = client.get_cursor(*place, "begin").get_cursor()
        while True:
            answer = client.pull_logs(*place, cursor, count=1000, compress=True)
            if answer.get_next_cursor() == cursor:
                break
            cursor = answer.get_next_cursor()
            yield answer.get_loggroup_count(), vendor.undecoded_body(answer)


def connect(task: Task) -> ssl.SSLSocket:
    """Connect as the collector does."""
    context = ssl.create_default_context(cafile=task.chain)
    context.load_cert_chain(task.cert, task.key)
    plain = socket.create_connection((task.address, task.port))
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return context.wrap_socket(plain, server_hostname=task.address)


def run(task: Task) -> None:
    """Copy everything."""
    owed = 0.0
    with connect(task) as sink:
        for groups, page in pages(task):
            owed += groups * task.group_bytes
            rest = memoryview(page)
            while owed > 0:
                size = min(int(owed) + 1, PIECE_BYTES, len(rest))
                sink.sendall(rest[:size])
                owed -= size
                rest = rest[size:] or memoryview(page)
        sink.unwrap().close()


if __name__ == "__main__":
    run(read_task())
