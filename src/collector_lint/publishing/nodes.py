"""Looks at a self-contained schema as people read it: by keys, references followed.

It knows no schema by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, cast

from collector_lint.schema.engine import Engine

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Node: TypeAlias = dict[str, Any]

_PART = "urn:part"


class Nodes:
    """The parts of one schema.

    Args:
        root: A schema whose references all stay inside it.
    """

    def __init__(self, root: Mapping[str, Any]) -> None:
        self._root = root

    @property
    def root(self) -> Node:
        """The whole, without what only its references lead to."""
        return self.resolved(dict(self._root))

    def resolved(self, node: Node) -> Node:
        """Return a part with what it refers to; what stands beside a `$ref` wins."""
        reference = node.get("$ref")
        if not isinstance(reference, str):
            return node
        target: Any = self._root
        for step in reference.split("/")[1:]:
            target = target[step]
        own = {key: value for key, value in node.items() if key != "$ref"}
        return {**self.resolved(cast("Node", target)), **own}

    def properties(self, node: Node, data: object) -> dict[str, Node]:
        """Return the keys of a mapping, as the rules that hold for `data` have them."""
        found: dict[str, Node] = {}
        for part in self._parts(self.resolved(node), data):
            for key, each in part.get("properties", {}).items():
                if each is False:
                    found.pop(key, None)
                elif isinstance(each, dict):
                    more = self.resolved(cast("Node", each))
                    found[key] = {**found.get(key, {}), **more}
        return found

    def child(self, node: Node, key: str, data: object) -> Node:
        """Return what a mapping says of one key, listed or not."""
        listed = self.properties(node, data)
        if key in listed:
            return listed[key]
        other = self.resolved(node).get("additionalProperties")
        return self.resolved(cast("Node", other)) if isinstance(other, dict) else {}

    def _parts(self, node: Node, data: object) -> Iterator[Node]:
        yield node
        for part in node.get("allOf", ()):
            yield from self._parts(self.resolved(part), data)
        if "if" in node:
            name = "then" if self._accepts(node["if"], data) else "else"
            yield from self._parts(self.resolved(node.get(name, {})), data)

    def _accepts(self, part: Node, data: object) -> bool:
        definitions = self._root.get("$defs", {})
        engine = Engine({_PART: {**part, "$defs": definitions}})
        return not engine.violations(_PART, data)
