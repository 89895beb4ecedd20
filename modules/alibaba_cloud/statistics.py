"""How a pull is named, and the line that says what it did.

Source:
    The collector's public guide, "Puller output".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

_DECIMALS = 11


def pulling_id(pull_started_at: datetime) -> str:
    """Return the name of a pull: seconds since the epoch, with microseconds."""
    return f"{pull_started_at.timestamp():.6f}"


def statistics_line(  # noqa: PLR0913  (the line's values)
    pull_name: str,
    *,
    requests: int,
    received: int,
    duplicates: int,
    sent: int,
    elapsed_s: float,
) -> str:
    """Return the statistics of a pull as the public guide prints them.

    Args:
        pull_name: Value of `@devo_pulling_id`.
        requests: Calls made, repetitions included.
        received: Events the service gave.
        duplicates: Those left out because they were sent before.
        sent: Those queued for delivery.
        elapsed_s: Duration of the pull, seconds.
    """
    rate = round(sent / elapsed_s, _DECIMALS) if elapsed_s > 0 else 0.0
    return (
        f"Statistics for this pull cycle (@devo_pulling_id={pull_name}):"
        f" Number of requests performed: {requests};"
        f" Number of events received: {received};"
        f" Number of duplicated events filtered out: {duplicates};"
        f" Number of events generated and sent: {sent}"
        f" (from {sent} unflattened events);"
        f" Average of events per second: {rate}."
    )
