"""The only door to the vendor's SDK: one call, one result or one of our errors.

It knows neither positions nor what becomes of the records.
"""

from __future__ import annotations

import threading
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Callable, List, NamedTuple, Optional, Union

from ..errors import ApiError
from ..problems import UNREADABLE
from . import vendor, wire
from .failures import translate

if TYPE_CHECKING:
    from ..credentials import CredentialSource
    from .settings import Connection


class Shard(NamedTuple):
    """One shard as the service lists it.

    Attributes:
        id: Number, unique within the Log Store.
        is_readonly: Whether nothing is written to it any more.
        created_at: When it began, UTC.
    """

    id: int
    is_readonly: bool
    created_at: datetime


class Reply(NamedTuple):
    """What one pull gave.

    Attributes:
        asked: Cursor that was asked for.
        next: Cursor to ask for next; the same at the end of the shard.
        read: Log groups between the two, before a query left some out.
        raw_bytes: Size of the answer, decompressed.
        groups: Log groups in order, values as bytes: of the SDK, or of `wire` where
            that could not decode them.
        damaged: Log groups that could not be decoded at all.
    """

    asked: str
    next: str
    read: int
    raw_bytes: int
    groups: Any
    damaged: int = 0


class LogStoreClient:
    """Calls Log Service for one Log Store; each thread gets a connection of its own.

    Args:
        connection: How the Log Store is reached.
        credentials: Where the access key comes from.

    Source:
        Vendor documentation of Log Service, API version 0.6.0.
    """

    def __init__(self, connection: Connection, credentials: CredentialSource) -> None:
        self._connection = connection
        self._credentials = credentials
        self._of_thread = threading.local()
        self._where = (connection.project, connection.logstore)

    def list_shards(self) -> List[Shard]:
        """Return the shards there are, those that nothing is written to included.

        Raises:
            ApiError: The call failed.
        """
        found = self._call(lambda sdk: sdk.list_shards(*self._where).get_shards_info())
        try:
            return [_shard(entry) for entry in found]
        except (KeyError, TypeError, ValueError) as error:
            cause = f"the list of shards has another form ({type(error).__name__})"
            raise ApiError(UNREADABLE, cause) from error

    def cursor_at(self, shard_id: int, place: Union[datetime, str]) -> str:
        """Return the cursor of a place in a shard.

        Args:
            shard_id: The shard.
            place: `begin`, `end`, or an instant: the first record that the service
                received then or later. Earlier than all records means `begin`.

        Raises:
            ApiError: The call failed.
        """
        at = place if isinstance(place, str) else int(place.timestamp())
        return self._call(
            lambda sdk: sdk.get_cursor(*self._where, shard_id, at).get_cursor()
        )

    def cursor_time(self, shard_id: int, cursor: str) -> datetime:
        """Return when the record at a cursor was received, UTC, in whole seconds.

        Raises:
            ApiError: The call failed.
        """
        seconds = self._call(
            lambda sdk: sdk.get_cursor_time(
                *self._where, shard_id, cursor
            ).get_cursor_time()
        )
        return datetime.fromtimestamp(int(seconds), timezone.utc)

    def pull(  # noqa: PLR0913  (what the call takes, and how to read its answer)
        self,
        shard_id: int,
        cursor: str,
        *,
        groups_max: int,
        end: Optional[str] = None,
        query: Optional[str] = None,
        compressed: bool = True,
        salvage: bool = False,
    ) -> Reply:
        """Return log groups of a shard from a cursor on.

        Args:
            shard_id: The shard.
            cursor: First log group wanted.
            groups_max: Log groups at most, up to 1,000.
            end: Cursor to stop at, or None.
            query: SPL statement that the service applies, or None.
            compressed: Whether the answer may be compressed.
            salvage: Take what can be decoded of an answer that is damaged.

        Raises:
            ApiError: The call failed, or its answer cannot be decoded.
        """
        response = self._call(
            lambda sdk: sdk.pull_logs(
                *self._where,
                shard_id,
                cursor,
                count=groups_max,
                end_cursor=end,
                query=query,
                compress=compressed,
            )
        )
        following: str = response.get_next_cursor()
        if not following:
            raise ApiError(UNREADABLE, "an answer without a next cursor")
        count: int = response.get_raw_log_group_count_before_query()
        read = count if count >= 0 else response.get_loggroup_count()
        raw_bytes: int = response.get_raw_size()
        try:
            groups = vendor.log_groups(response)
        except Exception as error:
            if not salvage:
                raise translate(error) from error
            found = wire.salvage(vendor.undecoded_body(response))
            return Reply(
                asked=cursor,
                next=following,
                read=read,
                raw_bytes=raw_bytes,
                groups=found.groups,
                damaged=found.damaged,
            )
        return Reply(cursor, following, read, raw_bytes, groups)

    def refresh_credentials(self) -> None:
        """Fetch the credentials again at the next call."""
        self._credentials.refresh()

    def _call(self, call: Callable[[Any], Any]) -> Any:
        sdk = getattr(self._of_thread, "sdk", None)
        if sdk is None:
            sdk = vendor.open_client(self._connection, self._credentials)
            self._of_thread.sdk = sdk
        try:
            return call(sdk)
        except Exception as error:
            raise translate(error) from error


def _shard(entry: Any) -> Shard:
    return Shard(
        int(entry["shardID"]),
        entry["status"] == "readonly",
        datetime.fromtimestamp(int(entry.get("createTime") or 0), timezone.utc),
    )
