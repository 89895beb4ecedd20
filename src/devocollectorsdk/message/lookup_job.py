"""One step of filling a lookup, on its way to Devo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, get_args

from devocollectorsdk.commons.collector_exceptions import SdkLookupFactoryError

if TYPE_CHECKING:
    from devocollectorsdk.message.lookup_table import LookupTable

Action: TypeAlias = Literal["INITIALIZE", "MODIFY", "REMOVE"]
"""Replace everything; add rows or replace those of the same key; remove rows."""

ACTIONS: Final[tuple[Action, ...]] = get_args(Action)


@dataclass(frozen=True, slots=True)
class LookupJob:
    """Rows for one lookup, which nobody changes any more.

    Attributes:
        action: What is done with the rows.
        upload_id: Told apart by it: all jobs from a start to an end share one.
        timestamp: When it was made, UTC, `YYYY-MM-DD HH:MM:SS.mmm`.
        table: The lookup.
        rows: Checked rows, in order; to be removed, a row may be the key alone.
        send_start: Whether an upload begins with this job.
        send_end: Whether it ends with it; Devo then takes what it was given.

    Raises:
        SdkLookupFactoryError: 20, a flag is not a boolean; 21, the action is
            unknown.
    """

    action: Action
    upload_id: str
    timestamp: str
    table: LookupTable
    rows: tuple[tuple[Any, ...], ...]
    send_start: bool
    send_end: bool

    def __post_init__(self) -> None:
        flags: tuple[Any, ...] = (self.send_start, self.send_end)
        if not all(isinstance(flag, bool) for flag in flags):
            cause = "send_start and send_end are booleans"
            raise SdkLookupFactoryError(20, cause)
        if self.action not in ACTIONS:
            cause = f"the action {self.action!r} is not one of: {', '.join(ACTIONS)}"
            raise SdkLookupFactoryError(21, cause)

    @property
    def lookup_name(self) -> str:
        """Name of the lookup in Devo."""
        return self.table.name

    def __repr__(self) -> str:
        return f"LookupJob({self.action}, {self.lookup_name!r}, {len(self.rows)} rows)"
