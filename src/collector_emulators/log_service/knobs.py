"""Everything about the emulated service that can be turned while it runs.

It knows names and types, not what they do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from collector_emulators.knobs import TurnableKnobs

ExpiredCursor = Literal["error", "jump"]
"""What a pull behind the retention gets; no page of the vendor says which."""

SkewError = Literal["RequestTimeExpired", "RequestTimeTooSkewed"]

TokenError = Literal["Unauthorized", "SecurityTokenExpired"]

RateClock = Literal["transport", "data"]


@dataclass(slots=True)
class Knobs(TurnableKnobs):
    """Settings of the service; set an attribute or use `update`.

    Attributes:
        shard_bytes_per_s: Raw bytes a second that can be read from a shard; 0
            for any number.
        shard_reads_per_s: Pulls a second from a shard; 0 for any number.
        project_reads_per_s: Pulls a second from a project; 0 for any number.
        rate_clock: Clock these rates are measured with.
        max_page_bytes: Raw bytes after which a pull ends; at least one group is
            always answered.
        max_count: Largest `count` of a pull.
        expired_cursor: `error` answers InvalidCursor to a cursor older than the
            oldest record, `jump` answers from the oldest record on.
        end_of_cursor: Whether `x-log-end-of-cursor` is sent.
        max_skew_s: Seconds a request's date may be off.
        skew_error: Code for a date that is farther off.
        token_error: Code for a security token that has expired.
        cache_bytes: Room for compressed pages that are kept to be served again.
    """

    shard_bytes_per_s: float = 10 * 1024 * 1024
    shard_reads_per_s: float = 100.0
    project_reads_per_s: float = 10_000.0
    rate_clock: RateClock = "transport"
    max_page_bytes: int = 10 * 1024 * 1024
    max_count: int = 1000
    expired_cursor: ExpiredCursor = "error"
    end_of_cursor: bool = True
    max_skew_s: float = 900.0
    skew_error: SkewError = "RequestTimeExpired"
    token_error: TokenError = "Unauthorized"  # noqa: S105 - an error code
    cache_bytes: int = 128 * 1024 * 1024
