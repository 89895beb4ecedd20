"""Base class of setups: authentication and checks, before and beside a puller.

It knows when to run; what a set-up is, only the module knows.
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from devocollectorsdk.commons.collector_exceptions import SdkSetupAbstractError
from devocollectorsdk.commons.collector_utils import CollectorUtils
from devocollectorsdk.inputs._module_thread import (
    ModuleThread,
    describe,
    retry_wait_s,
)
from devocollectorsdk.inputs._setup_creation import older_tail

if TYPE_CHECKING:
    from datetime import datetime

_logger = logging.getLogger(__name__)
_DEFAULT_REFRESH_S = 600
_SHORTEST_REFRESH_S = 1


class CollectorPullerSetupAbstract(ModuleThread, ABC):
    """Runs `setup` before the first pull, every refresh interval, and when woken.

    Attributes:
        collector_variables: Shared with the puller; how a client or token travels.
        setup_variables: The setup's own notes.
        ready_to_collect: Whether the puller may pull.
        refresh_interval_in_seconds: Time between two runs; `setup` may change it.
        setup_execution_result: True or False after a validation run, else None.
        setup_died: The thread died; it did not end itself by its `running_flag`.
        retry_forever: Whether a failing setup is tried again, after
            `setup_retries_initial_wait_time_in_sec` and longer.
    """

    def __init__(
        self,
        parent_thread: Any,
        collector_variables: dict[str, Any],
        autosetup_enabled: bool,
        input_id: str,
        input_name: str,
        input_config: dict[str, Any],
        input_definition: dict[str, Any],
        service_name: str,
        service_type: str,
        service_config: dict[str, Any] | None,
        service_definition: dict[str, Any],
        module_name: str,
        module_config: dict[str, Any],
        module_definition: dict[str, Any],
        persistence_object: Any,
        internal_queue: Any,
        execute_only_setup_and_exit: Any = None,
        submodule_name: Any = None,
        submodule_config: Any = None,
    ) -> None:
        only_setup, submodule_name, submodule_config = older_tail(
            parent_thread, execute_only_setup_and_exit, submodule_name, submodule_config
        )
        suffix = f",{submodule_name}" if submodule_name else ""
        name = (
            f"{type(self).__name__}({CollectorUtils.collector_name},"
            f"{input_name}#{input_id},{service_name}#{service_type}{suffix})"
        )
        super().__init__(name, parent_thread, internal_queue)
        self.collector_variables = collector_variables
        self.setup_variables: dict[str, Any] = {}
        self.autosetup_enabled = autosetup_enabled
        self.input_id, self.input_name = input_id, input_name
        self.input_config, self.input_definition = input_config, input_definition
        self.service_name, self.service_type = service_name, service_type
        self.service_config = service_config
        self.service_definition = service_definition
        self.module_name, self.module_config = module_name, module_config
        self.module_definition = module_definition
        self.submodule_name, self.submodule_config = submodule_name, submodule_config
        self.persistence_object = persistence_object
        self.execute_only_setup_and_exit = only_setup
        self.ready_to_collect = False
        self.setup_execution_result: bool | None = None
        self.setup_error: Exception | None = None
        self.setup_died = False
        self.retry_forever = not only_setup
        self.setup_retries_initial_wait_time_in_sec: float = 5
        self.setup_retries_maximum_wait_time_in_sec: float = 1800
        autoconfig: dict[str, Any] = input_config.get("autoconfig") or {}
        self.refresh_interval_in_seconds: float = (
            autoconfig.get("refresh_interval_in_seconds") or _DEFAULT_REFRESH_S
        )

    @abstractmethod
    def setup(self, execution_timestamp: datetime) -> None:
        """Make the puller able to pull, or raise.

        Args:
            execution_timestamp: Now, aware, UTC.
        """

    def start(self) -> None:
        """Start the thread."""
        _logger.info("%s -> Starting thread", self.name)
        super().start()

    def stop(self) -> None:
        """Ask the thread to end; returns at once."""
        self.request_stop()

    def run(self) -> None:
        """Run `setup` until stopped; its failures never leave this thread."""
        try:
            self._sdk_loop()
        except BaseException:
            self.setup_died = True
            raise
        finally:
            self.running_flag = False
            self.parent_thread.setup_changed()

    def _sdk_loop(self) -> None:
        attempt = 0
        while self.running_flag:
            attempt = 0 if self._sdk_attempt() else attempt + 1
            if self.execute_only_setup_and_exit or not self.running_flag:
                break
            if not attempt:
                # A token that has expired already must not make a hot loop.
                self._sdk_wait(
                    max(self.refresh_interval_in_seconds, _SHORTEST_REFRESH_S)
                )
            elif not self.retry_forever:
                break
            else:
                self._sdk_back_off(attempt)

    def _sdk_attempt(self) -> bool:
        try:
            if not self.persistence_object.is_ok():
                raise SdkSetupAbstractError(1, "the state cannot be saved")  # noqa: TRY301  (a failed setup like any other)
            self.setup(self._sdk_clock.now())
        except Exception as error:  # noqa: BLE001  (a module may raise anything)
            self.setup_execution_result = False
            self.setup_error = error
            _logger.error("%s", describe(error))  # noqa: TRY400  (contract's form)
            return False
        self.setup_execution_result = True
        self.ready_to_collect = True
        _logger.info(
            "Setup for module <%s> has been successfully executed", self.module_name
        )
        self.parent_thread.setup_changed()
        return True

    def _sdk_back_off(self, attempt: int) -> None:
        _logger.warning("Retrying collector setup: %d/∞", attempt)
        wait_s = retry_wait_s(
            attempt,
            self.setup_retries_initial_wait_time_in_sec,
            self.setup_retries_maximum_wait_time_in_sec,
        )
        _logger.info("Sleeping <%g> seconds before next retry", wait_s)
        self._sdk_wait(wait_s)
