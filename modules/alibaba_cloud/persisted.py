"""The log lines of the public guide about what is persisted, and texts read with it.

Source:
    The collector's public guide, "Puller output".
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Dict, List, Mapping, Optional, Tuple, cast

from .errors import InitVariablesError
from .instants import parse_instant, to_guide_text
from .problems import BAD_SETTING

if TYPE_CHECKING:
    from datetime import datetime

_logger = logging.getLogger(__name__)
_SHOWN_ITEMS = 50
_SHOWN_CHARACTERS = 200


def read_start(text: Optional[str]) -> Optional[datetime]:
    """Return the setting `initial_start_time_in_utc`, or None when it is not given.

    Raises:
        InitVariablesError: The text names no instant.
    """
    if text is None:
        return None
    try:
        return parse_instant(text)
    except (AttributeError, ValueError) as error:
        cause = f"initial_start_time_in_utc: {error}"
        raise InitVariablesError(BAD_SETTING, cause) from error


def given(block: Mapping[str, Any]) -> Dict[str, Any]:
    """Return what a block of the configuration really sets."""
    return {key: value for key, value in block.items() if value is not None}


def log_updates(
    saved: Mapping[str, Any], document: Mapping[str, Any], guide_keys: Tuple[str, ...]
) -> None:
    """Log what a new state changes: keys of the guide at INFO, ours at DEBUG.

    Args:
        saved: The state before; empty when there was none.
        document: The state that takes its place.
        guide_keys: Keys that operators know from the public guide.
    """
    for key, value in document.items():
        if key not in saved or saved[key] != value:
            level = logging.INFO if key in guide_keys else logging.DEBUG
            if _logger.isEnabledFor(level):
                update = {key: _shown(value)}
                _logger.log(level, "Updating persisted data with %s", update)


def log_start_change(old: datetime, new: datetime) -> None:
    """Log that a changed start resets the state."""
    change = (
        f"{{'values_changed': {{'root': {{'new_value': {to_guide_text(new)},"
        f" 'old_value': {to_guide_text(old)}}}}}}}"
    )
    _logger.info(
        "Detected initial start time in UTC change: %s. Setting last run time to %s",
        change,
        new.isoformat(),
    )


def warn_of_future(start: datetime, now: datetime) -> None:
    """Warn when there is nothing to read for a while."""
    if start > now:
        _logger.warning(
            "initial_start_time_in_utc is in the future: nothing is read before %s",
            start.isoformat(),
        )


def _shown(value: object) -> object:
    """Return a value short enough for a log line."""
    if isinstance(value, dict):
        fields = cast("Dict[str, Any]", value)
        return {key: _shown(inner) for key, inner in fields.items()}
    if isinstance(value, str) and len(value) > _SHOWN_CHARACTERS:
        return f"{len(value)} characters"
    if not isinstance(value, list):
        return value
    items = cast("List[Any]", value)
    hidden = len(items) - _SHOWN_ITEMS
    return [*items[:_SHOWN_ITEMS], f"and {hidden} more"] if hidden > 0 else items
