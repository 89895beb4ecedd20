"""From log groups to texts: one JSON object for each record, in reading order.

The text of the event field goes on as it is, in UTF-8. A record without such a text
becomes an object of all it holds. It knows neither cursors nor what is added to a text.
"""

from __future__ import annotations

import json
from collections import Counter
from itertools import compress
from operator import not_
from typing import (
    Any,
    Callable,
    Dict,
    Iterator,
    List,
    NamedTuple,
    Optional,
    Tuple,
    Union,
)

TOPIC, SOURCE, TIME, TIME_NS = "__topic__", "__source__", "__time__", "__time_ns__"
TAG_PREFIX = "__tag__:"
"""Names of what is no content of a record; source: vendor's reserved fields."""

Values = Tuple[str, ...]
_OPENING, _CLOSING = b"{}"


class Run(NamedTuple):
    """Where records begin whose reserved fields have other values.

    Attributes:
        start: Index of the first text.
        values: Values of the fields that were asked for, in their order.
    """

    start: int
    values: Values


class _Piece(NamedTuple):
    """A log group, or some logs of a large one, at least one."""

    group: Any
    logs: Any
    values: Values


class Records(NamedTuple):
    """Some of the records of an answer.

    Attributes:
        texts: JSON objects in UTF-8, most of them unchecked.
        runs: Which values hold from where on.
        last_time: Time of the last record, seconds since the epoch, or None.
        oddities: What was found that needed care -> how many times.
        is_last: Whether no others follow.
    """

    texts: List[bytes]
    runs: List[Run]
    last_time: Optional[int]
    oddities: Counter[str]
    is_last: bool


class RecordReader:
    """Turns log groups into texts.

    Args:
        event_field: Key of the content whose text is the event; None for records
            that are sent whole.
        wanted: Reserved fields whose values are needed for each text.
    """

    def __init__(self, event_field: Optional[str], wanted: Tuple[str, ...]) -> None:
        self._field = event_field
        self._getters = [_getter(name) for name in wanted]

    def read(self, groups: Any, *, size: int) -> Iterator[Records]:
        """Yield the records of an answer, some at a time, and at least once.

        What is made of a record is used and freed before the next part is read.

        Args:
            groups: Log groups, as the SDK or `wire` gives them, values as bytes.
            size: Texts at least in each part but the last.
        """
        texts: List[bytes] = []
        runs: List[Run] = []
        oddities: Counter[str] = Counter()
        time: Optional[int] = None
        for piece in self._pieces(groups, size):
            if texts and len(texts) >= size:
                _mend_utf8(texts, oddities)
                yield Records(texts, runs, time, oddities, is_last=False)
                texts, runs, oddities = [], [], Counter()
            if not runs or runs[-1].values != piece.values:
                runs.append(Run(len(texts), piece.values))
            self._read_piece(piece, texts, oddities)
            time = piece.logs[-1].Time
        _mend_utf8(texts, oddities)
        yield Records(texts, runs, time, oddities, is_last=True)

    def _pieces(self, groups: Any, size: int) -> Iterator[_Piece]:
        """Yield groups that have records, large ones in several pieces."""
        getters = self._getters
        for group in groups:
            logs = group.Logs
            number = len(logs)
            if number:
                values = tuple([get(group) for get in getters])
                if number <= size:
                    yield _Piece(group, logs, values)
                    continue
                for start in range(0, number, size):
                    yield _Piece(group, logs[start : start + size], values)

    def _read_piece(
        self, piece: _Piece, texts: List[bytes], oddities: Counter[str]
    ) -> None:
        """Add the texts of a piece; each step here is paid for every event."""
        field, add = self._field, texts.append
        for log in piece.logs:
            contents = log.Contents
            if len(contents) == 1:
                content = contents[0]
                if content.Key == field:
                    text = content.Value
                    if text and text[0] == _OPENING and text[-1] == _CLOSING:
                        add(text)
                        continue
            texts += self._carefully(piece.group, log, oddities)

    def _carefully(self, group: Any, log: Any, oddities: Counter[str]) -> List[bytes]:
        """Return the texts of any record: of each event in it, or of the whole."""
        contents = [
            (_text(content.Key, oddities), _text(content.Value, oddities))
            for content in log.Contents
        ]
        others = [pair for pair in contents if pair[0] != self._field]
        events = [value.strip() for key, value in contents if key == self._field]
        if events and not others and all(map(_looks_like_object, events)):
            return [event.encode() for event in events]
        if self._field is not None:
            oddities["record without an event"] += 1
        return [self._whole(group, log, contents).encode()]

    def _whole(self, group: Any, log: Any, contents: List[Tuple[str, str]]) -> str:
        """Return all of a record; a key that comes twice gets a list of its values."""
        fields: Dict[str, Union[int, str, List[Any]]] = {TIME: log.Time}
        if log.Time_ns:
            fields[TIME_NS] = log.Time_ns
        pairs = [
            (TOPIC, _text(group.Topic)),
            (SOURCE, _text(group.Source)),
            *(_tag(tag) for tag in group.LogTags),
            *contents,
        ]
        for key, value in pairs:
            before = fields.get(key)
            if before is None:
                fields[key] = value
            elif isinstance(before, list):
                before.append(value)
            else:
                fields[key] = [before, value]
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def _getter(name: str) -> Callable[[Any], str]:
    """Return what reads a reserved field; of bad UTF-8 the SDK gives the bytes."""
    if name == TOPIC:
        return lambda group: _text(group.Topic)
    if name == SOURCE:
        return lambda group: _text(group.Source)
    return lambda group: dict(map(_tag, group.LogTags)).get(name, "")


def _tag(tag: Any) -> Tuple[str, str]:
    return f"{TAG_PREFIX}{_text(tag.Key)}", _text(tag.Value)


def _looks_like_object(text: str) -> bool:
    return text.startswith("{") and text.endswith("}")


def _text(value: Union[str, bytes], oddities: Optional[Counter[str]] = None) -> str:
    """Return a text; what is no UTF-8 in it becomes a replacement character."""
    if isinstance(value, str):
        return value
    try:
        return value.decode()
    except UnicodeDecodeError:
        if oddities is not None:
            oddities["text that is no UTF-8"] += 1
        return value.decode("utf-8", "replace")


def _mend_utf8(texts: List[bytes], oddities: Counter[str]) -> None:
    """Make each text UTF-8, as `_text` does; most are, and most of them ASCII."""
    are_ascii = list(map(bytes.isascii, texts))
    if all(are_ascii):
        return
    for place in compress(range(len(texts)), map(not_, are_ascii)):
        try:
            texts[place].decode()
        except UnicodeDecodeError:
            texts[place] = _text(texts[place], oddities).encode()
