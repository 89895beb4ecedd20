"""The services of this plugin in a user's configuration, as the rules see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, Iterator, Tuple

if TYPE_CHECKING:
    from collector_lint.document import DataPath, Document
    from collector_lint.target import Target

INPUT = "alibaba"
ACTIONTRAIL = "actiontrail"
LOG_SERVICES = ("actiontrail_log_service", "access_log_service", "db_log_service")
"""The services that read a Log Store."""

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
_OF_ACTIONTRAIL = "actiontrail:\n        region: cn-hangzhou\n"


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


def log_services(target: Target) -> Iterator[Tuple[Document, DataPath, Dict[str, Any]]]:
    """Do what `services` does for every service that reads a Log Store."""
    for name in LOG_SERVICES:
        yield from services(target, name)


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


def log_service(*lines: str) -> Dict[str, str]:
    """Return the example configuration with a Log Store in ActionTrail's place."""
    address = any("endpoint" in line for line in lines)
    given = () if address else ("region: cn-hangzhou",)
    given = (*given, "project: example-project", "logstore: actiontrail_x", *lines)
    text = "".join(f"        {line}\n" for line in given)
    return changed(_OF_ACTIONTRAIL, f"actiontrail_log_service:\n{text}")
