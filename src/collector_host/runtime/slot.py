"""One place for one module instance: builds it, watches it, builds it again."""

from __future__ import annotations

import copy
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from collector_host.delivery.lookups import LookupQueue
from collector_host.runtime.parents import PersistenceFactory, ServiceParent, owner_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from collector_host.config.model import Input, Module, Service
    from collector_host.delivery.internal import InternalQueue
    from collector_host.delivery.owner import Owner
    from collector_host.plugins.provider import ClassProvider
    from devocollectorsdk.commons.clock import Clock
    from devocollectorsdk.inputs.collector_puller_abstract import (
        CollectorPullerAbstract,
    )

_logger = logging.getLogger(__name__)
_RESTART_INITIAL_S = 5.0
_RESTART_MAXIMUM_S = 300.0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all modules of a collector share.

    Attributes:
        plugins: Where classes come from.
        clock: Time and waiting.
        internal_queue: Telemetry.
        open_owner: Opens the door to delivery and state under a name; raises
            StateError when the state cannot be read.
        wake_up: Called when a module ends.
        production_mode: What modules are told of the mode they run in.
    """

    plugins: ClassProvider
    clock: Clock
    internal_queue: InternalQueue
    open_owner: Callable[[str], Owner]
    wake_up: Callable[[], None]
    production_mode: bool = False


@dataclass(frozen=True, slots=True)
class Blueprint:
    """All a module instance is built from."""

    source: Input
    service: Service
    module: Module
    submodule_name: str | None
    submodule_config: Any
    definition_globals: dict[str, Any]

    @property
    def owner_name(self) -> str:
        """Return the address of the module's state."""
        return owner_name(
            self.source.name,
            self.source.id,
            self.service.name,
            self.submodule_name,
            self._module_name,
        )

    @property
    def _module_name(self) -> str | None:
        """Return the part that keeps apart the states of a service's modules.

        It depends on what the service defines, not on what is enabled, so that a
        state keeps its address.
        """
        several = len(self.service.definition.get("modules", {})) > 1
        return self.module.class_name if several else None

    def _limits(self) -> list[Any]:
        """Return the request limits of the levels above the module, as written.

        The user's limits of an input take the place of the catalogue's for it.
        """
        definition, key = self.source.definition, "requests_limits"
        blocks: tuple[dict[str, Any], ...] = (
            self.definition_globals,
            self.source.config
            if key in self.source.config
            else definition.get("input_thread_globals") or {},
            definition.get("service_thread_globals") or {},
        )
        return [limits for block in blocks for limits in _listed(block.get(key))]

    def build(
        self, owner: Owner, around: Surroundings, *, only_setup: bool = False
    ) -> CollectorPullerAbstract:
        """Build the module; its errors are kept in `initialization_error`.

        Every instance gets its own copy of the configuration, so that a module that
        changes what it was given changes it for nobody else.

        Raises:
            PluginError: A class is missing.
        """
        source, service, module = self.source, self.service, self.module
        puller_class: Any = around.plugins.puller(module.class_name)
        return puller_class(
            ServiceParent(
                service.name, around.clock, around.plugins.setup, around.wake_up
            ),
            around.production_mode,
            only_setup,
            copy.deepcopy(self.definition_globals),
            source.id,
            source.name,
            copy.deepcopy(source.config),
            copy.deepcopy(source.definition),
            service.name,
            service.type,
            copy.deepcopy(service.config),
            copy.deepcopy(service.definition),
            module.class_name,
            {},
            copy.deepcopy(module.definition),
            PersistenceFactory(owner, around.open_owner, source.id, self._module_name),
            owner,
            LookupQueue(owner),
            around.internal_queue,
            self._limits(),
            self.submodule_name,
            copy.deepcopy(self.submodule_config),
        )


class Slot:
    """Keeps one module running.

    A module ends by itself when it says so; it is built anew when the host refused
    something it sent, or when its thread died.

    Args:
        blueprint: What to build.
        around: What the module shares with the others.
        pulls: Pulls to run, or None for no limit.

    Raises:
        StateError: The module's state cannot be read.
        PluginError: A class is missing.
    """

    def __init__(
        self, blueprint: Blueprint, around: Surroundings, pulls: int | None = None
    ) -> None:
        self._blueprint = blueprint
        self._around = around
        self._pulls = pulls
        self._owner = around.open_owner(blueprint.owner_name)
        self._restarts = 0
        self._restart_at: float | None = None
        self.puller = self._build()

    @property
    def ended(self) -> bool:
        """Tell whether the module has ended for good."""
        waits = self._restart_at is not None or self._died()
        return not waits and not self.puller.is_alive()

    @property
    def succeeded(self) -> bool:
        """Tell whether the current instance completed a pull, or chose to do none."""
        return self.puller.pulls_completed > 0 or self._ended_unasked()

    def start(self) -> None:
        """Start the module's threads, unless it could not be initialized."""
        if self.puller.initialization_error is None:
            self.puller.start()

    def tend(self) -> None:
        """Build the module again when that is due; called now and then."""
        now = self._around.clock.monotonic()
        if self._restart_at is not None and now >= self._restart_at:
            self._restart_at = None
            self._start_again(now)
        elif self._restart_at is None and self._died() and not self.puller.is_alive():
            if self.succeeded:
                self._restarts = 0
            self._plan_restart(now)

    def _start_again(self, now: float) -> None:
        self._owner.restart()
        try:
            self.puller = self._build()
            self.start()
        except Exception:
            _logger.exception("%s cannot be built again", self.puller.name)
            self._plan_restart(now)

    def _plan_restart(self, now: float) -> None:
        wait_s = min(_RESTART_INITIAL_S * 2**self._restarts, _RESTART_MAXIMUM_S)
        self._restarts = min(self._restarts + 1, 16)
        self._restart_at = now + wait_s
        _logger.warning("%s starts again in %g seconds", self.puller.name, wait_s)

    def stop(self) -> None:
        """Ask the module to end; a module may keep the caller waiting."""
        self._restart_at = None
        self.puller.needs_restart = False
        self.puller.stop()

    def join(self, timeout_s: float) -> bool:
        """Wait for the module's thread; True when it has ended."""
        if self.puller.ident is not None:
            self.puller.join(timeout_s)
        return not self.puller.is_alive()

    def _died(self) -> bool:
        """Tell whether the module ended without meaning to, and shall run again."""
        return self._pulls is None and self.puller.needs_restart

    def _ended_unasked(self) -> bool:
        """Tell whether the module itself ended before its first pull, as it may."""
        setup = self.puller.setup_instance
        return (
            self._pulls is None
            and (setup is None or setup.setup_execution_result is not False)
            and self.puller.ident is not None
            and not self.puller.is_alive()
            and not self.puller.needs_restart
            and self.puller.last_execution_timestamp is None
        )

    def _build(self) -> CollectorPullerAbstract:
        puller = self._blueprint.build(self._owner, self._around)
        if self._pulls is not None:
            puller.limit_pulls(self._pulls)
        return puller


def _listed(limits: Any) -> list[Any]:
    if isinstance(limits, list):
        return cast("list[Any]", limits)
    return [limits] if limits else []
