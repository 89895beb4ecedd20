"""A module's saved state, watched: what it saves, what it does with what it loaded."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, cast

from collector_host.conformance.stage.queues import note_foreign
from collector_host.state.encoding import snapshot
from collector_lint.findings import shown_key

if TYPE_CHECKING:
    from collector_host.conformance.stage.watch import Watch
    from collector_host.state.protocol import State, Store

_CONTRACT: Final = frozenset(
    {
        "load_state",
        "save_state",
        "clean_state",
        "is_ok",
        "load_state_old_format",
        "unique_identifier",
        "collector_id",
    }
)
"""Source: the contract's section on persistence."""


class WatchedFactory:
    """Gives watched persistence objects."""

    def __init__(self, factory: Any, module: str, watch: Watch) -> None:
        self._factory = factory
        self._module = module
        self._watch = watch

    def create(self, *arguments: Any, **named: Any) -> WatchedState:
        """Return the persistence object of an address, watched."""
        made = self._factory.create(*arguments, **named)
        return WatchedState(made, self._module, self._watch)


class WatchedState:
    """Stands in front of a module's persistence object."""

    def __init__(self, state: Any, module: str, watch: Watch) -> None:
        self._watched = state
        self._module = module
        self._watch = watch
        self._loaded: Any = None
        self._loaded_copy: Any = None

    def load_state(self, *arguments: Any, **named: Any) -> Any:
        """Return the state, and remember how it was."""
        self._loaded = self._watched.load_state(*arguments, **named)
        self._loaded_copy = snapshot(self._loaded)
        return self._loaded

    def save_state(self, object_to_save: Any, *arguments: Any, **named: Any) -> None:
        """Save, and look at what is saved."""
        if problem := json_problem(object_to_save):
            self._note("saved_as", problem)
        if self._loaded is not None and self._loaded != self._loaded_copy:
            self._watch.journal.add("loaded_changed", self._module)
            self._loaded = None
        owner: str = self._watched.unique_identifier
        commits = self._watch.commits_of(owner)
        try:
            self._watched.save_state(object_to_save, *arguments, **named)
        except Exception as error:
            if self._watched.is_ok():
                self._note("refused", type(error).__name__)
            raise
        self._watch.saved(self._module, owner, commits)

    def clean_state(self) -> None:
        """Forget the state, which counts as a save."""
        owner: str = self._watched.unique_identifier
        commits = self._watch.commits_of(owner)
        self._watched.clean_state()
        self._watch.saved(self._module, owner, commits)

    def __getattr__(self, name: str) -> Any:
        """Hand everything else on; note what the contract lacks."""
        note_foreign(self._watch, "persistence_object", name, _CONTRACT)
        return getattr(self._watched, name)

    def _note(self, kind: str, problem: str) -> None:
        place = self._watch.places.of_caller()
        text = f"{kind}: {problem}, saved at {place}"
        self._watch.journal.add("save_failed", self._module, text=text)


class WatchedStore:
    """A `Store` whose commits are counted."""

    def __init__(self, store: Store, watch: Watch) -> None:
        self._store = store
        self._watch = watch

    def load(self, owner: str) -> dict[str, Any] | None:
        """Return a fresh copy of the state committed last, or None."""
        return self._store.load(owner)

    def commit(self, owner: str, state: State | None) -> None:
        """Keep a state; None forgets it."""
        self._store.commit(owner, state)
        self._watch.committed(owner)

    def owners(self) -> tuple[str, ...]:
        """Return the owners that have a committed state, sorted."""
        return self._store.owners()

    def close(self) -> None:
        """Close the store."""
        self._store.close()


def json_problem(state: Any) -> str:
    """Return what JSON would make of a state that is something else, or "".

    The genuine SDK refuses what JSON cannot hold, and its redis store gives back
    what JSON made of the rest.
    """
    return _problem(state, "state")


def _problem(value: Any, place: str) -> str:
    if isinstance(value, dict):
        return _mapping_problem(cast("dict[Any, Any]", value), place)
    if isinstance(value, tuple):
        return f"changed {place} is a tuple"
    if isinstance(value, list):
        items = enumerate(cast("list[Any]", value))
        return next(filter(None, (_problem(v, f"{place}[{i}]") for i, v in items)), "")
    try:
        json.dumps(value)
    except (TypeError, ValueError):
        return f"lost {place} is of type {type(value).__name__}"
    return ""


def _mapping_problem(state: dict[Any, Any], place: str) -> str:
    for key, item in state.items():
        if not isinstance(key, str):
            return f"changed {place} has a key of type {type(key).__name__}"
        if found := _problem(item, f"{place}.{shown_key(key)}"):
            return found
    return ""
