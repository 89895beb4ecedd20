"""JSON to plain data without silent changes.

What Python's data cannot carry exactly becomes a text and is counted: nothing is
rounded, dropped or refused. It knows nothing of pages and events.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from decimal import Decimal, InvalidOperation
from typing import Any, Dict, List, Tuple, Union

DEPTH_MAX = 100
"""Deeper values become texts, so that everything behind can treat them recursively."""

_DIGITS_MAX = 4000
"""Python refuses to convert integers of more digits (4,300 by default)."""

_CONTAINERS = (dict, list)
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"?|[{}\[\]]', re.DOTALL)
"""A bracket, or a string; one without end counts, so that the search stays linear."""


class Exact:
    """Parses one text.

    Attributes:
        texts: Why values became texts -> how many.
    """

    def __init__(self) -> None:
        self.texts: Counter[str] = Counter()

    def parse(self, text: str) -> Any:
        """Return what a JSON text describes.

        Raises:
            ValueError: The text is not JSON.
        """
        try:
            parsed = self._load(text)
            if not _is_deeper(parsed, DEPTH_MAX):
                return parsed
        except RecursionError:
            pass
        self.texts.clear()
        try:
            return self._load(self._flattened(text))
        except RecursionError as error:
            message = "nested without end"
            raise ValueError(message) from error

    def _load(self, text: str) -> Any:
        return json.loads(
            text,
            object_pairs_hook=self._object,
            parse_int=self._int,
            parse_float=self._float,
            parse_constant=self._constant,
        )

    def _text(self, reason: str, text: str) -> str:
        self.texts[reason] += 1
        return text

    def _object(self, pairs: List[Tuple[str, Any]]) -> Union[Dict[str, Any], str]:
        built = dict(pairs)
        if len(built) == len(pairs):
            return built
        fields = (f"{_written(key)}:{_written(value)}" for key, value in pairs)
        return self._text("an object with a key given twice", f"{{{','.join(fields)}}}")

    def _int(self, digits: str) -> Union[int, str]:
        if len(digits) <= _DIGITS_MAX:
            return int(digits)
        return self._text("a number too long", digits)

    def _float(self, digits: str) -> Union[float, str]:
        number = float(digits)
        if math.isfinite(number) and _is_same(number, digits):
            return number
        return self._text("a number too exact or too large", digits)

    def _constant(self, name: str) -> str:
        return self._text("a number that is none", name)

    def _flattened(self, text: str) -> str:
        """Return the text with all values below the deepest level as JSON strings."""
        pieces: List[str] = []
        depth = copied = begun = 0
        for match in _TOKEN.finditer(text):
            if match[0] in "{[":
                depth += 1
                begun = match.start() if depth == DEPTH_MAX + 1 else begun
            elif match[0] in "}]":
                depth -= 1
                if depth == DEPTH_MAX:
                    value = text[begun : match.end()]
                    value = self._text("a value nested too deep", value)
                    pieces += [text[copied:begun], json.dumps(value)]
                    copied = match.end()
        return "".join([*pieces, text[copied:]])


def _written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _is_same(number: float, digits: str) -> bool:
    try:
        return Decimal(repr(number)) == Decimal(digits)
    except InvalidOperation:
        # An exponent beyond what Decimal takes is beyond a float's as well.
        return False


def _is_deeper(value: Any, levels: int) -> bool:
    """Tell whether data nests deeper than so many levels."""
    level: List[Any] = [value] if isinstance(value, _CONTAINERS) else []
    for _ in range(levels):
        inner: List[Any] = []
        for one in level:
            inner += one.values() if isinstance(one, dict) else one
        level = [one for one in inner if isinstance(one, _CONTAINERS)]
        if not level:
            return False
    return True
