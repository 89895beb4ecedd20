"""Services that read a Log Store as the collector SDK sees them. A thin shell.

Everything worth testing alone lives in `cycle` and what it uses.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Dict, Optional

from devocollectorsdk.inputs.collector_puller_abstract import CollectorPullerAbstract

from ..clock import clock_of
from ..hosts import Patience
from ..pacing import shared_limiter
from .calls import PatientCalls
from .cycle import Cycle
from .forwarding import Host
from .lanes import Workers
from .repeats import Repeats
from .saving import PositionKeeper
from .settings import Settings, read_settings
from .shard_lane import Acquaintance

if TYPE_CHECKING:
    from datetime import datetime

    from .shaper import Shaped


class LogServiceStandardPuller(CollectorPullerAbstract):
    """Pulls the records of one Log Store."""

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
        rules = settings.rules
        self._settings: Settings = settings
        self.collector_variables["settings"] = settings
        self._interrupt = threading.Event()
        self._patience = Patience()
        self._workers = Workers(rules.parallel_pulls, self.name)
        self._repeats = Repeats(rules.remembered_events, rules.id_field)
        self._acquaintance = Acquaintance(set(), {})
        self._keeper = PositionKeeper(self.persistence_object, settings)

    def run(self) -> None:
        """Pull until stopped, then let go of the threads that made the calls."""
        try:
            super().run()
        finally:
            self._workers.end()

    def pre_pull(self, retrieving_timestamp: datetime) -> None:
        """Find the position to go on from, or begin at the start.

        Args:
            retrieving_timestamp: Start of this turn, aware, UTC.

        Raises:
            PrePullError: The saved state cannot be understood.
        """
        self._keeper.load(retrieving_timestamp)

    def pull(self, retrieving_timestamp: datetime) -> None:
        """Read everything that is there.

        Args:
            retrieving_timestamp: Start of this turn, aware, UTC.

        Raises:
            ApiError: No shard could be read.
            PullError: Some shards could not be read, and no other pull follows.
        """
        self._interrupt.clear()
        if self.is_command_in_progress():
            return
        with self._patience.pull(clock_of(self), self._interrupt) as is_due:
            if is_due:
                self._run_cycle(retrieving_timestamp)

    def _run_cycle(self, retrieving_timestamp: datetime) -> None:
        clock = clock_of(self)
        tag = self._settings.rules.tag

        # Only our host takes lines; elsewhere they are taken apart.
        send_lines = getattr(self, "send_standard_lines", None)

        def send(shaped: Shaped) -> None:
            if send_lines:
                send_lines(retrieving_timestamp, tag, *shaped)
            else:
                self.send_standard_messages(retrieving_timestamp, tag, shaped.texts)

        # Only a host that carries our SDK's mark says that there is a last pull.
        is_last = getattr(self, "pulls_left", None) is not None
        host = Host(clock, send, self.is_command_in_progress, is_last)
        Cycle(
            self._settings,
            self._patient_calls(),
            self._workers,
            self._keeper,
            host,
            self._repeats,
            self._acquaintance,
            retrieving_timestamp,
        ).run()

    def pull_pause(self, wait: Optional[bool] = None) -> None:  # noqa: ARG002, FBT001  (the contract's)
        """End the wait the pull is in; called from another thread."""
        self._interrupt_pull()

    def pull_stop(self) -> None:
        """End the wait the pull is in; called from another thread."""
        self._interrupt_pull()

    def _interrupt_pull(self) -> None:
        self._interrupt.set()
        self._workers.wake()

    def _patient_calls(self) -> PatientCalls:
        settings = self._settings
        limiter = shared_limiter(
            clock_of(self),
            settings.credentials.shared_id,
            settings.connection.endpoint.host,
            settings.rules.calls_per_s,
        )
        return PatientCalls(
            self.collector_variables["client"],
            settings.rules,
            limiter,
            self._interrupt,
            gate=self.rate_limiter,
        )
