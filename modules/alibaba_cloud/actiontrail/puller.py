"""The service `actiontrail` as the collector SDK sees it. A thin shell.

Everything worth testing alone lives in `cycle` and what it uses.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Dict, List, Optional

from devocollectorsdk.inputs.collector_puller_abstract import CollectorPullerAbstract

from ..clock import clock_of
from ..hosts import Patience, host_is_ours
from ..pacing import shared_limiter
from .calls import PatientCalls
from .cycle import Cycle
from .saving import PositionKeeper
from .settings import Settings, read_settings
from .walk import Host

if TYPE_CHECKING:
    from datetime import datetime


class ActionTrailStandardPuller(CollectorPullerAbstract):
    """Pulls the events of one region."""

    def init_variables(  # noqa: PLR0913, PLR0917  (the contract fixes the arguments)
        self,
        input_config: Dict[str, Any],
        input_definition: Dict[str, Any],  # noqa: ARG002  (the contract's)
        service_config: Optional[Dict[str, Any]],
        service_definition: Dict[str, Any],  # noqa: ARG002  (the contract's)
        module_config: Dict[str, Any],  # noqa: ARG002  (the contract's)
        module_definition: Dict[str, Any],
        submodule_config: Optional[str],
    ) -> None:
        """Read the settings; called once, while the object is built.

        Raises:
            InitVariablesError: A setting is missing or cannot be used.
        """
        settings = read_settings(
            input_config, service_config, module_definition, submodule_config
        )
        self._settings: Settings = settings
        self.collector_variables["settings"] = settings
        self._interrupt = threading.Event()
        self._patience = Patience()
        self._window_size = settings.rules.window_max
        self._keeper = PositionKeeper(self.persistence_object, settings)

    def pre_pull(self, retrieving_timestamp: datetime) -> None:
        """Find the position to go on from, or begin at the start.

        Args:
            retrieving_timestamp: Start of this turn, aware, UTC.

        Raises:
            PrePullError: The saved state cannot be understood.
        """
        self._keeper.load(retrieving_timestamp, self._state_elsewhere())

    def pull(self, retrieving_timestamp: datetime) -> None:
        """Read what has settled since the position.

        Args:
            retrieving_timestamp: Start of this turn, aware, UTC.

        Raises:
            ApiError: A call failed for good.
            PullError: The service does not let a window end.
        """
        self._interrupt.clear()
        if self.is_command_in_progress():
            return
        with self._patience.pull(clock_of(self), self._interrupt) as is_due:
            if is_due:
                self._run_cycle(retrieving_timestamp)

    def _run_cycle(self, retrieving_timestamp: datetime) -> None:
        host = Host(
            clock_of(self),
            lambda messages: self._send(retrieving_timestamp, messages),
            self.is_command_in_progress,
        )
        calls = self._patient_calls()
        cycle = Cycle(self._settings, calls, self._keeper, host, retrieving_timestamp)
        self._window_size = cycle.run(self._window_size)

    def pull_pause(self, wait: Optional[bool] = None) -> None:  # noqa: ARG002, FBT001  (the contract's)
        """End the wait the pull is in; called from another thread."""
        self._interrupt.set()

    def pull_stop(self) -> None:
        """End the wait the pull is in; called from another thread."""
        self._interrupt.set()

    def _send(self, retrieving_timestamp: datetime, messages: List[str]) -> None:
        tag = self._settings.rules.tag
        self.send_standard_messages(retrieving_timestamp, tag, messages)

    def _patient_calls(self) -> PatientCalls:
        settings = self._settings
        limiter = shared_limiter(
            clock_of(self),
            settings.credentials.shared_id,
            settings.connection.region,
            settings.rules.calls_per_s,
        )
        return PatientCalls(
            self.collector_variables["client"],
            settings.rules,
            limiter,
            self._interrupt,
            gate=self.rate_limiter,
        )

    def _state_elsewhere(self) -> Optional[Dict[str, Any]]:
        """Return the state this region has under the other form of the setting.

        `region` keeps it without submodule, `regions` under the region's name. Only
        a host that carries our SDK's mark can be asked for it.
        """
        if not host_is_ours():
            return None
        region = self._settings.connection.region
        other = None if self.submodule_name else region
        owner = self.persistence_manager.create(
            self.input_name, self.input_id, self.service_name, other
        )
        return owner.load_state(no_log_traces=True)
