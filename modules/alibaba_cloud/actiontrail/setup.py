"""The setup of the service `actiontrail`: builds the client and proves it.

It knows nothing of positions and events.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from devocollectorsdk.inputs.collector_puller_setup_abstract import (
    CollectorPullerSetupAbstract,
)

from ..clock import clock_of
from ..errors import AlibabaCloudError, SetupError
from ..pacing import shared_limiter
from ..problems import NOT_USABLE
from .calls import PatientCalls
from .client import ActionTrailClient
from .window import Window

if TYPE_CHECKING:
    from .settings import Settings

_PROBE_SPAN = timedelta(minutes=1)
_PROBE_ATTEMPTS = 2


class ActionTrailBasePullerSetup(CollectorPullerSetupAbstract):
    """Proves endpoint, clock, key and permission with one small LookupEvents call.

    Nothing else is called: other calls need permissions that reading does not.
    """

    def setup(self, execution_timestamp: datetime) -> None:
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
                client = ActionTrailClient(settings.connection, settings.credentials)
            self._prove(client, settings, execution_timestamp)
            temporary = settings.credentials.get_credential().temporary
        except AlibabaCloudError as error:
            raise SetupError(NOT_USABLE, str(error)) from error
        if temporary:
            refresh_s = settings.rules.temporary_refresh_s
            self.refresh_interval_in_seconds = min(
                self.refresh_interval_in_seconds, refresh_s
            )
        self.collector_variables["client"] = client

    def _prove(
        self, client: ActionTrailClient, settings: Settings, now: datetime
    ) -> None:
        rules = replace(settings.rules, page_size=1, attempts_per_page=_PROBE_ATTEMPTS)
        limiter = shared_limiter(
            clock_of(self.parent_thread),
            settings.credentials.shared_id,
            settings.connection.region,
            rules.calls_per_s,
        )
        gate = self.parent_thread.rate_limiter
        calls = PatientCalls(client, rules, limiter, threading.Event(), gate=gate)
        end = now - rules.settle
        calls.page(Window(end - _PROBE_SPAN, end), None)
