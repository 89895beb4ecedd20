"""Base class of pullers: what a module is given, and what it must offer.

The loop is in `_pull_loop`, sending in `_sending`.
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from devocollectorsdk.inputs._event_masking import EventMasker
from devocollectorsdk.inputs._module_settings import Blocks
from devocollectorsdk.inputs._pull_loop import PullLoop
from devocollectorsdk.inputs._sending import SendingMixin
from devocollectorsdk.inputs._setup_creation import create_setup
from devocollectorsdk.ratelimiter.collector_rate_limiter_controller import (
    CollectorRateLimiterController,
    parse_limits,
)

if TYPE_CHECKING:
    from devocollectorsdk.inputs.collector_puller_setup_abstract import (
        CollectorPullerSetupAbstract,
    )

_logger = logging.getLogger(__name__)


class CollectorPullerAbstract(SendingMixin, PullLoop, ABC):
    """A thread that pulls one service, or one submodule of it.

    Attributes:
        collector_variables: Notes shared with the setup.
        persistence_object: Saved state, see `PersistenceObject`.
        rate_limiter: Context manager around every request to the source.
        initialization_error: What `init_variables` raised, or None.
    """

    def __init__(
        self,
        parent_thread: Any,
        production_mode: bool,
        execute_only_setup_and_exit: bool,
        definition_globals: dict[str, Any],
        input_id: str,
        input_name: str,
        input_config: dict[str, Any],
        input_definition: dict[str, Any],
        service_name: str,
        service_type: str,
        service_config: dict[str, Any] | None,
        service_definition: dict[str, Any],
        module_class_name: str,
        module_config: dict[str, Any],
        module_definition: dict[str, Any],
        persistence_factory_manager: Any,
        output_queue: Any,
        lookup_queue: Any,
        internal_queue: Any,
        rate_limiters_from_service: list[Any] | None,
        submodule_name: str | None = None,
        submodule_config: Any = None,
    ) -> None:
        suffix = f",{submodule_name}" if submodule_name else ""
        name = (
            f"{module_class_name}({input_name},{input_id},{service_name},"
            f"{service_type}{suffix})"
        )
        super().__init__(name, parent_thread, internal_queue)
        self.production_mode = production_mode
        self.execute_only_setup_and_exit = execute_only_setup_and_exit
        self.definition_globals = definition_globals
        self.input_id, self.input_name = input_id, input_name
        self.input_config, self.input_definition = input_config, input_definition
        self.service_name, self.service_type = service_name, service_type
        self.service_config = service_config
        self.service_definition = service_definition
        self.module_name, self.module_config = module_class_name, module_config
        self.module_definition = module_definition
        module_definition.setdefault("class_name", f"agent.modules.{module_class_name}")
        self.submodule_name, self.submodule_config = submodule_name, submodule_config
        self.output_queue = output_queue
        self.lookup_queue = lookup_queue
        self.persistence_manager = persistence_factory_manager
        self.persistence_object = persistence_factory_manager.create(
            input_name, input_id, service_name, submodule_name
        )
        self.self_monitoring_tag = f"devo.collectors.out.{input_name}.{service_name}"
        self._sdk_read_settings(rate_limiters_from_service or [])
        self.initialization_error: Exception | None = None
        self.setup_instance = None
        self._sdk_initialize()

    @abstractmethod
    def init_variables(
        self,
        input_config: dict[str, Any],
        input_definition: dict[str, Any],
        service_config: dict[str, Any] | None,
        service_definition: dict[str, Any],
        module_config: dict[str, Any],
        module_definition: dict[str, Any],
        submodule_config: Any,
    ) -> None:
        """Read the configuration; called once, while the object is built."""

    @abstractmethod
    def pull_pause(self, wait: bool | None = None) -> None:
        """Prepare for a pause; called from another thread before it begins."""

    @abstractmethod
    def pull_stop(self) -> None:
        """Prepare for the end; called from another thread."""

    def is_pausing(self) -> bool:
        """Tell whether a pause was asked for."""
        return self._sdk_paused

    def is_command_in_progress(self) -> bool:
        """Tell whether a long loop should end now: a stop or pause was asked for."""
        return self.is_stopping() or self._sdk_paused

    def start(self) -> None:
        """Start the setup's thread, then this one."""
        if self.setup_instance:
            self.setup_instance.start()
        _logger.info("%s - Starting thread", self.name)
        super().start()

    def pause(self, wait: bool | None = None) -> None:
        """Ask for a pause after what is being done."""
        if self.initialized_variables:
            self._sdk_call("pull_pause", wait)
        self._sdk_paused = True
        self.wake_up()

    def unpause(self) -> None:
        """End a pause."""
        self._sdk_paused = False
        self.wake_up()

    def stop(self) -> None:
        """Ask the thread and its setup to end; returns at once."""
        self.request_stop()
        if self.setup_instance:
            self.setup_instance.stop()
        if self.initialized_variables:
            self._sdk_call("pull_pause", False)  # noqa: FBT003  (the contract's form)
            self._sdk_call("pull_stop")

    def _sdk_call(self, method: str, *arguments: Any) -> None:
        """Call a module's method from a thread that must not die of it."""
        try:
            getattr(self, method)(*arguments)
        except Exception:
            _logger.exception("%s raised in %s", self.name, method)

    def _sdk_read_settings(self, limiters: list[Any]) -> None:
        self.module_globals: dict[str, Any] = (
            self.input_definition.get("module_globals") or {}
        )
        blocks = Blocks(
            self.module_globals,
            self.input_config,
            self.service_config or {},
            self.module_definition,
        )
        self.environment = self.input_config.get("environment")
        self.obfuscation_data = blocks.obfuscation_data()
        self._sdk_masker = EventMasker(self.log_warning)
        self.show_puller_loop_flag = blocks.show_loop()
        autoconfig: dict[str, Any] = self.input_config.get("autoconfig") or {}
        self.autosetup_enabled = bool(autoconfig.get("enabled"))
        self.request_period_in_seconds = blocks.request_period_s()
        self.use_time_slots_for_retrievals = blocks.use_time_slots()
        self.collector_variables: dict[str, Any] = {}
        if (rate := blocks.requests_per_second()) is not None:
            self.collector_variables["requests_per_second"] = rate
        limits = [*limiters, *blocks.request_limits(), *self._sdk_extra_limits()]
        self.rate_limiters = parse_limits(limits)
        self.rate_limiter = CollectorRateLimiterController(
            self.rate_limiters, self.clock, self._sdk_stopping
        )

    def _sdk_extra_limits(self) -> list[Any]:
        """Return request limits that no `requests_limits` names."""
        return []

    def _sdk_initialize(self) -> None:
        self.initialized_variables = False
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
        except Exception as error:  # noqa: BLE001  (a module may raise anything)
            self._sdk_unusable("initializing the variables", error)
            return
        try:
            if class_name := self.module_definition.get("setup_class"):
                self.setup_instance = self._sdk_create_setup(class_name)
        except Exception as error:  # noqa: BLE001  (a module may raise anything)
            self._sdk_unusable("creating the setup", error)

    def _sdk_unusable(self, when: str, error: Exception) -> None:
        """Keep and log why the module cannot run; it is not started."""
        self.initialization_error = error
        self.running_flag = False
        text = "%s -> Error when %s, details: %s | %s"
        _logger.error(text, self.name, when, error, error.__class__)
        _logger.debug("%s", self.name, exc_info=error)

    def _sdk_create_setup(self, class_name: str) -> CollectorPullerSetupAbstract:
        return create_setup(self, class_name)
