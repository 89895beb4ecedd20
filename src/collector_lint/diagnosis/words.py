"""What a parser says shortly, said in full: where its words are all that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from collector_lint.diagnosis.trouble import Diagnosis

if TYPE_CHECKING:
    from collector_lint.diagnosis.trouble import Trouble

_QUOTE_OR: Final = "a text that starts with {} must be in quotes"
_KNOWN: Final = (
    (
        "unexpected ':'",
        "a colon ends an entry",
        "remove it, or write the entry in quotes",
    ),
    ("duplicate anchor", "the anchor is set twice", _QUOTE_OR.format("&")),
    ("tag handle", "the type tag is not known", _QUOTE_OR.format("!")),
    ("tag", "not a type tag", _QUOTE_OR.format("!")),
    ("directive", "a line that starts with % is a directive", "remove the line"),
    ("incompatible YAML", "not a version of YAML known here", "remove the line"),
    (
        "document start",
        "the document ended above this line",
        "remove lines that hold only ... or ---",
    ),
    (
        "block scalar",
        "| or > begins a text of several lines",
        "write nothing behind it in its line; other texts that start so need quotes",
    ),
)


def known(trouble: Trouble) -> Diagnosis | None:
    """The parser's words are known, but not clear."""
    said = f"{trouble.problem} {trouble.context}"
    for part, message, hint in _KNOWN:
        if part in said:
            return Diagnosis(trouble.at, message, hint)
    return None
