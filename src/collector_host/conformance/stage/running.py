"""Runs one order in the process it is called in: one life of a module."""

from __future__ import annotations

import inspect
import sys
import threading
from typing import TYPE_CHECKING, Any, Final

from collector_host.conformance.stage.journal import Journal
from collector_host.conformance.stage.opening import Opened, adapted, open_target
from collector_host.conformance.stage.places import Places
from collector_host.conformance.stage.pullers import watched_puller
from collector_host.conformance.stage.quick_clock import QuickClock
from collector_host.conformance.stage.states import WatchedStore
from collector_host.conformance.stage.unchanged import SharedValues
from collector_host.conformance.stage.watch import Watch
from collector_host.delivery.room import DeliveryRoom
from collector_host.errors import ConfigError, PluginError
from collector_host.runtime.collector import Collector
from collector_host.runtime.outputs import delivery_settings
from collector_host.runtime.projects import check_every_class
from collector_host.runtime.stop import StopRequest
from collector_host.state.store import StateStore
from collector_host.telemetry.counters import Counters
from collector_host.telemetry.logs import configure
from collector_host.telemetry.masking import Masker
from devocollectorsdk.commons.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from collector_host.conformance.stage.orders import Order

UNUSABLE: Final = 97
"""Exit code: the target cannot be run; the journal says why."""
_LINGER_S: Final = 0.5


class _WatchedClasses:
    """Gives the target's classes, pullers with a watcher around them."""

    def __init__(self, classes: Any, watch: Watch, packages: tuple[str, ...]) -> None:
        self._classes = classes
        self._watch = watch
        self._packages = packages
        self._pullers: dict[str, type] = {}
        self.shared: list[SharedValues] = []

    def puller(self, class_name: str) -> type:
        if class_name not in self._pullers:
            found = self._classes.puller(class_name)
            self._remember(found)
            self._pullers[class_name] = watched_puller(found, self._watch)
        return self._pullers[class_name]

    def setup(self, class_name: str) -> type:
        found: type = self._classes.setup(class_name)
        self._remember(found)
        return found

    def calculator(self, class_name: str) -> type:
        found: type = self._classes.calculator(class_name)
        return found

    def _remember(self, found: type) -> None:
        """Remember how the class, and every module loaded by now, looks at first."""
        classes = inspect.getmro(found)
        modules = sorted(sys.modules.items())
        holders: dict[str, type | ModuleType] = {
            **{each.__qualname__: each for each in classes if self._own(each)},
            **{name: each for name, each in modules if self._is_own(name)},
        }
        self.shared.append(SharedValues(holders))

    def _own(self, each: type) -> bool:
        return self._is_own(each.__module__)

    def _is_own(self, module_name: str) -> bool:
        return module_name.partition(".")[0] in self._packages


class _WatchedRoom(DeliveryRoom):
    """Tells when the host takes nothing more, having waited for every pull."""

    on_close: Callable[[], None]

    def close(self) -> None:
        self.on_close()
        super().close()


def run(order: Order) -> int:
    """Run an order to its end; return the exit code."""
    configure("text", "info", Masker())
    journal = Journal(order.journal)
    stop = StopRequest()
    stop.install()
    try:
        opened = open_target(order.target)
    except (ConfigError, PluginError) as error:
        journal.add("refused_target", text=str(error))
        return UNUSABLE
    configure("text", "info", Masker(opened.config.secrets))
    watch = Watch(order, journal, Places(*opened.roots), stop.request)
    return _collect(order, opened, watch, stop)


def _collect(order: Order, opened: Opened, watch: Watch, stop: StopRequest) -> int:
    clock = SystemClock()
    config = adapted(opened.config, order)
    store = WatchedStore(StateStore(config.settings.state_directory, clock), watch)
    room = _WatchedRoom(delivery_settings(config), store, Counters(clock), clock)
    room.on_close = lambda: watch.journal.add("closed")
    watch.commits_done = room.wait_confirmed
    classes = _WatchedClasses(opened.classes, watch, opened.packages)
    try:
        check_every_class(config, classes)
    except PluginError as error:
        watch.journal.add("refused_target", text=str(error))
        return UNUSABLE
    before = set(threading.enumerate())
    collector = Collector(
        config,
        plugins=classes,
        room=room,
        clock=clock,
        module_clock=QuickClock(),
        stop=stop,
    )
    limit = threading.Timer(order.limit_s, _reach_limit, (watch,))
    limit.daemon = True
    limit.start()
    try:
        code = collector.run()
    except ConfigError as error:  # submodules that cannot be told
        watch.journal.add("refused_target", text=str(error))
        return UNUSABLE
    limit.cancel()
    _look_around(watch, classes, before | {limit})
    watch.journal.add("over", number=code)
    return code


def _reach_limit(watch: Watch) -> None:
    watch.journal.add("limit_reached")
    watch.stop()


def _look_around(
    watch: Watch, classes: _WatchedClasses, before: set[threading.Thread]
) -> None:
    """Write down what the modules left behind."""
    for thread in set(threading.enumerate()) - before:
        if _is_modules(thread):
            thread.join(_LINGER_S)
            if thread.is_alive():
                kind = type(thread).__name__
                watch.journal.add("left_alive", text=f"{thread.name} ({kind})")
    for place in sorted({each for one in classes.shared for each in one.changes()}):
        watch.journal.add("changed", text=f"shared: {place}")


def _is_modules(thread: threading.Thread) -> bool:
    """Tell whether a thread is not one of the host's own."""
    run: Any = getattr(thread, "_target", None) or type(thread).run
    home = str(getattr(run, "__module__", ""))
    return not home.startswith(("collector_host", "devocollectorsdk"))
