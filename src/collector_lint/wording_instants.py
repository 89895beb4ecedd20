"""What is wrong in a text that should be an instant, without showing the text.

It knows neither files nor schemas.
"""

from __future__ import annotations

import re
from calendar import monthrange
from typing import Final

from collector_lint.odd_characters import oddness

FORM: Final = "YYYY-MM-DDTHH:MM:SSZ"
"""An example that never gets too old."""
_MONTHS: Final = 12
_HOURS: Final = 23
_SIXTY: Final = 59
_PARTS: Final = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)[Tt]"
    r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d).*",
    re.ASCII,
)
_DATE: Final = r"\d{4}-\d\d-\d\d"
_TIME: Final = r"\d\d:\d\d:\d\d(?:\.\d+)?"
_ZONE: Final = r"(?:[Zz]|[+-]\d\d:\d\d)"
_FORMS: Final = (
    (_DATE, "the time of day is missing"),
    (rf"{_DATE}[Tt ]\d\d:\d\d{_ZONE}?", "the seconds are missing"),
    (rf"{_DATE}[ _]+{_TIME}.*", "a T is missing between date and time"),
    (rf"{_DATE}[Tt]{_TIME}", "the time zone is missing: Z for UTC, or +HH:MM"),
    (rf"{_DATE}[Tt]{_TIME} .*", "a blank stands behind the time"),
    (rf"{_DATE}[Tt]{_TIME}[A-Za-z]{{2,}}", "the time zone must be Z or +HH:MM"),
    (rf"{_DATE}[Tt]{_TIME}[+-]\d\d:?\d*", "the time zone must be Z or +HH:MM"),
    (
        rf"{_DATE}[Tt]\d\d:\d\d:\d\d\.\d{{7,}}{_ZONE}",
        "more than six digits of a second",
    ),
    (r"\d{4}-\d\d?-\d\d?(?:\D.*)?", "month, day and hour need two digits each"),
    (r"\d{4}[/.]\d\d?[/.]\d\d?.*", "year, month and day need - between them"),
    (r"\d\d?[/.-]\d\d?[/.-]\d{2,4}.*", "the year must come first, then month and day"),
    (r"\d+(?:\.\d+)?", "a count of seconds is no instant"),
    (r"[A-Za-z ]+", "a word is no instant"),
)


def instant_words(text: str) -> str:
    """Return what keeps a text from being an instant of RFC 3339."""
    if not text:
        return "it is empty"
    if odd := oddness(text):
        return odd
    parts = _PARTS.fullmatch(text)
    if parts is not None and (wrong := _impossible(parts)):
        return wrong
    for form, words in _FORMS:
        if re.fullmatch(form, text, re.ASCII):
            return words
    return "it does not have the form of an instant"


def _impossible(parts: re.Match[str]) -> str:
    year, month, day, hour, minute, second = (int(each) for each in parts.groups())
    if not 1 <= month <= _MONTHS:
        return f"there is no month {month}"
    if year < 1 or not 1 <= day <= monthrange(year, month)[1]:
        return "that month has no such day"
    if hour > _HOURS or max(minute, second) > _SIXTY:
        return "there is no such time of day"
    return ""
