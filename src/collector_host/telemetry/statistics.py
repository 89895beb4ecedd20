"""The lines by which an operator sees that messages flow and memory does not grow.

Pure functions of figures that others took.

Source: the collector's public guide, "Sender statistics".
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from devocollectorsdk.commons.collector_utils import CollectorUtils

if TYPE_CHECKING:
    from collections.abc import Mapping

    from collector_host.telemetry.counters import Snapshot
    from collector_host.telemetry.memory import Memory

METRIC_TAG: Final = "devo.collector.metric.message_sent"


def sender_lines(
    service: str, before: Snapshot, after: Snapshot, *, senders: int, queue_size: int
) -> tuple[str, str]:
    """Describe what a sender service did between two snapshots.

    Args:
        service: `Standard`, `Lookup` or `Internal`.
        before: The last checkpoint; its instant is shown in UTC.
        after: Now.
        senders: Connections that may send side by side.
        queue_size: Messages that wait.
    """
    sent = after["messages_sent"] - before["messages_sent"]
    elapsed_s = (after["sending_us"] - before["sending_us"]) / 1e6
    since = before.taken_at.isoformat(sep=" ", timespec="microseconds")
    capacity = (
        f"Number of available senders: {senders},"
        f" sender manager internal queue size: {queue_size}"
    )
    progress = (
        f"{service} - Total number of messages sent: {after['messages_sent']},"
        f' messages sent since "{since}": {sent} (elapsed {elapsed_s:0.3f} seconds)'
    )
    return capacity, progress


def sdk_sender_lines(
    service: str, before: Snapshot, after: Snapshot, *, senders: int, queue_size: int
) -> tuple[str, str]:
    """Do what `sender_lines` does in the form of the SDK's versions 1.7 and 1.8.

    Bytes are counted as they are handed over, what is sent again included.
    """
    capacity, _ = sender_lines(
        service, before, after, senders=senders, queue_size=queue_size
    )
    total = after["messages_sent"]
    sent = total - before["messages_sent"]
    size = after["bytes_sent"] - before["bytes_sent"]
    elapsed_s = (after["sending_us"] - before["sending_us"]) / 1e6
    since = before.taken_at.isoformat(timespec="microseconds")
    progress = (
        f"{service} - Total number of messages: {total} messages/bytes sent since"
        f' "{since}": {sent}/{size}, (elapsed {elapsed_s:0.3f} seconds)'
    )
    return capacity, progress


def metric_fields(before: Snapshot, after: Snapshot) -> dict[str, Any]:
    """Return what the telemetry table `METRIC_TAG` is told of the time in between.

    `since_ts` is the instant of `before`, in milliseconds since the epoch.
    """
    return {
        "col_id": CollectorUtils.collector_id,
        "col_name": CollectorUtils.collector_name,
        "col_version": CollectorUtils.collector_version,
        "col_image": CollectorUtils.collector_image,
        "msg_sent": {
            "part_counter": after["messages_sent"] - before["messages_sent"],
            "part_bytes": after["bytes_sent"] - before["bytes_sent"],
            "since_ts": int(before.taken_at.timestamp() * 1000),
        },
    }


def sender_status_line(name: str, status: Mapping[str, object]) -> str:
    """Describe one sender, as the SDK's monitors do."""
    return f"Sender: {name}, status: {json.dumps(status)}"


def memory_line(before: Memory, after: Memory) -> str:
    """Describe memory before and after it was freed."""
    return (
        f"[GC] global: {before.global_percent:.1f}% -> {after.global_percent:.1f}%,"
        f" process: RSS({_mib(before.rss_bytes)} -> {_mib(after.rss_bytes)}),"
        f" VMS({_mib(before.vms_bytes)} -> {_mib(after.vms_bytes)})"
    )


def _mib(size_bytes: int) -> str:
    return f"{size_bytes / 2**20:.2f}MiB"
