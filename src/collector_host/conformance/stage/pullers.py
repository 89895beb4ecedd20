"""A module's puller class with a watcher around what the host calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from collector_host.conformance.stage.queues import WatchedQueue
from collector_host.conformance.stage.states import WatchedFactory
from collector_host.conformance.stage.unchanged import GivenConfiguration
from collector_host.conformance.stage.watch import InjectedError
from devocollectorsdk.commons.clock import SystemClock
from devocollectorsdk.ratelimiter.collector_rate_limiter_controller import (
    CollectorRateLimiterController,
)

if TYPE_CHECKING:
    from datetime import datetime

    from collector_host.conformance.stage.watch import Watch

_FACTORY, _OUTPUT, _LOOKUP, _NAME = 15, 16, 17, 12


def watched_puller(puller_class: Any, watch: Watch) -> type:
    """Return a subclass that does the same and is watched, under the same name."""
    methods = _methods(puller_class, watch)
    names = {
        "__module__": puller_class.__module__,
        "__qualname__": puller_class.__qualname__,
        "__doc__": puller_class.__doc__,
    }
    return type(puller_class.__name__, (puller_class,), {**names, **methods})


def _methods(base: Any, watch: Watch) -> dict[str, Any]:
    journal, places = watch.journal, watch.places

    def __init__(self: Any, *arguments: Any) -> None:  # noqa: N807  (it becomes one)
        name = _instance_name(arguments)
        given = list(arguments)
        given[_FACTORY] = WatchedFactory(given[_FACTORY], name, watch)
        given[_OUTPUT] = WatchedQueue(given[_OUTPUT], name, watch)
        given[_LOOKUP] = WatchedQueue(given[_LOOKUP], name, watch)
        self._kit_given = GivenConfiguration(arguments, arguments[_NAME])
        self._kit_changed = set[str]()
        base.__init__(self, *given)
        journal.add("built", self.name)
        if (error := self.initialization_error) is not None:
            journal.add("init_failed", self.name, text=places.of_error(error))
        if self.setup_instance is not None:
            _watch_setup(self.setup_instance, self.name, watch)
        look(self)

    def look(self: Any) -> None:
        for place in self._kit_given.changes():
            if place not in self._kit_changed:
                self._kit_changed.add(place)
                journal.add("changed", self.name, text=f"configuration: {place}")

    def _sdk_read_settings(self: Any, limiters: list[Any]) -> None:
        base._sdk_read_settings(self, limiters)
        if not watch.order.quick_limits:
            # A source's quota is counted in the source's seconds.
            self.rate_limiter = CollectorRateLimiterController(
                self.rate_limiters, SystemClock(), self._sdk_stopping
            )

    def _sdk_texts(self: Any, contents: Any) -> Any:
        contents = tuple(contents)
        try:
            return base._sdk_texts(self, contents)
        except Exception:
            kinds = ", ".join(sorted({type(each).__name__ for each in contents}))
            text = f"a message made of {kinds}, at {places.of_caller()}"
            journal.add("wrong_type", self.name, text=text)
            raise

    def pre_pull(self: Any, retrieving_timestamp: datetime) -> None:
        try:
            base.pre_pull(self, retrieving_timestamp)
        except Exception as error:
            journal.add("pre_pull_failed", self.name, text=places.of_error(error))
            if watch.pull_failed(self.name):
                self.running_flag = False
            raise
        finally:
            look(self)

    def pull(self: Any, retrieving_timestamp: datetime) -> None:
        number = watch.pass_by("pull")
        journal.add("pull_began", self.name, number)
        try:
            if watch.is_due("raise_in_pull", number):
                message = "the conformance kit lets this pull fail"
                raise InjectedError(message)  # noqa: TRY301  (fails as a pull does)
            base.pull(self, retrieving_timestamp)
        except BaseException as error:
            journal.add("pull_failed", self.name, number, places.of_error(error))
            if watch.pull_failed(self.name):
                self.running_flag = False
            raise
        finally:
            look(self)
        journal.add("pull_ended", self.name, number)
        if watch.is_due("stop_after_pull", number):
            watch.stop()
        if watch.pull_ended(self.name):
            self.running_flag = False

    def _sdk_call(self: Any, method: str, *arguments: Any) -> None:
        try:
            getattr(self, method)(*arguments)
        except Exception as error:  # noqa: BLE001  (a module may raise anything)
            text = f"{method}: {places.of_error(error)}"
            journal.add("stop_raised", self.name, text=text)

    return {
        each.__name__: each
        for each in (
            __init__,
            _sdk_read_settings,
            _sdk_texts,
            pre_pull,
            pull,
            _sdk_call,
        )
    }


def _watch_setup(setup: Any, module: str, watch: Watch) -> None:
    """Watch the setup of one puller; however it was made, this object is it."""
    own = setup.setup

    def watched(execution_timestamp: datetime) -> None:
        number = watch.pass_by("setup")
        try:
            if watch.is_due("raise_in_setup", number):
                message = "the conformance kit lets this setup fail"
                raise InjectedError(message)  # noqa: TRY301  (fails as a setup does)
            own(execution_timestamp)
        except Exception as error:
            watch.journal.add(
                "setup_failed", module, number, watch.places.of_error(error)
            )
            raise

    setup.setup = watched


def _instance_name(arguments: tuple[Any, ...]) -> str:
    """Return the name the puller's thread will have, for what comes before it."""
    submodule = arguments[20] if len(arguments) > 20 else None
    suffix = f",{submodule}" if submodule else ""
    return (
        f"{arguments[_NAME]}({arguments[5]},{arguments[4]},"
        f"{arguments[8]},{arguments[9]}{suffix})"
    )
