"""Collects rows for a lookup of Devo, and makes jobs of them.

A row that does not fit is not taken, with a reason; it never raises.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final, cast

from devocollectorsdk.commons.clock import Clock, SystemClock
from devocollectorsdk.commons.collector_exceptions import SdkLookupFactoryError
from devocollectorsdk.message.lookup_job import LookupJob
from devocollectorsdk.message.lookup_table import describe_table
from devocollectorsdk.message.message import format_timestamp

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from devocollectorsdk.message.lookup_job import Action

__all__ = ["LookupJob", "LookupJobFactory"]

_MICROSECONDS: Final = 1_000_000


class LookupJobFactory:
    """Three lists of rows for one lookup: to initialize, to modify, to remove.

    Making a job leaves the list as it is; `clean_..._list` empties it, e.g. between
    two pages of an upload.

    Args:
        lookup_name: 6 to 900 ASCII letters, digits and `_`.
        headers: Names of the columns, in order.
        key: The header whose values are unique; its type is str, ip4 or int.
        field_types: str, int, int4, int8, float, bool or ip4 for each header: a
            list in their order, or a dict.
        get_field_types_from: A sample row to tell the types from, instead. Without
            either, every column is str.
        historic_tag: Not supported; must be None.
        clock: Kept for tests: where the time is taken from.

    Raises:
        SdkLookupFactoryError: 1 to 18, see `devocollectorsdk.message.lookup_table`.
    """

    def __init__(
        self,
        lookup_name: str,
        headers: Sequence[str],
        key: str,
        field_types: Sequence[str] | dict[str, str] | None = None,
        get_field_types_from: Sequence[Any] | None = None,
        historic_tag: str | None = None,
        *,
        clock: Clock | None = None,
    ) -> None:
        if historic_tag is not None:
            raise SdkLookupFactoryError(18, "a historic tag is not supported")
        self._table = describe_table(
            lookup_name, headers, key, field_types, get_field_types_from
        )
        self._clock = clock or SystemClock()
        self._rows: dict[Action, list[tuple[Any, ...]]] = {
            "INITIALIZE": [],
            "MODIFY": [],
            "REMOVE": [],
        }
        self._uploads: dict[Action, str] = {}

    def add_item_to_list_to_initialize(self, payload: Sequence[Any]) -> list[Any]:
        """Note rows that shall replace everything the lookup holds.

        Args:
            payload: A list of rows, or one row; a row is a list of values in the
                order of the headers.

        Returns:
            How many rows were not taken, and a list of these: for each a dict with
            `item` (the row) and `reason`.

        Raises:
            SdkLookupFactoryError: 19, the payload is not a list.
        """
        return self._add("INITIALIZE", payload)

    def add_item_to_list_to_modify(self, payload: Sequence[Any]) -> list[Any]:
        """Note rows to be added, or to replace those of the same key.

        Arguments, result and errors are those of `add_item_to_list_to_initialize`.
        """
        return self._add("MODIFY", payload)

    def add_item_to_list_to_remove(self, payload: Sequence[Any]) -> list[Any]:
        """Note rows to be removed; a row may be its key alone.

        Arguments, result and errors are those of `add_item_to_list_to_initialize`.
        """
        return self._add("REMOVE", payload)

    def get_size(self) -> int:
        """Return how many rows all three lists hold."""
        return sum(map(len, self._rows.values()))

    def clean_initialize_list(self) -> None:
        """Forget the rows to initialize with."""
        self._rows["INITIALIZE"].clear()

    def clean_modify_list(self) -> None:
        """Forget the rows to modify."""
        self._rows["MODIFY"].clear()

    def clean_remove_list(self) -> None:
        """Forget the rows to remove."""
        self._rows["REMOVE"].clear()

    def create_job_to_initialize_items(
        self, send_start: bool, send_end: bool
    ) -> LookupJob:
        """Make a job of the rows to initialize with.

        Args:
            send_start: Whether it begins an upload; what the lookup held is
                forgotten with it.
            send_end: Whether it ends the upload, which may have had several pages.

        Raises:
            SdkLookupFactoryError: 20, an argument is not a boolean.
        """
        return self._job("INITIALIZE", send_start, send_end)

    def create_job_to_modify_items(self, send_start: bool, send_end: bool) -> LookupJob:
        """Make a job of the rows to modify; see `create_job_to_initialize_items`."""
        return self._job("MODIFY", send_start, send_end)

    def create_job_to_remove_items(self, send_start: bool, send_end: bool) -> LookupJob:
        """Make a job of the rows to remove; see `create_job_to_initialize_items`."""
        return self._job("REMOVE", send_start, send_end)

    def _add(self, action: Action, payload: Any) -> list[Any]:
        if not isinstance(payload, list | tuple):
            cause = f"rows are added as a list, not as {type(payload).__name__}"
            raise SdkLookupFactoryError(19, cause)
        given = cast("Sequence[Any]", payload)
        is_one_row = bool(given) and not any(isinstance(x, list | tuple) for x in given)
        rejected: list[dict[str, Any]] = []
        for row in [given] if is_one_row else given:
            reason = self._table.objection(row, to_remove=action == "REMOVE")
            if reason is None:
                self._rows[action].append(tuple(row))
            else:
                rejected.append({"item": row, "reason": reason})
        return [len(rejected), rejected]

    def _job(self, action: Action, send_start: bool, send_end: bool) -> LookupJob:
        now = self._clock.now()
        known = self._uploads.get(action)
        upload = _new_id(now) if send_start or known is None else known
        job = LookupJob(
            action,
            upload,
            format_timestamp(now),
            self._table,
            tuple(self._rows[action]),
            send_start,
            send_end,
        )
        if send_end:
            self._uploads.pop(action, None)
        else:
            self._uploads[action] = upload
        return job


_lock = threading.Lock()
_last_us = 0


def _new_id(now: datetime) -> str:
    """Return seconds since the epoch as text, as devo-sdk does, and never twice."""
    global _last_us  # noqa: PLW0603  (one row of numbers for all factories)
    with _lock:
        _last_us = max(_last_us + 1, round(now.timestamp() * _MICROSECONDS))
        return f"{_last_us // _MICROSECONDS}.{_last_us % _MICROSECONDS:06d}"
