"""The services of this plugin in a user's configuration, as the rules see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, Iterator, Tuple

if TYPE_CHECKING:
    from collector_lint.document import DataPath, Document
    from collector_lint.target import Target

INPUT = "alibaba"
ACTIONTRAIL = "actiontrail"

CONFIG = """\
globals:
  id: c1
  name: collector
outputs:
  console_1:
    type: console
inputs:
  alibaba:
    id: a1
    credentials: {type: default}
    services:
      actiontrail:
        region: cn-hangzhou
"""
"""What the examples of the rules are made of."""


def services(
    target: Target, name: str
) -> Iterator[Tuple[Document, DataPath, Dict[str, Any]]]:
    """Yield document, path and settings of a service that a configuration names."""
    document = target.document
    if document is None:
        return
    path = ("inputs", INPUT, "services", name)
    if name in document.mapping(path[:-1]):
        yield document, path, dict(document.mapping(path))


def setting(document: Document, path: DataPath, key: str) -> Tuple[DataPath, Any]:
    """Return place and value of a setting: the service's own, or else the input's."""
    own = document.mapping(path)
    if key in own or key not in document.mapping(path[:2]):
        return (*path, key), own.get(key)
    return (*path[:2], key), document.mapping(path[:2]).get(key)


def changed(old: str, new: str) -> Dict[str, str]:
    """Return the example configuration with one part replaced."""
    assert old in CONFIG, old  # noqa: S101  (an example that shows nothing)
    return {"config.yaml": CONFIG.replace(old, new)}
