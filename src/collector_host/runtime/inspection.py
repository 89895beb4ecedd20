"""What is saved for every module, read past a collector that may be running.

It takes no lock, writes nothing, moves nothing aside: a state file is replaced as a
whole, so that reading one at any moment gives a whole one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from collector_host.errors import StateError
from collector_host.runtime.blueprints import blueprints
from collector_host.runtime.replay import gaps_of, position_of, replay_distance
from collector_host.state.files import explained
from collector_host.state.generations import all_damaged, examine, paths

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from collector_host.config.model import Config, Service
    from collector_host.plugins.provider import ClassProvider
    from collector_host.runtime.replay import ReplayDistance
    from collector_host.state.document import Document
    from collector_host.state.generations import Generation


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
    file: Path
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
        config: Names state directory and modules.
        plugins: Where classes come from.
        now: Current time, UTC.

    Raises:
        StateError: The state directory cannot be read.
        PluginError: A submodule calculator is missing.
    """
    folder = config.settings.state_directory
    services = {one.owner_name: one.service for one in blueprints(config, plugins)}
    known = [
        _inspect(folder, owner, service, now) for owner, service in services.items()
    ]
    return [*known, *_others(folder, set(services), now)]


def _inspect(folder: Path, owner: str, service: Service | None, now: datetime) -> Saved:
    file, previous_file = paths(folder, owner)
    configured = service is not None
    try:
        current = examine(file, owner)
        found = current if current.document else examine(previous_file, owner)
        if not found.document and (current.damage or found.damage):
            raise all_damaged(owner, current, found)
    except StateError as error:
        return Saved(owner, configured, file, error=str(error))
    if found.document is None:
        return Saved(owner, configured, file)
    warning = "" if found is current else _fallback(current)
    return _saved(found.document, found.path, service, now, warning)


def _saved(
    document: Document, file: Path, service: Service | None, now: datetime, warning: str
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


def _others(folder: Path, known: set[str], now: datetime) -> Iterator[Saved]:
    """Yield what no module of the configuration uses."""
    with explained("read", folder):
        files = sorted(folder.iterdir()) if folder.is_dir() else []
    ours = {path for owner in known for path in paths(folder, owner)}
    owners: set[str] = set()
    for file in files:
        if file.suffix != ".json" or file in ours:
            continue
        try:
            found = examine(file, owner=None)
        except StateError as error:
            yield Saved(file.name, configured=False, file=file, error=str(error))
            continue
        if found.document:
            owners.add(found.document.owner)
        elif found.damage:
            error = f"it is damaged: {found.damage}"
            yield Saved(file.name, configured=False, file=file, error=error)
    for owner in sorted(owners - known):
        yield _inspect(folder, owner, None, now)
