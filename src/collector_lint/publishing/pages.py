"""Reference pages in Markdown, one for each schema, out of nothing but the schemas.

A page has a table for each mapping: keys, kinds of values, defaults, ranges, meaning.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

import yaml

from collector_lint.publishing.cells import NOTICE, cell, meaning, rules
from collector_lint.publishing.words import range_words, type_words, value_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from collector_lint.publishing.nodes import Node

INDEX: Final = "README.md"
_HEAD: Final = ("| Key | Kind | Default | Allowed | Meaning |", "|---|---|---|---|---|")


class _Place(NamedTuple):
    """A part of a schema: which one, and the names that lead there."""

    schema_id: str
    node: Node


def pages(ids: Mapping[str, str], contents: Mapping[str, Node]) -> dict[str, str]:
    """Return the text of every page by the name of its file.

    Args:
        ids: `$id` of each schema by its short name, which becomes the page's.
        contents: Every schema by `$id`.
    """
    names = {schema_id: name for name, schema_id in ids.items()}
    found = {
        f"{name}.md": _Page(schema_id, names, contents).text()
        for name, schema_id in ids.items()
    }
    return {INDEX: _index(ids, contents), **found}


def _index(ids: Mapping[str, str], contents: Mapping[str, Node]) -> str:
    rows = [
        f"| [{name}]({name}.md) | {cell(contents[schema_id].get('description', ''))} |"
        for name, schema_id in ids.items()
    ]
    head = ["# Reference", NOTICE, "| Schema | What it describes |\n|---|---|"]
    return "\n\n".join(head) + "\n" + "\n".join(rows) + "\n"


class _Page:
    def __init__(
        self, schema_id: str, names: Mapping[str, str], contents: Mapping[str, Node]
    ) -> None:
        self._schema_id = schema_id
        self._names = names
        self._contents = contents
        self._sections: dict[str, Node] = {}

    def text(self) -> str:
        root = self._contents[self._schema_id]
        head = [f"# {root.get('title', self._names[self._schema_id])}", NOTICE]
        head += [root.get("description", ""), f"Its `$id` is `{self._schema_id}`."]
        if "$ref" in root:
            link = self._link(self._follow(self._schema_id, root["$ref"]))
            head.append(f"Its keys are those of {link}.")
        parts = [part for part in head if part]
        parts += self._mapping(root, "")
        done: set[str] = set()
        while waiting := [name for name in self._sections if name not in done]:
            done.add(waiting[0])
            node = self._sections[waiting[0]]
            parts += [f"## {waiting[0]}", node.get("description", "")]
            parts += self._mapping(node, waiting[0])
        for example in root.get("examples", ())[:1]:
            text = yaml.safe_dump(example, sort_keys=False, width=80)
            parts += ["## Example", f"```yaml\n{text}```"]
        return "\n\n".join(part for part in parts if part) + "\n"

    def _mapping(self, node: Node, name: str) -> Iterator[str]:
        above = f"{name}." if name else ""
        rows = [
            self._row(key, each, f"{above}{key}", is_needed=key in _required(node))
            for key, each in node.get("properties", {}).items()
        ]
        other = node.get("additionalProperties")
        if isinstance(other, dict):
            rows.append(self._row("", cast("Node", other), f"{above}*"))
        if rows:
            yield "\n".join([*_HEAD, *rows])
        found = list(rules(node))
        if found:
            yield "\n".join(f"- {cell(rule)}" for rule in found)
        for part in _branches(node):
            for key, each in part.get("properties", {}).items():
                if isinstance(each, dict) and "$ref" in each:
                    self._place(cast("Node", each), f"{above}{key}")

    def _row(self, key: str, node: Node, name: str, *, is_needed: bool = False) -> str:
        place = self._place(node, name)
        whole = {**place.node, **node}
        kind = self._kind(whole, place, name)
        default = f"`{value_text(whole['default'])}`" if "default" in whole else ""
        limits = [*range_words(whole), *_form(whole)]
        shown = f"`{key}`" if key else "any name"
        cells = (
            f"{shown}{' (needed)' if is_needed else ''}",
            kind,
            default,
            ", ".join(limits),
            meaning(whole),
        )
        return f"| {' | '.join(map(cell, cells))} |"

    def _kind(self, node: Node, place: _Place, name: str) -> str:
        inner = node.get("items")
        if isinstance(inner, dict):
            return f"list of {self._kind_of(cast('Node', inner), name)}"
        if "type" not in node and (forms := node.get("anyOf") or node.get("oneOf")):
            kinds = [self._kind_of(cast("Node", form), name) for form in forms]
            return " or ".join(dict.fromkeys(kinds))
        if _has_keys(place.node):
            return self._link_to(place, name, type_words(node))
        return type_words(node)

    def _kind_of(self, node: Node, name: str) -> str:
        place = self._place(node, name)
        return self._kind(place.node, place, name)

    def _place(self, node: Node, name: str) -> _Place:
        """Follow a reference; what has keys becomes a section of its own."""
        place = _Place(self._schema_id, node)
        if "$ref" in node:
            place = self._follow(self._schema_id, node["$ref"])
            name = node["$ref"].rpartition("/")[2]
        if place.schema_id == self._schema_id and _has_keys(place.node):
            self._sections.setdefault(name, place.node)
        return place

    def _follow(self, base: str, reference: str) -> _Place:
        target, _, pointer = reference.partition("#")
        node: Any = self._contents[target or base]
        for step in pointer.split("/")[1:]:
            node = node[step]
        if "$ref" in node and not pointer:
            return _Place(target or base, node)
        if "$ref" in node:
            return self._follow(target or base, node["$ref"])
        return _Place(target or base, node)

    def _link(self, place: _Place) -> str:
        name = self._names[place.schema_id]
        return f"[{name}]({name}.md)"

    def _link_to(self, place: _Place, name: str, words: str) -> str:
        if place.schema_id != self._schema_id:
            page = self._names[place.schema_id]
            found = _name_of(self._contents[place.schema_id], place.node)
            return f"[{words}]({page}.md{f'#{_anchor(found)}' if found else ''})"
        heading = next(
            (key for key, node in self._sections.items() if node is place.node), name
        )
        return f"[{words}](#{_anchor(heading)})"


def _name_of(root: Node, node: Node) -> str:
    definitions = cast("dict[str, Node]", root.get("$defs", {}))
    return next((name for name, each in definitions.items() if each is node), "")


def _has_keys(node: Node) -> bool:
    return "properties" in node or isinstance(node.get("additionalProperties"), dict)


def _required(node: Node) -> list[str]:
    return list(node.get("required", ()))


def _branches(node: Node) -> Iterator[Node]:
    for part in (node, *node.get("allOf", ())):
        for key in ("then", "else"):
            if key in part:
                yield part[key]


def _form(node: Node) -> list[str]:
    return [f"of the form `{node['pattern']}`"] if "pattern" in node else []


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
