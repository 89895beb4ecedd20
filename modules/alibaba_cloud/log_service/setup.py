"""The setup of services that read a Log Store: builds the client and proves it.

It knows nothing of positions and records.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Callable, List

from devocollectorsdk.inputs.collector_puller_setup_abstract import (
    CollectorPullerSetupAbstract,
)

from ..errors import AlibabaCloudError, ApiError, Reaction, SetupError
from ..problems import NOT_USABLE, SHARD_GONE, STORE_PERMISSION
from .client import LogStoreClient
from .vendor import backend_is_compiled

if TYPE_CHECKING:
    from datetime import datetime

    from .client import Shard
    from .settings import Settings

_logger = logging.getLogger(__name__)
_ATTEMPTS = 2
_LIST, _READ = "log:ListShards", "log:GetCursorOrData"


class LogServiceBasePullerSetup(CollectorPullerSetupAbstract):
    """Proves address, clock, key and the two permissions that reading needs.

    Nothing else is called: other calls need permissions that reading does not.
    """

    def setup(self, execution_timestamp: datetime) -> None:  # noqa: ARG002  (the contract's)
        """Hand a proved client to the puller.

        Args:
            execution_timestamp: Now, aware, UTC.

        Raises:
            SetupError: The service is not usable; the cause says why.
        """
        settings: Settings = self.collector_variables["settings"]
        try:
            client = self.collector_variables.get("client")
            if client is None:
                client = LogStoreClient(settings.connection, settings.credentials)
            self._prove(client, settings.connection.store)
            temporary = settings.credentials.get_credential().temporary
        except AlibabaCloudError as error:
            raise SetupError(NOT_USABLE, str(error)) from error
        if temporary:
            refresh_s = settings.rules.temporary_refresh_s
            self.refresh_interval_in_seconds = min(
                self.refresh_interval_in_seconds, refresh_s
            )
        if not backend_is_compiled():
            _logger.warning(
                "The protobuf package has no compiled part here: reading is some ten"
                " times slower. Install a protobuf wheel for this platform"
            )
        self.collector_variables["client"] = client

    def _prove(self, client: LogStoreClient, store: str) -> None:
        """Make one call for each permission, and name all that are missing."""
        missing: List[str] = []
        shards: List[Shard] = self._try(client, client.list_shards, _LIST, missing)
        first = shards[0].id if shards else 0

        def read() -> str:
            return client.cursor_at(first, "begin")

        self._try(client, read, _READ, missing)
        if missing:
            needed = " and ".join(missing)
            raise ApiError(STORE_PERMISSION, f"{store}: {needed} is missing")

    def _try(
        self,
        client: LogStoreClient,
        call: Callable[[], Any],
        permission: str,
        missing: List[str],
    ) -> Any:
        """Make a call, once more if that may help; None without the permission.

        Raises:
            ApiError: It failed for another reason.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                with self.parent_thread.rate_limiter:
                    return call()
            except ApiError as error:
                if error.problem is STORE_PERMISSION:
                    missing.append(permission)
                    return None
                if error.problem is SHARD_GONE and missing:
                    # Without a list it was a guess: to be told so, one may read.
                    return None
                if attempt == _ATTEMPTS or error.reaction is Reaction.STOP:
                    raise
                if error.reaction is Reaction.REFRESH:
                    client.refresh_credentials()
        return None  # pragma: no cover  (the loop returns or raises)
