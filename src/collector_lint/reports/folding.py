"""Breaks lines for a terminal at blanks, so that it does not break words itself."""

from __future__ import annotations

import textwrap


def folded(head: str, text: str, indent: int, columns: int | None) -> str:
    """Return a text as lines, without the end of the last one.

    Args:
        head: What stands before it in its first line.
        text: The text.
        indent: How many blanks its other lines begin with.
        columns: How wide a line may be; None for one line, as in a pipe.
    """
    if columns is None or len(head) + len(text) <= columns:
        return text
    # The head is a word that cannot be broken, and is taken away again.
    lines = textwrap.wrap(
        f"{'x' * len(head)}{text}",
        columns,
        subsequent_indent=" " * (indent if 2 * indent < columns else 2),
        expand_tabs=False,
        replace_whitespace=False,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines)[len(head) :]
