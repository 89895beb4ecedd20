"""From an event to one line of JSON. It knows neither pages nor sockets."""

from __future__ import annotations

import json
import re
from typing import Any, Dict, Match, Optional, cast

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class Shaper:
    """Writes events as the service gave them, with where they were pulled.

    Keys keep their order, integers their digits, text its letters. What is no
    object is written as it is: there is no place in it for our keys.

    Args:
        pull_name: Value of `@devo_pulling_id`.
        environment: Value of `@devo_environment`, or None to leave it out.
    """

    def __init__(self, pull_name: str, environment: Optional[str]) -> None:
        self._additions: Dict[str, str] = {"@devo_pulling_id": pull_name}
        if environment is not None:
            self._additions["@devo_environment"] = environment

    def shape(self, event: object) -> str:
        """Return one event as one line; a key it already has is never replaced."""
        if isinstance(event, dict):
            fields = cast("Dict[str, Any]", event)
            event = {**fields, **self._additions, **fields}
        text = json.dumps(
            event, ensure_ascii=False, separators=(",", ":"), allow_nan=False
        )
        return _LONE_SURROGATE.sub(_escaped, text)


def _escaped(surrogate: Match[str]) -> str:
    """Write what UTF-8 cannot carry the way JSON can."""
    return f"\\u{ord(surrogate.group()):04x}"
