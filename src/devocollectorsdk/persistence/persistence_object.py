"""What a module sees of its saved state.

A save is a promise about order, not a write: the state is committed once
everything sent before it is delivered. Where it is kept is the backend's matter.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

from devocollectorsdk.commons.collector_exceptions import SdkPersistenceServiceError
from devocollectorsdk.commons.fault_points import point

if TYPE_CHECKING:
    from collections.abc import Callable

_logger = logging.getLogger(__name__)
_KEPT: Final = (Mapping, type(None))


class StateBackend(Protocol):
    """The host's side of one owner's state."""

    name: str

    def stage(self, state: Mapping[str, Any] | None) -> None:
        """Queue a barrier that carries a snapshot of `state`; None forgets it.

        Raises:
            TypeError: The state holds something that cannot be kept.
            Exception: The host refuses, because something sent before was refused.
        """
        ...

    def staged(self) -> dict[str, Any] | None:
        """Return a fresh copy of what was staged last, or None."""
        ...

    def is_ok(self) -> bool:
        """Tell whether state can be staged."""
        ...


class PersistenceObject:
    """Loads and saves the state of one input, service and submodule.

    Args:
        backend: The host's side of it.
        collector_id: Identity of the input.
        load_other: Gives the committed state of another address, or None.
    """

    def __init__(
        self,
        backend: StateBackend,
        collector_id: str,
        load_other: Callable[[str], dict[str, Any] | None] = lambda _name: None,
    ) -> None:
        self._backend = backend
        self._load_other = load_other
        self.collector_id = collector_id

    @property
    def unique_identifier(self) -> str:
        """Name of the owner of this state."""
        return self._backend.name

    def is_ok(self) -> bool:
        """Tell whether a save would be taken."""
        return self._backend.is_ok()

    def load_state(
        self, no_log_traces: bool = False, **_ignored: object
    ) -> dict[str, Any] | None:
        """Return a fresh copy of the state saved last, or None if there is none."""
        state = self._backend.staged()
        if not no_log_traces:
            _logger.debug("Loaded state of %s", self.unique_identifier)
        return state

    def load_state_old_format(
        self,
        no_log_traces: bool = False,
        unique_identifier: str | None = None,
        **_ignored: object,
    ) -> dict[str, Any] | None:
        """Return the state under an address of an older layout, or None.

        Args:
            no_log_traces: Leave out the debug line.
            unique_identifier: The address, e.g.
                `input_id_service_type_module[_submodule]`; None finds nothing.
        """
        if unique_identifier is None:
            return None
        state = self._load_other(unique_identifier)
        if not no_log_traces:
            _logger.debug("Loaded state of %s", unique_identifier)
        return state

    def save_state(
        self,
        object_to_save: Any,
        no_log_traces: bool = False,
        **_ignored: object,
    ) -> None:
        """Save a state behind everything that was sent before.

        Args:
            object_to_save: Text, numbers, booleans, None, dates, and dicts, lists
                and tuples of these; types are kept. The whole is a dict; None
                forgets the state.
            no_log_traces: Leave out the debug line.

        Raises:
            SdkPersistenceServiceError: 1300 when the state cannot be kept.
        """
        if not isinstance(object_to_save, _KEPT):
            kind = type(object_to_save).__name__
            raise SdkPersistenceServiceError(1300, f"a state is a dict, not {kind}")
        try:
            self._backend.stage(cast("Mapping[str, Any] | None", object_to_save))
        except TypeError as error:
            raise SdkPersistenceServiceError(1300, str(error)) from error
        point("puller.after_save")
        if not no_log_traces:
            _logger.debug("Saved state of %s", self.unique_identifier)

    def clean_state(self) -> None:
        """Forget the state, behind everything that was sent before."""
        self._backend.stage(None)
