"""What is saved for every module, read past a collector that may be running.

How that is done without being in its way is said in `state.shelves`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from collector_host.errors import StateError
from collector_host.runtime.blueprints import blueprints
from collector_host.runtime.replay import gaps_of, position_of, replay_distance
from collector_host.runtime.stores import shelf

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from collector_host.config.model import Config, Service
    from collector_host.plugins.provider import ClassProvider
    from collector_host.runtime.replay import ReplayDistance
    from collector_host.state.document import Document
    from collector_host.state.generations import Generation
    from collector_host.state.shelves import Shelf


@dataclass(frozen=True, slots=True)
class Saved:
    """What is saved for one owner.

    Attributes:
        owner: Whose state it is, or the name of a file that does not tell.
        configured: Whether the configuration has a module that uses it.
        file: Where it stands, or would stand.
        generation: Number of commits; None when nothing usable is saved.
        saved_at: When it was committed, UTC.
        position: Everything up to here is delivered, UTC, if the service says.
        replay: How close that is to the edge of the source's retention.
        gaps: Intervals that were never read, as the module noted them.
        counts: Key of the state -> number of items kept under it.
        warning: What is odd but usable, or "".
        error: Why the state cannot be used, or "".
    """

    owner: str
    configured: bool
    file: Path | str
    generation: int | None = None
    saved_at: datetime | None = None
    position: datetime | None = None
    replay: ReplayDistance | None = None
    gaps: list[Mapping[str, Any]] = field(default_factory=list["Mapping[str, Any]"])
    counts: Mapping[str, int] = field(default_factory=dict[str, int])
    warning: str = ""
    error: str = ""


def inspect(config: Config, plugins: ClassProvider, now: datetime) -> list[Saved]:
    """Return what is saved: configured owners in their order, then all others.

    Args:
        config: Names store and modules.
        plugins: Where classes come from.
        now: Current time, UTC.

    Raises:
        StateError: The store cannot be read.
        PluginError: A submodule calculator is missing.
    """
    states = shelf(config)
    services = {one.owner_name: one.service for one in blueprints(config, plugins)}
    known = [
        _inspect(states, owner, service, now) for owner, service in services.items()
    ]
    return [*known, *_others(states, set(services), now)]


def _inspect(
    states: Shelf, owner: str, service: Service | None, now: datetime
) -> Saved:
    file = states.place(owner)
    configured = service is not None
    try:
        current, previous = states.generations(owner)
        found = current if current.document else previous
        if not found.document and (current.damage or found.damage):
            raise states.all_damaged(owner, current, found)
    except StateError as error:
        return Saved(owner, configured, file, error=str(error))
    if found.document is None:
        return Saved(owner, configured, file)
    warning = "" if found is current else _fallback(current)
    return _saved(found.document, found.path, service, now, warning)


def _saved(
    document: Document,
    file: Path | str,
    service: Service | None,
    now: datetime,
    warning: str,
) -> Saved:
    state = document.state
    return Saved(
        owner=document.owner,
        configured=service is not None,
        file=file,
        generation=document.generation,
        saved_at=document.saved_at,
        position=position_of(service, state) if service else None,
        replay=replay_distance(service, state, now) if service else None,
        gaps=gaps_of(state),
        counts=_counts(state),
        warning="forgotten on purpose" if state is None else warning,
    )


def _counts(state: Mapping[str, Any] | None) -> dict[str, int]:
    containers = {
        key: cast("Collection[Any]", value)
        for key, value in (state or {}).items()
        if key != "gaps" and isinstance(value, (list, tuple, dict))
    }
    return {key: len(value) for key, value in containers.items()}


def _fallback(current: Generation) -> str:
    return (
        f"{current.describe()} cannot be used: this is the generation before, and what"
        " was delivered since then comes again"
    )


def _others(states: Shelf, known: set[str], now: datetime) -> Iterator[Saved]:
    """Yield what no module of the configuration uses."""
    for stray in states.strays(known):
        if stray.owner is None:
            yield Saved(
                stray.name, configured=False, file=stray.place, error=stray.error
            )
        else:
            yield _inspect(states, stray.owner, None, now)
