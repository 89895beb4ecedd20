"""What most likely is wrong where a YAML parser gave up, in an operator's words.

A parser says where it could not go on, which is often far behind the mistake. The
patterns below know the common ones; each says only what is sure, and where none fits,
the parser's own words are given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from collector_lint.diagnosis import (
    brackets,
    characters,
    indentation,
    keys,
    quotes,
    words,
)
from collector_lint.diagnosis.trouble import Diagnosis

if TYPE_CHECKING:
    from collections.abc import Callable

    from collector_lint.diagnosis.trouble import Trouble

PATTERNS: Final[tuple[Callable[[Trouble], Diagnosis | None], ...]] = (
    characters.line_end_of_yaml,
    characters.fence,
    characters.conflict,
    quotes.not_closed,
    quotes.escape,
    brackets.reference,
    characters.odd_blank_in_indentation,
    brackets.not_closed,
    brackets.wrong_pair,
    characters.template,
    characters.never_first,
    quotes.text_behind,
    brackets.still_open,
    brackets.comma,
    brackets.text_behind,
    keys.below_block,
    keys.nothing_before_colon,
    keys.second_colon,
    keys.no_key,
    indentation.mixed,
    indentation.fits_no_level,
    indentation.before_the_first,
    words.known,
)
"""Tried in turn; a pattern that is surer comes first."""

_FALLBACK: Final = "look at this line and the one above: indentation, colons, quotes"


def diagnose(trouble: Trouble) -> Diagnosis:
    """Return what is wrong, and where."""
    for pattern in PATTERNS:
        found = pattern(trouble)
        if found is not None:
            return found
    context = f" {trouble.context}" if trouble.context else ""
    message = f"not YAML: {trouble.problem}{context}"
    return Diagnosis(trouble.at, message, _FALLBACK)
