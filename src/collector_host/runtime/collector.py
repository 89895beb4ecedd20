"""The whole collector: built from a configuration, run, and wound down."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from collector_host.errors import StateError
from collector_host.runtime.blueprints import announce_threads, blueprints
from collector_host.runtime.housekeeping import Housekeeper, Periods
from collector_host.runtime.slot import Slot, Surroundings
from collector_host.runtime.stop import StopBudget, StopRequest, within
from collector_host.telemetry import announcements, roles
from collector_host.telemetry.masking import Masker
from devocollectorsdk.commons.collector_exceptions import (
    SdkServiceInitializationError,
)
from devocollectorsdk.commons.fault_points import point
from devocollectorsdk.inputs._module_thread import describe

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from collector_host.config.model import Config
    from collector_host.delivery.room import DeliveryRoom
    from collector_host.plugins.provider import ClassProvider
    from collector_host.runtime.lookout import Lookout
    from collector_host.runtime.slot import Blueprint
    from devocollectorsdk.commons.clock import Clock

_logger = logging.getLogger(__name__)
_TEND_EVERY_S = 1.0
_ONCE_PATIENCE_S = 60.0

OK = 0
FAILED = 1
STATE_UNUSABLE = 3


class Collector:
    """Runs every module of a configuration until a stop, or until all have ended.

    Args:
        config: Validated configuration.
        plugins: Where classes come from.
        room: Where events and states go; started and ended here.
        clock: Time and waiting.
        stop: Set to end the run.
        pulls: Pulls each module runs, or None for no limit.
        budget: How long a stop may take.
        lookout: Watches how far the modules are; started and ended here.
        production_mode: What modules are told of the mode they run in.
        periods: When memory is freed and the status told; never when None.
        module_clock: Time and waiting for the modules, if not that of the rest.
    """

    def __init__(  # noqa: PLR0913  (its collaborators)
        self,
        config: Config,
        *,
        plugins: ClassProvider,
        room: DeliveryRoom,
        clock: Clock,
        stop: StopRequest,
        pulls: int | None = None,
        budget: StopBudget | None = None,
        lookout: Lookout | None = None,
        production_mode: bool = False,
        periods: Periods | None = None,
        module_clock: Clock | None = None,
    ) -> None:
        self._config = config
        self._plugins = plugins
        self._room = room
        self._clock = clock
        self._module_clock = module_clock or clock
        self._stop = stop
        self._pulls = pulls
        self._budget = budget or StopBudget()
        self._lookout = lookout
        self._production_mode = production_mode
        self._unusable = 0
        self._failed = False
        self._slots: list[Slot] = []
        self._removed: set[int] = set()
        self._periods = periods or Periods()
        self._housekeeper = periods and Housekeeper(periods, clock, self._status)

    def run(self) -> int:
        """Run and wind down.

        Returns:
            The exit code: 0 after a stop or when every module succeeded, 1 when one
            failed or lookups were lost, 3 when a saved state cannot be used and
            nothing else ran.
        """
        # Before anything starts: what cannot be split into modules ends the run.
        plan = tuple(blueprints(self._config, self._plugins))
        announcements.all_objects("Initialized")
        announcements.process_started(roles.OUTPUT, self._periods.output_s)
        self._room.start()
        announcements.process_started(roles.INPUT, self._periods.input_s)
        with roles.role(roles.INPUT):
            announce_threads(self._config)
            self._build(plan)
            for slot in self._slots:
                slot.start()
        if self._lookout:
            self._lookout.start()
        if self._housekeeper:
            self._housekeeper.start()
        announcements.all_objects("Started")
        while not self._stop.event.is_set() and self._tend():
            self._clock.wait(self._stop.wake, _TEND_EVERY_S)
            self._stop.wake.clear()
        stopped = self._stop.event.is_set()
        stopped_at = self._clock.monotonic()
        confirmed = self._wind_down(stopped=stopped)
        self._say_lost()
        if self._lookout:
            self._lookout.end()
        if self._housekeeper:
            self._housekeeper.end()
        announcements.process_ended(roles.OUTPUT)
        since = "system signal was received" if stopped else "end was decided"
        _logger.info(
            '[EXIT] Process "MainProcess" completely terminated (elapsed time since'
            " the %s: %.3fs)",
            since,
            self._clock.monotonic() - stopped_at,
        )
        return self._exit_code(stopped=stopped, confirmed=confirmed)

    def _build(self, plan: Iterable[Blueprint]) -> None:
        deliver = self._config.settings.send_internal_messages
        mask = Masker(self._config.secrets).mask
        internal_queue = self._room.internal_queue(mask, deliver=deliver)
        around = Surroundings(
            self._plugins,
            self._module_clock,
            internal_queue,
            self._room.owner,
            self._stop.wake.set,
            self._production_mode,
        )
        for blueprint in plan:
            try:
                self._slots.append(Slot(blueprint, around, self._pulls))
            except StateError as error:
                self._unusable += 1
                _logger.error("%s is not started: %s", blueprint.owner_name, error)  # noqa: TRY400  (the message says it all)
            except Exception as error:
                self._failed = True
                _say_uncreated(blueprint.module.class_name, error)
                _logger.exception("%s is not started", blueprint.owner_name)
            else:
                self._say_refused(self._slots[-1])
                self._watch(blueprint)

    def _say_refused(self, slot: Slot) -> None:
        """Name the first cause where a module could not be initialized."""
        if error := slot.puller.initialization_error:
            _say_uncreated(slot.puller.name, error)

    def _status(self) -> Mapping[str, Any]:
        return {
            "modules": {
                slot.puller.name: "ended" if slot.ended else "running"
                for slot in self._slots
            },
            "unconfirmed_batches": self._room.unconfirmed,
            "messages_confirmed": self._room.delivered,
        }

    def _watch(self, blueprint: Blueprint) -> None:
        if self._lookout:
            self._lookout.watch(blueprint.owner_name, blueprint.service)

    def _tend(self) -> bool:
        """Look after the modules; False when all have ended."""
        for index, slot in enumerate(self._slots):
            slot.tend()
            if slot.ended and index not in self._removed:
                self._removed.add(index)
                with roles.role(roles.INPUT):
                    announcements.thread_removed(slot.puller.name)
        self._room.commit()
        if self._room.is_broken:
            self._failed = True
            _logger.critical("A sender has died: nothing more would be delivered")
            return False
        return not all(slot.ended for slot in self._slots)

    def _wind_down(self, *, stopped: bool) -> bool:
        """End pullers, queue and senders in this order; True if all is committed.

        What is not confirmed is not committed, so it is read again at the next start.
        A disk or a module that hangs does not hold the end up.
        """
        self._room.flush()
        if not stopped and not self._room.is_broken:
            self._await_delivery()
        confirmed = threading.Event()

        def end() -> None:
            if self._end_in_order():
                confirmed.set()

        if not within(self._budget.total_s, end, "WindDown"):
            _logger.warning("The end takes too long: leaving the rest undone")
        if not confirmed.is_set():
            _logger.warning(
                "%d batch(es) are not confirmed and not committed: their events are"
                " read again at the next start",
                self._room.unconfirmed,
            )
        return confirmed.is_set()

    def _say_lost(self) -> None:
        """Let a run fail that lost something for good: no later one reads it again."""
        if lost := self._room.lost_lookups:
            self._failed = True
            _logger.error("%d job(s) of lookups are lost: no output takes them", lost)

    def _end_in_order(self) -> bool:
        for slot in self._slots:
            within(0, slot.stop, f"Stop of {slot.puller.name}")
        deadline = self._clock.monotonic() + self._budget.pullers_s
        for slot in self._slots:
            if not slot.join(max(deadline - self._clock.monotonic(), 0)):
                _logger.warning("%s did not end in time", slot.puller.name)
        announcements.process_ended(roles.INPUT)
        announcements.queue_blocked()
        self._room.close()
        point("stop.before_drain")
        if self._room.is_broken:
            return self._room.end(drain_s=0)
        self._room.wait_empty(self._budget.queue_s)
        return self._room.end(self._budget.drain_s)

    def _await_delivery(self) -> None:
        """Wait for delivery for as long as it makes progress, or a stop comes."""
        left, since = self._room.unconfirmed, self._clock.monotonic()
        while not self._stop.event.is_set() and not self._room.wait_confirmed(
            _TEND_EVERY_S
        ):
            now = self._clock.monotonic()
            if self._room.unconfirmed < left:
                left, since = self._room.unconfirmed, now
            elif now - since >= _ONCE_PATIENCE_S:
                _logger.error("No delivery for %.0f seconds: giving up", now - since)
                return

    def _exit_code(self, *, stopped: bool, confirmed: bool) -> int:
        if self._unusable and not any(slot.succeeded for slot in self._slots):
            return STATE_UNUSABLE
        if stopped and not self._failed:
            return OK
        done = confirmed and all(slot.succeeded for slot in self._slots)
        return OK if done and not (self._unusable or self._failed) else FAILED


def _say_uncreated(name: str, error: Exception) -> None:
    cause = f"Error when creating class, module_name: {name}, details: {error}"
    _logger.error("%s", SdkServiceInitializationError(30, cause))
    place, kind = describe(error), type(error).__name__
    _logger.error("%s: %s at %s:%s", name, kind, place["file"], place["line"])
