"""A host made of lists, and modules that follow a script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from devocollectorsdk.inputs.collector_puller_abstract import CollectorPullerAbstract
from devocollectorsdk.inputs.collector_puller_setup_abstract import (
    CollectorPullerSetupAbstract,
)
from fakes.clocks import ManualClock

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime


class ListQueue:
    """Takes everything a module queues."""

    def __init__(self) -> None:
        self.items: list[Any] = []
        self.unsent: list[str] = []

    def put(self, item: Any) -> None:
        self.items.append(item)

    def unsendable(self, reason: str) -> None:
        self.unsent.append(reason)

    def qsize(self) -> int:
        return len(self.items)


class DictPersistence:
    """Keeps the last state; `ok` can be taken away."""

    def __init__(self) -> None:
        self.state: dict[str, Any] | None = None
        self.ok = True

    def create(self, *_address: str | None) -> DictPersistence:
        return self

    def is_ok(self) -> bool:
        return self.ok

    def load_state(self, **_: object) -> dict[str, Any] | None:
        return self.state

    def save_state(self, state: dict[str, Any], **_: object) -> None:
        self.state = state


class Parent:
    """Stands where the service's thread stands."""

    def __init__(self, clock: ManualClock, setup_class: type[Any] | None) -> None:
        self.clock = clock
        self._setup_class = setup_class

    def wake_up(self) -> None:
        """Nobody watches."""

    def find_setup_class(self, _name: str) -> type[Any] | None:
        return self._setup_class


class ScriptedSetup(CollectorPullerSetupAbstract):
    """Raises what `script` holds, then succeeds."""

    script: tuple[Exception, ...] = ()

    def setup(self, execution_timestamp: datetime) -> None:
        runs = self.setup_variables.setdefault("runs", [])
        runs.append(execution_timestamp)
        if len(runs) <= len(self.script):
            raise self.script[len(runs) - 1]


class ScriptedPuller(CollectorPullerAbstract):
    """Calls one function a pull; the last one is repeated."""

    actions: tuple[Callable[[ScriptedPuller], None], ...] = ()
    init_error: Exception | None = None

    def init_variables(self, *arguments: Any) -> None:
        self.journal: list[str] = ["init_variables"]
        self.init_arguments = arguments
        if self.init_error:
            raise self.init_error

    def pre_pull(self, retrieving_timestamp: datetime) -> None:
        self.journal.append(f"pre_pull {retrieving_timestamp:%H:%M:%S}")

    def pull(self, retrieving_timestamp: datetime) -> None:
        self.journal.append(f"pull {retrieving_timestamp:%H:%M:%S}")
        pulls = sum(line.startswith("pull ") for line in self.journal)
        self.actions[min(pulls, len(self.actions)) - 1](self)

    def pull_pause(self, wait: bool | None = None) -> None:  # noqa: FBT001  (the contract)
        self.journal.append(f"pull_pause {wait}")

    def pull_stop(self) -> None:
        self.journal.append("pull_stop")


def build(
    puller_class: type[CollectorPullerAbstract],
    *,
    setup_class: type[CollectorPullerSetupAbstract] | None = None,
    service_config: dict[str, Any] | None = None,
    input_config: dict[str, Any] | None = None,
    definition: dict[str, Any] | None = None,
    submodule: str | None = None,
    submodule_config: object = None,
    only_setup: bool = False,
    parent: object | None = None,
) -> Any:
    """Return a puller in a host made of lists."""
    definition = dict(definition or {})
    if setup_class:
        definition["setup_class"] = setup_class.__name__
    return puller_class(
        parent or Parent(ManualClock(), setup_class),
        False,  # noqa: FBT003  (by position in the contract)
        only_setup,
        {},
        "alibaba_1",
        "alibaba",
        input_config or {},
        {"module_globals": {"request_period_in_seconds": 60}},
        "actiontrail",
        "predefined",
        service_config,
        {},
        puller_class.__name__,
        {},
        definition,
        DictPersistence(),
        ListQueue(),
        ListQueue(),
        ListQueue(),
        [],
        submodule,
        submodule_config,
    )
