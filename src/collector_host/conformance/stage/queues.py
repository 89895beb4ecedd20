"""The queues a module is given, watched; what goes in is what the host's own takes."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, Final

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
        watch = self._watch
        number = watch.pass_by("send")
        if watch.is_due("raise_in_send", number):
            message = "the conformance kit lets this send fail"
            self._watched.refuse(message)
            watch.send_failed(self._module, number)
            raise InjectedError(message)
        watch.slow_down()
        self._put(item)
        watch.journal.add("sent", self._module, number)
        if watch.is_due("raise_behind_send", number):
            watch.send_failed(self._module, number)
            message = "the conformance kit breaks the pull off behind this send"
            raise InjectedError(message)
        if watch.is_due("stop_in_send", number):
            watch.stop()

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
