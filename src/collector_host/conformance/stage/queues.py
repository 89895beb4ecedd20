"""The queues a module is given, watched; what goes in is what the host's own takes."""

from __future__ import annotations

import inspect
import threading
from typing import TYPE_CHECKING, Any, Final, cast

from collector_host.conformance.stage.watch import InjectedError

if TYPE_CHECKING:
    from collector_host.conformance.stage.watch import Watch

_CONTRACT: Final = frozenset({"put", "qsize"})
"""Source: the contract's table of instance attributes."""


class WatchedQueue:
    """Stands in front of the host's queue of one module.

    Args:
        queue: The host's.
        module: Name of the module instance.
        watch: Told of every item.
    """

    def __init__(self, queue: Any, module: str, watch: Watch) -> None:
        self._watched = queue
        self._module = module
        self._watch = watch

    def put(self, item: Any) -> None:
        """Queue an item, unless it is the one that shall fail."""
        watch, module = self._watch, self._module
        number = watch.pass_by("send", module)
        if watch.is_due("raise_in_send", module, number):
            message = "the conformance kit lets this send fail"
            self._watched.refuse(message)
            watch.send_failed(module, number)
            raise InjectedError(message)
        watch.slow_down()
        self._put(item)
        words = (str(threading.get_ident()), *_tables(item))
        watch.journal.add("sent", module, number, " ".join(words))
        if watch.is_due("stop_in_send", module, number):
            watch.stop()
        # A source fails in the pull: a thread beside it is not broken off by that.
        if threading.current_thread().name == module:
            number = watch.pass_by("send of pull", module)
            if watch.is_due("raise_behind_send", module, number):
                watch.send_failed(module, number)
                message = "the conformance kit breaks the pull off behind this send"
                raise InjectedError(message)

    def qsize(self) -> int:
        """Return how many messages wait."""
        size: int = self._watched.qsize()
        return size

    def __getattr__(self, name: str) -> Any:
        """Hand on what the host itself uses; note it where a module does."""
        note_foreign(self._watch, "output_queue", name, _CONTRACT)
        return getattr(self._watched, name)

    def _put(self, item: Any) -> None:
        try:
            self._watched.put(item)
        except Exception as error:
            if not self._watch.is_stopping:
                self._watch.journal.add(
                    "wrong_type",
                    self._module,
                    text=f"{type(error).__name__} in put, at"
                    f" {self._watch.places.of_caller()}",
                )
            raise


def _tables(item: Any) -> list[str]:
    """Return the tables an item is for; none for a lookup, whose tables are Devo's."""
    items = cast("list[Any]", item) if isinstance(item, list) else [item]
    return sorted({each.tag for each in items if hasattr(each, "tag")})


def note_foreign(watch: Watch, where: str, name: str, contract: frozenset[str]) -> None:
    """Write down that a module's own code reaches for what the contract lacks."""
    frame = inspect.currentframe()
    proxy = frame.f_back if frame else None
    caller = proxy.f_back if proxy else None
    if caller is None or name in contract:
        return
    if watch.places.own(caller.f_code.co_filename):
        place = watch.places.of_caller()
        watch.journal.add("foreign", text=f"{where}.{name} at {place}")
