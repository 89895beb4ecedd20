"""The loop of a puller thread.

Setup ready, pre-pull once, then a pull every period; a failure is retried with
back-off and never ends the collector.
"""

from __future__ import annotations

import json
import logging
from abc import abstractmethod
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from devocollectorsdk.commons.fault_points import point
from devocollectorsdk.inputs._module_thread import (
    ModuleThread,
    describe,
    retry_wait_s,
)
from devocollectorsdk.inputs._pull_reporting import begin_pull, end_pull

if TYPE_CHECKING:
    from devocollectorsdk.inputs.collector_puller_setup_abstract import (
        CollectorPullerSetupAbstract,
    )

_logger = logging.getLogger(__name__)
_PRE_PULL_RETRY_S = 60
_SETUP_POLL_S = 1
_POLLS_PER_WARNING = 15
_EPOCH = datetime.fromtimestamp(0, UTC)


class PullLoop(ModuleThread):
    """Runs pulls until stopped.

    Attributes:
        pulls_left: Pulls to run before the thread ends; None for no limit.
        pulls_completed: Pulls that ended without an exception.
        needs_restart: The module must be built again from its saved state: the host
            refused something it sent, or one of its threads died.
        retrieval_offset_in_seconds: Added once to the next wait.
        no_wait_next_loop: Skip the next wait, once.
        show_puller_loop_flag: Log the sizes of the queues at INFO, not DEBUG.
        first_try_of_data_recovery: True until a pull was completed.
    """

    setup_instance: CollectorPullerSetupAbstract | None
    output_queue: Any
    persistence_object: Any
    request_period_in_seconds: float
    use_time_slots_for_retrievals: bool

    def __init__(self, name: str, parent_thread: Any, internal_queue: Any) -> None:
        super().__init__(name, parent_thread, internal_queue)
        self.pulls_left: int | None = None
        self.pulls_completed = 0
        self.needs_restart = False
        self.last_execution_timestamp: datetime | None = None
        self.retrieval_offset_in_seconds: float = 0
        self.no_wait_next_loop = False
        self.show_puller_loop_flag = False
        self.first_try_of_data_recovery = True
        self.pull_retries_max_in_iterations = -1
        self.pull_retries_initial_wait_time_in_sec: float = 5
        self.pull_retries_maximum_wait_time_in_sec: float = 1800
        self._sdk_woken = False
        self._sdk_paused = False
        self._sdk_pre_pulled = False
        self._sdk_failures = 0
        self._sdk_announced = False

    @abstractmethod
    def pre_pull(self, retrieving_timestamp: datetime) -> None:
        """Prepare once before the first pull; tried again while it raises.

        Args:
            retrieving_timestamp: Start of this turn, aware, UTC.
        """

    @abstractmethod
    def pull(self, retrieving_timestamp: datetime) -> None:
        """Collect what there is.

        Args:
            retrieving_timestamp: Start of this turn, aware, UTC.
        """

    def wake_up(self) -> None:
        """End a wait for the next pull, which begins at once."""
        self._sdk_woken = True
        super().wake_up()

    def setup_changed(self) -> None:
        """Look at the setup again; a wait for the next pull goes on."""
        super().wake_up()

    def limit_pulls(self, number: int) -> None:
        """End the thread after `number` pulls, or at the first failure."""
        self.pulls_left = number
        if self.setup_instance:
            self.setup_instance.retry_forever = False

    def run(self) -> None:
        """Pull until stopped; a module's failures never leave this thread."""
        try:
            self._sdk_loop()
        except BaseException as error:
            if isinstance(error, SystemExit):  # of which Python says nothing
                _logger.error("%s", json.dumps(describe(error), default=str))  # noqa: TRY400  (contract's form)
            self.needs_restart = True
            raise
        finally:
            self.running_flag = False
            if self.setup_instance:
                self.setup_instance.stop()
            self.parent_thread.wake_up()

    def _sdk_loop(self) -> None:
        while self.running_flag and self._sdk_setup_is_ready():
            started_at = self._sdk_clock.monotonic()
            if self._sdk_paused:
                self._sdk_wait(None)
            elif not self._sdk_pre_pulled:
                self._sdk_pre_pull(self._sdk_clock.now())
            else:
                now = self._sdk_turn_start()
                if self.running_flag:
                    self._sdk_turn(now, started_at)

    def _sdk_setup_is_ready(self) -> bool:
        """Wait for the setup; False when it ended, or this thread shall."""
        setup, polls = self.setup_instance, 0
        while setup and not setup.ready_to_collect:
            if not self.running_flag:
                return False
            if not setup.running_flag:
                # One that ended itself has given up, and means it.
                self.needs_restart = setup.setup_died
                _logger.warning("The setup has ended: the module ends, too")
                return False
            if polls % _POLLS_PER_WARNING == 0:
                _logger.warning("Waiting until setup will be executed")
            self._sdk_wait(_SETUP_POLL_S)
            polls += 1
            self._sdk_announced = False
        return self.running_flag

    def _sdk_turn_start(self) -> datetime:
        """Return now, or with time slots wait for the next slot and return it."""
        now = self._sdk_clock.now()
        if not self.use_time_slots_for_retrievals:
            return now
        slot = timedelta(seconds=self.request_period_in_seconds)
        start = _EPOCH + -(-(now - _EPOCH) // slot) * slot
        self._sdk_sleep((start - now).total_seconds())
        return start

    def _sdk_pre_pull(self, now: datetime) -> None:
        try:
            self.pre_pull(now)
        except Exception as error:  # noqa: BLE001  (a module may raise anything)
            _logger.error("%s", json.dumps(describe(error), default=str))  # noqa: TRY400  (contract's form)
            self._sdk_check_refused()
            if self.pulls_left is not None:
                self.running_flag = False
                return
            _logger.warning("Sleeping %d sec before retry pre-pull", _PRE_PULL_RETRY_S)
            self._sdk_sleep(_PRE_PULL_RETRY_S)
        else:
            self._sdk_pre_pulled = True

    def _sdk_turn(self, now: datetime, started_at: float) -> None:
        if not self._sdk_announced:
            self._sdk_announced = True
            period_s = self.request_period_in_seconds
            _logger.info("Starting data collection every %s seconds", period_s)
        self.last_execution_timestamp = now
        self._sdk_woken = False
        begin_pull(self)
        try:
            point("puller.before_pull")
            self.pull(now)
            point("puller.after_pull")
        except Exception as error:  # noqa: BLE001  (a module may raise anything)
            end_pull(self, completed=False)
            self._sdk_pull_failed(error)
            self._sdk_check_unsendable()
        else:
            end_pull(self, completed=True)
            self._sdk_pull_completed(self._sdk_clock.monotonic() - started_at)
        self._sdk_check_refused()

    def _sdk_check_unsendable(self) -> None:
        """Let a pull that failed for it forget what it took for sent."""
        order = getattr(self.output_queue, "save_order", None)
        if order and order.has_unsendable:
            self._sdk_start_again()

    def _sdk_check_refused(self) -> None:
        if not self.persistence_object.is_ok():
            self._sdk_start_again()

    def _sdk_start_again(self) -> None:
        if not self.is_stopping():
            _logger.warning("The module starts again from its saved state")
            self.needs_restart = True
            self.running_flag = False

    def _sdk_pull_completed(self, elapsed_s: float) -> None:
        self._sdk_failures = 0
        self.pulls_completed += 1
        self.first_try_of_data_recovery = False
        if self.pulls_left is not None:
            self.pulls_left -= 1
            self.running_flag = self.running_flag and self.pulls_left > 0
        wait_s = self.request_period_in_seconds - elapsed_s
        wait_s += self.retrieval_offset_in_seconds
        self.retrieval_offset_in_seconds = 0
        if self.no_wait_next_loop:
            self.no_wait_next_loop, wait_s = False, 0
            _logger.info(
                "Elapsed time: %.3f seconds. It has been activated the flag for no"
                " waiting until the next loop",
                elapsed_s,
            )
        elif wait_s <= 0:
            _logger.info(
                "Elapsed time: %.3f seconds. Last retrieval took too much time, no"
                " wait will be applied in this loop",
                elapsed_s,
            )
        else:
            _logger.info(
                "Data collection completed. Elapsed time: %.3f seconds. Waiting for"
                " %.3f second(s) until the next one",
                elapsed_s,
                wait_s,
            )
        if self.running_flag and wait_s > 0:
            self._sdk_wait_until(self._sdk_clock.monotonic() + wait_s)

    def _sdk_wait_until(self, deadline: float) -> None:
        """Wait, over the setup's news, but not over a stop, a pause or a wake-up."""
        while self.running_flag and not (self._sdk_paused or self._sdk_woken):
            remaining_s = deadline - self._sdk_clock.monotonic()
            if remaining_s <= 0:
                break
            self._sdk_wait(remaining_s)

    def _sdk_pull_failed(self, error: Exception) -> None:
        if self.is_stopping():
            _logger.info("The pull was ended by the stop: %s", error)
            return
        self._sdk_failures += 1
        _logger.error("%s", json.dumps(describe(error), default=str))
        limit = self.pull_retries_max_in_iterations
        if self.pulls_left is not None or 0 <= limit < self._sdk_failures:
            self.running_flag = False
            return
        of = "∞" if limit < 0 else limit
        _logger.warning("Retrying collector puller: %d/%s", self._sdk_failures, of)
        wait_s = retry_wait_s(
            self._sdk_failures,
            self.pull_retries_initial_wait_time_in_sec,
            self.pull_retries_maximum_wait_time_in_sec,
        )
        _logger.info("Sleeping <%s> seconds before next retry", wait_s)
        self._sdk_sleep(wait_s)
        if self.setup_instance and self.running_flag:
            _logger.warning("Waiting until setup thread will execute again")
            self.setup_instance.ready_to_collect = False
            self.setup_instance.wake_up()
