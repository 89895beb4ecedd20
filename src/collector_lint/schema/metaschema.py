"""The schema of schemas, as a plain function: most schemas are right.

It asks what `jsonschema.Draft202012Validator.check_schema` asks.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urljoin

from jsonschema import Draft202012Validator
from jsonschema_specifications import REGISTRY

from collector_lint.schema.predicates import Predicates

if TYPE_CHECKING:
    from collector_lint.schema.rules import Predicate

_ID: Final = "https://json-schema.org/draft/2020-12/schema"
_DRAFT: Final = "https://json-schema.org/draft/2020-12/"


def is_surely_schema(schema: object) -> bool:
    """Return True for a schema of draft 2020-12; False also where it is not certain."""
    return _metaschemas().is_surely_valid(_ID, schema)


@cache
def _metaschemas() -> Predicates:
    found = {uri: REGISTRY[uri].contents for uri in REGISTRY if uri.startswith(_DRAFT)}
    return Predicates(
        {uri: _plain(schema, uri) for uri, schema in found.items()},
        {"format": _format},
    )


def _plain(node: Any, base: str) -> Any:
    """Return a part whose references are absolute and static.

    Seen from the whole, every dynamic one leads back to the whole.
    """
    if isinstance(node, list):
        return [_plain(each, base) for each in cast("list[Any]", node)]
    if not isinstance(node, dict):
        return node
    part = {k: _plain(v, base) for k, v in cast("dict[str, Any]", node).items()}
    reference = part.get("$ref")
    if isinstance(reference, str) and not reference.startswith("#"):
        part["$ref"] = urljoin(base, reference)
    # `$dynamicRef` is also the name of a key that a schema may have.
    if isinstance(part.get("$dynamicRef"), str):
        del part["$dynamicRef"]
        part["$ref"] = _ID
    return part


def _format(name: Any, _schema: Any, _inner: Any) -> Predicate:
    checker = Draft202012Validator.FORMAT_CHECKER
    return lambda value: checker.conforms(value, name)
