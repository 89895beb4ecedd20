"""Base class of setups."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from datetime import datetime, timezone
from typing import Any, Dict, Optional

from devocollectorsdk.inputs.module_thread import ModuleThread, back_off_s, described

from devocollectorsdk.commons.collector_utils import CollectorUtils

_log = logging.getLogger(__name__)


class CollectorPullerSetupAbstract(ModuleThread, ABC):
    """Makes a puller able to pull, again and again."""

    def __init__(
        self,
        parent_thread: Any,
        collector_variables: Dict[str, Any],
        autosetup_enabled: bool,
        input_id: str,
        input_name: str,
        input_config: Dict[str, Any],
        input_definition: Dict[str, Any],
        service_name: str,
        service_type: str,
        service_config: Optional[Dict[str, Any]],
        service_definition: Dict[str, Any],
        module_name: str,
        module_config: Dict[str, Any],
        module_definition: Dict[str, Any],
        persistence_object: Any,
        internal_queue: Any,
        execute_only_setup_and_exit: bool,
        submodule_name: Optional[str] = None,
        submodule_config: Any = None,
    ) -> None:
        more = f",{submodule_name}" if submodule_name else ""
        name = (
            f"{type(self).__name__}({CollectorUtils.collector_name},"
            f"{input_name}#{input_id},{service_name}#{service_type}{more})"
        )
        super().__init__(name, parent_thread, internal_queue)
        self.collector_variables = collector_variables
        self.setup_variables: Dict[str, Any] = {}
        self.autosetup_enabled = autosetup_enabled
        self.input_id = input_id
        self.input_name = input_name
        self.input_config = input_config
        self.input_definition = input_definition
        self.service_name = service_name
        self.service_type = service_type
        self.service_config = service_config
        self.service_definition = service_definition
        self.module_name = module_name
        self.module_config = module_config
        self.module_definition = module_definition
        self.persistence_object = persistence_object
        self.execute_only_setup_and_exit = execute_only_setup_and_exit
        self.submodule_name = submodule_name
        self.submodule_config = submodule_config
        self.ready_to_collect = False
        self.setup_execution_result: Optional[bool] = None
        self.setups_done = 0
        auto = input_config.get("autoconfig") or {}
        self.refresh_interval_in_seconds = auto.get("refresh_interval_in_seconds", 600)

    @abstractmethod
    def setup(self, execution_timestamp: datetime) -> None:
        """Make the puller able to pull, or raise."""

    def start(self) -> None:
        """Start the thread."""
        _log.info("%s -> Starting thread", self.name)
        super().start()

    def _check_persistence(self) -> None:
        if not self.persistence_object.is_ok():
            text = "the persistence cannot be used"
            raise RuntimeError(text)

    def stop(self) -> None:
        """End the thread, in a while."""
        self.running_flag = False

    def run(self) -> None:
        """Set up, wait, and set up again."""
        attempt = 0
        while self.running_flag:
            try:
                self._check_persistence()
                self.setup(datetime.now(timezone.utc))
            except Exception as error:  # noqa: BLE001  (whatever a module raises)
                attempt += 1
                self.setup_execution_result = False
                _log.error(str(described(error)))
                if self.execute_only_setup_and_exit:
                    break
                _log.warning("Retrying collector setup: %d/∞", attempt)
                wait_s = back_off_s(attempt)
            else:
                attempt = 0
                self.setups_done += 1
                self.setup_execution_result = self.ready_to_collect = True
                _log.info(
                    "Setup for module <%s> has been successfully executed",
                    self.module_name,
                )
                if self.execute_only_setup_and_exit:
                    break
                wait_s = self.refresh_interval_in_seconds
            self.sleep_until_woken(wait_s, lambda: not self.running_flag)
        self.running_flag = False
