"""Base class of pullers."""

from __future__ import annotations

import json
import logging
import sys
import time
from abc import ABC, abstractmethod
from datetime import datetime, timezone
from typing import Any, Dict, List, Optional

# The original looks for the classes of setups here, while modules are being imported.
from agent.modules import *  # noqa: F403
from devocollectorsdk.inputs.module_thread import (
    POLL_S,
    ModuleThread,
    back_off_s,
    described,
)
from devocollectorsdk.rate_limiter import RateLimiter

from devocollectorsdk.commons.collector_exceptions import SdkPullerAbstractError
from devocollectorsdk.message.message import Message

_log = logging.getLogger(__name__)
_DEFAULT_PERIOD_S = 300
_PRE_PULL_WAIT_S = 60


class CollectorPullerAbstract(ModuleThread, ABC):
    """Pulls one service, or one submodule of it."""

    def __init__(
        self,
        parent_thread: Any,
        production_mode: bool,
        execute_only_setup_and_exit: bool,
        definition_globals: Dict[str, Any],
        input_id: str,
        input_name: str,
        input_config: Dict[str, Any],
        input_definition: Dict[str, Any],
        service_name: str,
        service_type: str,
        service_config: Optional[Dict[str, Any]],
        service_definition: Dict[str, Any],
        module_class_name: str,
        module_config: Dict[str, Any],
        module_definition: Dict[str, Any],
        persistence_factory_manager: Any,
        output_queue: Any,
        lookup_queue: Any,
        internal_queue: Any,
        rate_limiters_from_service: List[Any],
        submodule_name: Optional[str] = None,
        submodule_config: Any = None,
    ) -> None:
        more = f",{submodule_name}" if submodule_name else ""
        name = (
            f"{module_class_name}({input_name},{input_id},{service_name},"
            f"{service_type}{more})"
        )
        super().__init__(name, parent_thread, internal_queue)
        self.production_mode = production_mode
        self.definition_globals = definition_globals
        self.input_id = input_id
        self.input_name = input_name
        self.input_config = input_config
        self.input_definition = input_definition
        self.service_name = service_name
        self.service_type = service_type
        self.service_config = service_config
        self.service_definition = service_definition
        self.module_name = module_class_name
        self.module_config = module_config
        self.module_definition = module_definition
        self.submodule_name = submodule_name
        self.submodule_config = submodule_config
        self.output_queue = output_queue
        self.lookup_queue = lookup_queue
        self.persistence_manager = persistence_factory_manager
        self.persistence_object = persistence_factory_manager.of(
            input_name, input_id, service_name, submodule_name
        )
        self.module_globals = input_definition.get("module_globals") or {}
        self.self_monitoring_tag = f"devo.collectors.out.{input_name}.{service_name}"
        self.environment = input_config.get("environment")
        self.autosetup_enabled = bool(
            (input_config.get("autoconfig") or {}).get("enabled")
        )
        self.collector_variables: Dict[str, Any] = {}
        self._read_settings(rate_limiters_from_service)
        self.use_time_slots_for_retrievals = False
        self.retrieval_offset_in_seconds = 0
        self.no_wait_next_loop = False
        self.last_execution_timestamp: Optional[datetime] = None
        self.first_try_of_data_recovery = True
        self.initialized_variables = False
        self.setup_instance: Any = None
        self.pulls_done = 0
        self.pulls_failed = 0
        self._paused = self._stopping = self._is_idle = False
        self._initialize(execute_only_setup_and_exit)

    def _read_settings(self, limits: List[Any]) -> None:
        config, properties = self.service_config or {}, self.module_definition
        period = _DEFAULT_PERIOD_S
        for block in (self.module_globals, properties, config):
            period = block.get("request_period_in_seconds", period)
        if not int(period) > 0:
            text = f"request_period_in_seconds is {period}"
            raise ValueError(text)
        self.request_period_in_seconds = int(period)
        own = (
            (properties.get("requests_limits") or []),
            config.get("requests_limits") or [],
        )
        self.rate_limiter = RateLimiter([*limits, *own[0], *own[1]])
        blocks = (self.input_config, properties.get("module_properties") or {}, config)
        for block in blocks:
            if "requests_per_second" in block:
                rate = block["requests_per_second"]
                self.collector_variables["requests_per_second"] = rate

    def _initialize(self, only_setup: bool) -> None:
        try:
            self.init_variables(
                self.input_config,
                self.input_definition,
                self.service_config,
                self.service_definition,
                self.module_config,
                self.module_definition,
                self.submodule_config,
            )
            self.initialized_variables = True
        except Exception as error:  # noqa: BLE001  (whatever a module raises)
            _log.error(
                "%s -> Error when initializing the variables, details: %s | %s",
                *(self.name, error, error.__class__),
            )
            self.running_flag = False
        setup_class = self.module_definition.get("setup_class")
        if not setup_class:
            return
        if not self.initialized_variables:
            text = "Setup instance should exist but it does not exist"
            raise RuntimeError(text)
        self.setup_instance = getattr(sys.modules["agent.modules"], setup_class)(
            self,
            self.collector_variables,
            self.autosetup_enabled,
            self.input_id,
            self.input_name,
            self.input_config,
            self.input_definition,
            self.service_name,
            self.service_type,
            self.service_config,
            self.service_definition,
            self.module_name,
            self.module_config,
            self.module_definition,
            self.persistence_object,
            self.internal_queue,
            only_setup,
            self.submodule_name,
            self.submodule_config,
        )

    @abstractmethod
    def init_variables(
        self,
        input_config: Dict[str, Any],
        input_definition: Dict[str, Any],
        service_config: Optional[Dict[str, Any]],
        service_definition: Dict[str, Any],
        module_config: Dict[str, Any],
        module_definition: Dict[str, Any],
        submodule_config: Any,
    ) -> None:
        """Read the configuration."""

    @abstractmethod
    def pre_pull(self, retrieving_timestamp: datetime) -> None:
        """Prepare the first pull."""

    @abstractmethod
    def pull(self, retrieving_timestamp: datetime) -> None:
        """Pull."""

    @abstractmethod
    def pull_pause(self, wait: Optional[bool] = None) -> None:
        """Prepare a pause."""

    @abstractmethod
    def pull_stop(self) -> None:
        """Prepare the end."""

    def start(self) -> None:
        """Start the setup, then this thread."""
        if self.setup_instance is not None:
            self.setup_instance.start()
        _log.info("%s - Starting thread", self.name)
        super().start()

    def pause(self, wait: Optional[bool] = None) -> None:
        """Tell the module, then ask for a pause."""
        self.pull_pause(wait)
        self._paused = True
        while wait and self.is_alive() and not self._is_idle:
            time.sleep(POLL_S)

    def unpause(self) -> None:
        """Go on."""
        self._paused = False

    def stop(self) -> None:
        """Tell the module, then end."""
        self.pull_stop()
        self._stopping = True
        if self.setup_instance is not None:
            self.setup_instance.stop()

    def is_command_in_progress(self) -> bool:
        """Tell whether a pause or an end was asked for."""
        return self._paused or self._stopping

    def is_stopping(self) -> bool:
        """Tell whether an end was asked for."""
        return self._stopping

    def is_pausing(self) -> bool:
        """Tell whether a pause was asked for."""
        return self._paused

    def run(self) -> None:
        """Pull until stopped."""
        attempt, is_prepared = 0, False
        while self.running_flag and not self._stopping:
            if not self._is_set_up():
                break
            started_at = time.monotonic()
            now = datetime.now(timezone.utc)
            if not is_prepared:
                is_prepared = self._prepare(now)
                if not is_prepared:
                    continue
                _log.info(
                    "Starting data collection every %s seconds",
                    self.request_period_in_seconds,
                )
            try:
                self.pull(now)
            except Exception as error:  # noqa: BLE001  (whatever a module raises)
                self.pulls_failed += 1
                _log.error(json.dumps(described(error)))
                attempt += 1
                self._recover(attempt)
            else:
                attempt = 0
                self.pulls_done += 1
                self.last_execution_timestamp = now
                self._wait(time.monotonic() - started_at)
            self._honour_pause()
        self.running_flag = False

    def _is_set_up(self) -> bool:
        """Wait for the setup; False if it will never come."""
        setup = self.setup_instance
        while setup is not None and not setup.ready_to_collect:
            if not setup.running_flag or self._stopping:
                return False
            self._honour_pause()
            time.sleep(POLL_S)
        return True

    def _prepare(self, now: datetime) -> bool:
        try:
            self.pre_pull(now)
        except Exception as error:  # noqa: BLE001  (whatever a module raises)
            _log.error(json.dumps(described(error)))
            _log.warning("Sleeping 60 sec before retry pre-pull")
            self.sleep_until_woken(_PRE_PULL_WAIT_S, self.is_command_in_progress)
            return False
        return True

    def _recover(self, attempt: int) -> None:
        """Let the setup run again, and pull at once behind it; or wait."""
        setup = self.setup_instance
        if setup is not None:
            setup.ready_to_collect = False
            _log.warning("Waiting until setup thread will execute again")
            setup.wake_up()
            return
        _log.warning("Retrying collector puller: %d/∞", attempt)
        self.sleep_until_woken(back_off_s(attempt), self.is_command_in_progress)

    def _wait(self, elapsed_s: float) -> None:
        wait_s = self.request_period_in_seconds - elapsed_s
        _log.info(
            "Data collection completed. Elapsed time: %0.3f seconds. Waiting for %0.3f"
            " second(s) until the next one",
            *(elapsed_s, max(wait_s, 0)),
        )
        self.sleep_until_woken(wait_s, self.is_command_in_progress)

    def _honour_pause(self) -> None:
        self._is_idle = True
        while self._paused and not self._stopping:
            time.sleep(POLL_S)
        self._is_idle = False

    def send_standard_message(
        self, msg_date: Any, msg_tag: str, msg_content: Any
    ) -> None:
        """Queue one message."""
        if not isinstance(msg_content, (str, dict)):
            raise SdkPullerAbstractError(200, type(msg_content).__name__)
        self.output_queue.put(
            Message(_date(msg_date), msg_tag, self._text(msg_content))
        )

    def send_standard_messages(
        self, msg_date: Any, msg_tag: str, list_of_messages: List[Any]
    ) -> None:
        """Queue several messages as one item."""
        if not isinstance(list_of_messages, list):
            raise SdkPullerAbstractError(250, type(list_of_messages).__name__)
        for one in list_of_messages:
            if not isinstance(one, (str, dict)):
                raise SdkPullerAbstractError(250, type(one).__name__)
        date = _date(msg_date)
        self.output_queue.put(
            [Message(date, msg_tag, self._text(one)) for one in list_of_messages]
        )

    def _text(self, content: Any) -> str:
        if isinstance(content, str):
            return content
        if self.environment:
            content["@devo_environment"] = self.environment
        return json.dumps(content, ensure_ascii=False)


def _date(given: Any) -> str:
    if isinstance(given, str):
        return given
    if isinstance(given, datetime):
        aware = given if given.tzinfo else given.replace(tzinfo=timezone.utc)
        return aware.astimezone(timezone.utc).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
    seconds = given / 1000 if isinstance(given, int) and given > 10**10 else given
    return _date(datetime.fromtimestamp(seconds, timezone.utc))
