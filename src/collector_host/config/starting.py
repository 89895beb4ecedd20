"""The configuration to start from: one output, the services that are wanted.

Every text in it is out of schemas.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from collector_lint.publishing.nodes import Nodes
from collector_lint.publishing.start import Start

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from collector_lint.publishing.nodes import Node

_HEAD: Final = """\
# yaml-language-server: $schema={schema}
#
# Fill in what is empty and set the environment variables that are named; then see
# what is still missing: collector check --offline
# A line like #key: value shows a setting that may be added, with its default.
"""


def offered_services(schema: Mapping[str, Any]) -> dict[str, str]:
    """Return the input of every service that a whole configuration may have.

    Args:
        schema: The self-contained schema of a user configuration.
    """
    nodes = Nodes(schema)
    found: dict[str, str] = {}
    for name, node in nodes.properties(_child(nodes, nodes.root, "inputs"), {}).items():
        services = nodes.properties(_child(nodes, node, "services"), {})
        for service, about in services.items():
            if not about.get("deprecated"):
                found.setdefault(service, name)
    return found


def output_types(schema: Mapping[str, Any]) -> list[str]:
    """Return the types an output may have."""
    nodes = Nodes(schema)
    output = nodes.child(_child(nodes, nodes.root, "outputs"), "", {})
    return list(nodes.properties(output, {})["type"]["enum"])


def starting_config(
    schema: Mapping[str, Any],
    *,
    services: Sequence[str],
    output_type: str,
    schema_file: str,
    now: datetime | None = None,
) -> str:
    """Return the text of a configuration to start from.

    Args:
        schema: The self-contained schema of a user configuration.
        services: Names of `offered_services`.
        output_type: One of `output_types`.
        schema_file: Where an editor finds the schema, relative to the file.
        now: The current time, UTC. Examples of instants are the beginning of the day
            before; without it those of the schema, which may be too old to be read.
    """
    nodes = Nodes(schema)
    data: dict[str, Any] = {
        "globals": _example(_child(nodes, nodes.root, "globals")),
        "outputs": {f"{output_type}_1": _output(nodes, output_type)},
        "inputs": {},
    }
    kept: set[tuple[str, ...]] = {("outputs", f"{output_type}_1")}
    kept |= {("outputs", f"{output_type}_1", "type")}
    offered = offered_services(schema)
    inputs = _child(nodes, nodes.root, "inputs")
    for service in services:
        name = offered[service]
        node = _child(nodes, inputs, name)
        block = data["inputs"].setdefault(name, {**_example(node), "services": {}})
        about = _child(nodes, _child(nodes, node, "services"), service)
        block["services"][service] = _example(about)
        kept |= {("inputs", name), ("inputs", name, "services", service)}
    day = f"{now - timedelta(days=1):%Y-%m-%d}" if now else ""
    lines = Start(schema, data, kept, f"{day}T00:00:00Z" if day else "").lines()
    return "\n".join([_HEAD.format(schema=schema_file).rstrip(), *lines]) + "\n"


def _child(nodes: Nodes, node: Node, key: str) -> Node:
    return nodes.child(node, key, {})


def _example(node: Node) -> dict[str, Any]:
    example = next(iter(node.get("examples", ())), None)
    return dict(example) if example else {}


def _output(nodes: Nodes, output_type: str) -> dict[str, Any]:
    data = {"type": output_type}
    output = nodes.child(_child(nodes, nodes.root, "outputs"), "", data)
    return {**data, "config": _example(nodes.properties(output, data)["config"])}
