"""From texts to messages: what is added is spliced into the text, unparsed if it can.

A text is parsed only where one of the added keys may be in it already, or where it
is broken over lines. It knows neither records nor sockets.
"""

from __future__ import annotations

import json
from typing import (
    TYPE_CHECKING,
    Any,
    Dict,
    List,
    Mapping,
    Optional,
    Sequence,
    Tuple,
    cast,
)

if TYPE_CHECKING:
    from .records import Values

_SHORTEST = 64
"""Texts below this are parsed: an object without keys takes no comma."""


class Shaper:
    """Adds to each event where it comes from and which pull read it.

    The additions go to the front: they survive where an event is cut for its size,
    and a reader that lets the last of two equal keys win never sees an event's own
    key replaced.

    Args:
        pull_name: Value of `@devo_pulling_id`.
        environment: Value of `@devo_environment`, or None to leave it out.
        added_fields: Key -> reserved field of the record, or a text.
        wanted: The reserved fields among them, in the order of a run's values.
        event_field: Key under which a text that is no object is sent.
    """

    def __init__(
        self,
        pull_name: str,
        environment: Optional[str],
        added_fields: Mapping[str, str],
        wanted: Tuple[str, ...],
        event_field: Optional[str],
    ) -> None:
        self._added = added_fields
        self._wanted = wanted
        self._event_field = event_field or "event"
        self._fixed = {"@devo_pulling_id": pull_name}
        if environment is not None:
            self._fixed["@devo_environment"] = environment
        self._needles = [f'"{key}"' for key in (*self._fixed, *added_fields)]
        self._prefixes: Dict[Values, str] = {}
        self.no_objects = 0
        """Texts so far that were no JSON object."""

    def shape(self, texts: Sequence[str], values: Values) -> List[str]:
        """Return one message for each text, in order.

        Args:
            texts: Texts that begin and end as a JSON object does.
            values: Values of the reserved fields, the same for all of them.
        """
        prefix = self._prefix(values)
        if min(map(len, texts)) >= _SHORTEST and self._is_plain("".join(texts)):
            return [text.replace("{", prefix, 1) for text in texts]
        return [self._one(text, prefix, values) for text in texts]

    def _is_plain(self, text: str) -> bool:
        """Tell whether nothing in a text asks for a closer look."""
        if "\n" in text or "\r" in text:
            return False
        # Most texts hold no @, which is found out faster than a longer needle.
        is_marked = "@" in text
        return not any(
            needle in text for needle in self._needles if is_marked or "@" not in needle
        )

    def _one(self, text: str, prefix: str, values: Values) -> str:
        if len(text) >= _SHORTEST and self._is_plain(text):
            return text.replace("{", prefix, 1)
        # In JSON a line break can only be a blank between two parts.
        flat = text.replace("\r", " ").replace("\n", " ")
        fields = _parsed(flat)
        if fields is None:
            self.no_objects += 1
            fields = {self._event_field: text}
            flat = _dumped(fields)
        additions = self._additions(values)
        missing = {key: additions[key] for key in additions if key not in fields}
        if not missing:
            return flat
        comma = "," if fields else ""
        return f"{_dumped(missing)[:-1]}{comma}{flat[1:]}"

    def _prefix(self, values: Values) -> str:
        prefix = self._prefixes.get(values)
        if prefix is None:
            prefix = f"{_dumped(self._additions(values))[:-1]},"
            self._prefixes[values] = prefix
        return prefix

    def _additions(self, values: Values) -> Dict[str, str]:
        reserved = dict(zip(self._wanted, values))
        added = {key: reserved.get(name, name) for key, name in self._added.items()}
        return {**added, **self._fixed}


def wanted_fields(added_fields: Mapping[str, str]) -> Tuple[str, ...]:
    """Return the reserved fields that give values to added ones."""
    return tuple(
        sorted({name for name in added_fields.values() if name.startswith("__")})
    )


def _parsed(text: str) -> Optional[Dict[str, Any]]:
    try:
        value: Any = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return cast("Dict[str, Any]", value) if isinstance(value, dict) else None


def _dumped(fields: Mapping[str, str]) -> str:
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
