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
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from collector_host.conformance.stage.journal import What
    from collector_host.conformance.stage.watch import Watch
    from devocollectorsdk.inputs.collector_puller_abstract import (
        CollectorPullerAbstract as _Puller,
    )
else:
    _Puller = object

_ID, _INPUT, _SERVICE, _TYPE, _NAME = 4, 5, 8, 9, 12
_FACTORY, _OUTPUT, _LOOKUP, _SUBMODULE = 15, 16, 17, 20
"""Places of the constructor's arguments. Source: the contract's order of them."""
_STOP_ARRIVES_S = 5.0


def watched_puller(puller_class: type, watch: Watch) -> type:
    """Return a subclass that does the same and is watched, under the same name."""
    names = {
        "__module__": puller_class.__module__,
        "__qualname__": puller_class.__qualname__,
        "__doc__": puller_class.__doc__,
        "kit_watch": watch,
    }
    return type(puller_class.__name__, (_WatchedPuller, puller_class), names)


class _WatchedPuller(_Puller):
    """Goes in front of a module's own class, whose methods it calls.

    Attributes:
        kit_watch: Told of everything.
    """

    kit_watch: Watch

    def __init__(self, *arguments: Any) -> None:
        name, watch = _instance_name(arguments), self.kit_watch
        given = list(arguments)
        given[_FACTORY] = WatchedFactory(given[_FACTORY], name, watch)
        given[_OUTPUT] = WatchedQueue(given[_OUTPUT], name, watch)
        given[_LOOKUP] = WatchedQueue(given[_LOOKUP], name, watch)
        self._kit_given = GivenConfiguration(arguments, arguments[_NAME])
        self._kit_changed: set[str] = set()
        super().__init__(*given)
        watch.journal.add("built", self.name)
        watch.built(self.name)
        if (error := self.initialization_error) is not None:
            self._kit_note("init_failed", error)
        if self.setup_instance is not None:
            _watch_setup(self.setup_instance, self.name, watch)
        self._kit_look()

    def pre_pull(self, retrieving_timestamp: datetime) -> None:
        try:
            super().pre_pull(retrieving_timestamp)
        except Exception as error:
            self._kit_note("pre_pull_failed", error)
            if self.kit_watch.failed(self.name):
                self.running_flag = False
            raise
        finally:
            self._kit_look()

    def pull(self, retrieving_timestamp: datetime) -> None:
        watch = self.kit_watch
        number = watch.pass_by("pull", self.name)
        watch.journal.add("pull_began", self.name, number)
        try:
            super().pull(retrieving_timestamp)
        except BaseException as error:
            self._kit_note("pull_failed", error, number)
            if watch.failed(self.name):
                self.running_flag = False
            raise
        finally:
            self._kit_look()
        watch.journal.add("pull_ended", self.name, number)
        if watch.is_due("stop_after_pull", self.name, number):
            watch.stop()
            # Else the next pull may begin before the stop is here.
            self._sdk_stopping.wait(_STOP_ARRIVES_S)
        if watch.pull_ended(self.name):
            self.running_flag = False

    def _sdk_read_settings(self, limiters: list[Any]) -> None:
        super()._sdk_read_settings(limiters)
        if not self.kit_watch.order.quick_limits:
            # A source's quota is counted in the source's seconds.
            self.rate_limiter = CollectorRateLimiterController(
                self.rate_limiters, SystemClock(), self._sdk_stopping
            )

    def _sdk_texts(self, contents: Iterable[Any]) -> tuple[str, ...]:
        contents = tuple(contents)
        try:
            return super()._sdk_texts(contents)
        except Exception:
            kinds = ", ".join(sorted({type(each).__name__ for each in contents}))
            place = self.kit_watch.places.of_caller()
            text = f"a message made of {kinds}, at {place}"
            self.kit_watch.journal.add("wrong_type", self.name, text=text)
            raise

    def _sdk_call(self, method: str, *arguments: Any) -> None:
        try:
            getattr(self, method)(*arguments)
        except Exception as error:  # noqa: BLE001  (a module may raise anything)
            text = f"{method}: {self.kit_watch.places.of_error(error)}"
            self.kit_watch.journal.add("stop_raised", self.name, text=text)

    def _kit_look(self) -> None:
        for place in self._kit_given.changes():
            if place not in self._kit_changed:
                self._kit_changed.add(place)
                text = f"configuration: {place}"
                self.kit_watch.journal.add("changed", self.name, text=text)

    def _kit_note(self, what: What, error: BaseException, number: int = 0) -> None:
        text = self.kit_watch.places.of_error(error)
        self.kit_watch.journal.add(what, self.name, number, text)


def _watch_setup(setup: Any, module: str, watch: Watch) -> None:
    """Watch the setup of one puller; however it was made, this object is it."""
    own = setup.setup

    def watched(execution_timestamp: datetime) -> None:
        number = watch.pass_by("setup", module)
        try:
            own(execution_timestamp)
            # Behind it: what it has made already must not keep it from a second try.
            if watch.is_due("raise_in_setup", module, number):
                message = "the conformance kit lets this setup fail"
                raise InjectedError(message)  # noqa: TRY301  (fails as a setup does)
        except Exception as error:
            watch.journal.add(
                "setup_failed", module, number, watch.places.of_error(error)
            )
            watch.failed(module)
            raise

    setup.setup = watched


def _instance_name(arguments: Sequence[Any]) -> str:
    """Return the name the puller's thread will have, for what comes before it."""
    service = arguments[_SERVICE]
    submodule = arguments[_SUBMODULE] if len(arguments) > _SUBMODULE else None
    suffix = f",{submodule}" if submodule else ""
    return (
        f"{arguments[_NAME]}({arguments[_INPUT]},{arguments[_ID]},"
        f"{service},{arguments[_TYPE]}{suffix})"
    )
