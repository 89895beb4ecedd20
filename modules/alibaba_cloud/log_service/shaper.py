"""From texts to messages: what is added is spliced into the text, unparsed if it can.

Texts are UTF-8 from end to end and become no `str` unless one is parsed.

A text is parsed only where one of the added keys may be in it already, or where it
is broken over lines. It knows neither records nor sockets.
"""

from __future__ import annotations

import json
import operator
from itertools import repeat
from typing import (
    TYPE_CHECKING,
    Any,
    Dict,
    List,
    Mapping,
    NamedTuple,
    Optional,
    Sequence,
    Tuple,
    cast,
)

from .searching import holds

if TYPE_CHECKING:
    from .records import Values


class Shaped(NamedTuple):
    """Messages on their way out.

    Attributes:
        lines: UTF-8, with line feeds between the messages and nowhere else.
        number: How many messages.
        longest_bytes: No message is longer.
    """

    lines: bytes
    number: int
    longest_bytes: int

    @property
    def texts(self) -> List[str]:
        """The messages, for a host that takes them one by one."""
        return self.lines.decode().split("\n")

    @classmethod
    def joined(cls, parts: Sequence[Shaped]) -> Shaped:
        """Return several as one, at least one."""
        if len(parts) == 1:
            return parts[0]
        return cls(
            b"\n".join([part.lines for part in parts]),
            sum(part.number for part in parts),
            max(part.longest_bytes for part in parts),
        )


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
        keys = (*self._fixed, *added_fields)
        self._needles = [f'"{key}"'.encode() for key in keys]
        self._starts: Dict[Values, bytes] = {}
        self.no_objects = 0
        """Texts so far that were no JSON object."""

    def shape(self, texts: Sequence[bytes], values: Values) -> Shaped:
        """Return one message for each text, in order.

        Most texts are looked at together, and none becomes an object of its own.

        Args:
            texts: UTF-8 that begins and ends as a JSON object does, at least one.
            values: Values of the reserved fields, the same for all of them.
        """
        start = self._start(values)
        if self._are_plain(texts):
            rests = [text[1:] for text in texts]
            rests[0] = start + rests[0]
            # The start of the next comes with what joins them: no copy more.
            lines = (b"\n" + start).join(rests)
            return Shaped(lines, len(texts), max(map(len, texts)) + len(start))
        messages = [self._one(text, start, values) for text in texts]
        return Shaped(b"\n".join(messages), len(messages), max(map(len, messages)))

    def _are_plain(self, texts: Sequence[bytes]) -> bool:
        """Tell whether nothing in any text asks for a closer look."""
        together = b"".join(texts)
        if b"\n" in together or b"\r" in together:
            return False
        # An object without keys takes no comma.
        if not all(map(operator.contains, texts, repeat(b'"'))):
            return False
        # Most texts hold no @, which is found out faster than a longer needle.
        is_marked = b"@" in together
        return not any(
            holds(together, needle)
            for needle in self._needles
            if is_marked or b"@" not in needle
        )

    def _one(self, one: bytes, start: bytes, values: Values) -> bytes:
        if self._are_plain([one]):
            return start + one[1:]
        text = one.decode()
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
            return _encoded(flat)
        comma = "," if fields else ""
        return _encoded(f"{_dumped(missing)[:-1]}{comma}{flat[1:]}")

    def _start(self, values: Values) -> bytes:
        """Return what takes the place of the brace before an event's first key."""
        start = self._starts.get(values)
        if start is None:
            start = _encoded(f"{_dumped(self._additions(values))[:-1]},")
            self._starts[values] = start
        return start

    def _additions(self, values: Values) -> Dict[str, str]:
        reserved = dict(zip(self._wanted, values))
        added = {key: reserved.get(name, name) for key, name in self._added.items()}
        return {**added, **self._fixed}


def wanted_fields(added_fields: Mapping[str, str]) -> Tuple[str, ...]:
    """Return the reserved fields that give values to added ones."""
    return tuple(
        sorted({name for name in added_fields.values() if name.startswith("__")})
    )


def _encoded(text: str) -> bytes:
    """Return UTF-8; half of a pair, which that cannot hold, as JSON writes it."""
    return text.encode("utf-8", "backslashreplace")


def _parsed(text: str) -> Optional[Dict[str, Any]]:
    try:
        value: Any = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return cast("Dict[str, Any]", value) if isinstance(value, dict) else None


def _dumped(fields: Mapping[str, str]) -> str:
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
