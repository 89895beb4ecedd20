"""One message on its way to a table of Devo."""

from __future__ import annotations

from datetime import UTC, datetime

MAXIMUM_TAG_LENGTH = 1024
"""Characters a tag may have. Source: public contract of the SDK."""

_SECONDS_DIGITS = 10
_INTERNAL_PREFIX = "devo.collectors.out"


def format_timestamp(moment: datetime | str | float) -> str:
    """Write a moment as `YYYY-MM-DD HH:MM:SS.mmm`, UTC.

    Args:
        moment: A datetime (naive means UTC), seconds since the epoch (an int of
            more than ten digits means milliseconds), or a text, kept as it is.

    Raises:
        TypeError: Any other type.
    """
    match moment:
        case str():
            return moment
        case bool():
            pass
        case datetime():
            aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            utc = aware.astimezone(UTC)
            return f"{utc:%Y-%m-%d %H:%M:%S}.{utc.microsecond // 1000:03d}"
        case int() if len(str(abs(moment))) > _SECONDS_DIGITS:
            return format_timestamp(moment / 1000)
        case int() | float():
            return format_timestamp(datetime.fromtimestamp(moment, UTC))
    kind = type(moment).__name__
    message = f"a message date is a datetime, text or number, not {kind}"
    raise TypeError(message)


def check_tag(tag: str) -> None:
    """Refuse what can be no table, whatever its receiver.

    Raises:
        TypeError: The tag is not text.
        ValueError: It is empty or too long.
    """
    _check_text("tag", tag)
    if not 0 < len(tag) <= MAXIMUM_TAG_LENGTH:
        message = f"a tag has 1 to {MAXIMUM_TAG_LENGTH} characters"
        raise ValueError(message)


class Message:
    """A text for one table.

    Args:
        message_timestamp: See `format_timestamp`.
        message_tag: Table, at most 1,024 characters.
        message_content: The text; one line is one event.
        output_target: Kept for compatibility; every output gets every message.
        is_internal: Whether it is the collector's own telemetry; by default told
            from the tag.

    Raises:
        TypeError: The tag or the content is not text, or the date has no meaning.
        ValueError: The tag is empty or too long.
    """

    __slots__ = ("content", "is_internal", "output_target", "tag", "timestamp")

    def __init__(
        self,
        message_timestamp: datetime | str | float,
        message_tag: str,
        message_content: str,
        output_target: str | None = None,
        is_internal: bool | None = None,
    ) -> None:
        check_tag(message_tag)
        _check_text("content", message_content)
        self.timestamp = format_timestamp(message_timestamp)
        self.tag = message_tag
        self.content = message_content
        self.output_target = output_target
        self.is_internal = (
            message_tag.startswith(_INTERNAL_PREFIX)
            if is_internal is None
            else is_internal
        )

    def __repr__(self) -> str:
        return f"Message({self.timestamp!r}, {self.tag!r}, {len(self.content)} chars)"


def _check_text(what: str, value: object) -> None:
    if not isinstance(value, str):
        message = f"a message's {what} is text, not {type(value).__name__}"
        raise TypeError(message)
