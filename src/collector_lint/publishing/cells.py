"""Texts in the cells and lists of reference pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from collector_lint.publishing.words import value_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.publishing.nodes import Node

NOTICE: Final = (
    "This page is made from the schemas by `make docs`;"
    " what is wrong here is wrong in a schema."
)
_EXAMPLES: Final = 2


def cell(text: str) -> str:
    """Return a text that stays within its cell, and as it is."""
    parts = text.replace("\n", " ").replace("|", "\\|").split("`")
    # Every second part is code; in the others __name__ would become bold.
    parts[::2] = [part.replace("__", "\\_\\_") for part in parts[::2]]
    return "`".join(parts)


def meaning(node: Node) -> str:
    """Return what a setting means, with examples and what else is to be known."""
    parts = [str(node.get("description", ""))]
    if node.get("deprecated") and "no effect" not in parts[0]:
        parts.append("It has no effect.")
    if node.get("writeOnly"):
        parts.append("It is a secret.")
    default = node.get("default")
    examples = [each for each in node.get("examples", ()) if each != default]
    if examples:
        shown = [f"`{value_text(each)}`" for each in examples[:_EXAMPLES]]
        parts.append(f"For example {' or '.join(shown)}.")
    return " ".join(parts)


def rules(node: Node) -> Iterator[str]:
    """Yield what is said of keys that depend on one another."""
    for group, words in (("oneOf", "Exactly one"), ("anyOf", "At least one")):
        if group in node and "properties" not in node.get("items", {}):
            described = [each.get("description", "") for each in node[group]]
            if all(described):
                yield f"{words} of these: {' '.join(described)}"
    for part in node.get("allOf", ()):
        yield from rules(part)
    for key in ("then", "else"):
        if key in node:
            yield from (text for text in [node[key].get("description")] if text)
            yield from rules(node[key])
