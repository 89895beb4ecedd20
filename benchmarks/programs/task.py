"""What the programs that are compared with the collector are told, and share."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

TAG = "cloud.alibaba.log_service.events"


@dataclass(frozen=True, slots=True)
class Task:
    """From where to where.

    Attributes:
        endpoint: URL of the Log Service.
        region: Region requests are signed for.
        project: Project of the Log Store.
        logstore: The Log Store.
        key_id: Access key.
        key_secret: Its secret.
        address: Host of the receiver.
        port: Its port.
        chain: Authority to trust.
        cert: Our certificate.
        key: Its key.
        events: How many events there are.
        group_bytes: Bytes that the collector writes for a log group.
    """

    endpoint: str
    region: str
    project: str
    logstore: str
    key_id: str
    key_secret: str
    address: str
    port: int
    chain: str
    cert: str
    key: str
    events: int
    group_bytes: float


def read_task() -> Task:
    """Return the task in the file that the command line names."""
    return Task(**json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))


def open_sender(task: Task) -> Any:
    """Return one connected sender of devo-sdk."""
    from devo.sender import Sender, SenderConfigSSL  # noqa: PLC0415  (only who sends)

    config = SenderConfigSSL(
        address=(task.address, task.port),
        key=task.key,
        cert=task.cert,
        chain=task.chain,
    )
    return Sender(config)


def finished(record: Mapping[str, str], pulling_id: str) -> str:
    """Return a flattened record as the collector sends it, the straightforward way."""
    event = json.loads(record["event"])
    event["origin"] = record["__source__"]
    event["module"] = record["__topic__"]
    event["@devo_pulling_id"] = pulling_id
    event["@devo_environment"] = "benchmark"
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"))
