"""Tries every service and output once, without moving a position or an event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from collector_host.delivery.levels import LevelPolicy
from collector_host.delivery.room import DeliveryRoom
from collector_host.errors import CollectorError, StateError
from collector_host.runtime.blueprints import blueprints
from collector_host.runtime.inspection import inspect
from collector_host.runtime.outputs import delivery_settings
from collector_host.runtime.slot import Surroundings
from collector_host.runtime.stores import addresses
from collector_host.state.importing import find_left
from collector_host.state.legacy import LegacyFiles
from collector_host.state.memory import MemoryStore
from collector_host.telemetry.counters import Counters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_host.config.model import Config
    from collector_host.delivery.settings import OutputSettings
    from collector_host.plugins.provider import ClassProvider
    from collector_host.runtime.slot import Blueprint
    from devocollectorsdk.commons.clock import Clock

_SETUP_PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Result:
    """How one try ended.

    Attributes:
        subject: What was tried, e.g. `output devo_1`.
        passed: Whether it worked.
        detail: What was learned, or why it failed and how to mend it.
    """

    subject: str
    passed: bool
    detail: str


def preflight(config: Config, plugins: ClassProvider, clock: Clock) -> Iterator[Result]:
    """Yield one result per module and output, and one per state that is unusable."""
    yield from try_modules(config, plugins, clock)
    for output in delivery_settings(config).outputs:
        yield _try_output(output, clock)
    yield from _unusable_states(config, plugins, clock)


def try_modules(
    config: Config,
    plugins: ClassProvider,
    clock: Clock,
    *,
    production_mode: bool = False,
) -> Iterator[Result]:
    """Yield one result per module: its setup runs once, nothing is pulled or sent."""
    settings = delivery_settings(config)
    room = DeliveryRoom(settings, MemoryStore(), Counters(clock), clock)
    around = Surroundings(
        plugins,
        clock,
        room.internal_queue(deliver=False),
        room.owner,
        lambda: None,
        production_mode,
    )
    for blueprint in blueprints(config, plugins):
        yield _try_module(blueprint, around)


def _try_module(blueprint: Blueprint, around: Surroundings) -> Result:
    name = f"{blueprint.source.name}/{blueprint.service.name}"
    if blueprint.submodule_name:
        name += f"/{blueprint.submodule_name}"
    subject = f"service {name}"
    try:
        owner = around.open_owner(blueprint.owner_name)
        puller = blueprint.build(owner, around, only_setup=True)
    except Exception as error:  # noqa: BLE001  (a module may raise anything)
        return Result(subject, passed=False, detail=str(error))
    if puller.initialization_error is not None:
        return Result(subject, passed=False, detail=str(puller.initialization_error))
    setup = puller.setup_instance
    if setup is None:
        return Result(subject, passed=True, detail="it has no setup to try")
    setup.start()
    setup.join(_SETUP_PATIENCE_S)
    if setup.setup_execution_result:
        return Result(subject, passed=True, detail="the setup succeeded")
    unanswered = f"no answer within {_SETUP_PATIENCE_S:g} seconds"
    return Result(subject, passed=False, detail=str(setup.setup_error or unanswered))


def _unusable_states(
    config: Config, plugins: ClassProvider, clock: Clock
) -> Iterator[Result]:
    settings = config.settings
    try:
        saved = inspect(config, plugins, clock.now())
    except CollectorError as error:
        place = settings.redis.place if settings.redis else settings.state_directory
        yield Result(f"state {place}", passed=False, detail=str(error))
        return
    for one in saved:
        error = one.error
        if one.configured and one.generation is None and not error:
            error = _unusable_left(config, one.owner)
        if error and one.configured:
            yield Result(f"state {one.owner}", passed=False, detail=error)


def _unusable_left(config: Config, owner: str) -> str:
    """Say why what the genuine SDK left for an owner cannot be taken over, or ""."""
    settings = config.settings
    # What it left in Redis is behind the door that only a run opens.
    if settings.redis or settings.persistence == "memory":
        return ""
    files = LegacyFiles(settings.state_directory, settings.id)
    try:
        find_left(owner, addresses(config), (files,))
    except StateError as error:
        return str(error)
    return ""


def _try_output(output: OutputSettings, clock: Clock) -> Result:
    subject = f"output {output.name}"
    transport = output.transport()
    try:
        policy = LevelPolicy(output.name, output.confirm, clock)
        level = policy.learn(transport.probe)
    except CollectorError as error:
        return Result(subject, passed=False, detail=str(error))
    finally:
        transport.abort()
    detail = f"the receiver confirms by {level.label}"
    return Result(subject, passed=True, detail=detail)
