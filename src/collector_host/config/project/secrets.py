"""Which values of a project's configuration are secrets.

A project names them in `config_obfuscation`; usual names of secrets are added, because
what was forgotten there must not reach a log either.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, cast

from collector_lint.document import leaves, texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from collector_host.config.catalogue import Catalogue
    from collector_lint.document import DataPath

_SECRET: Final = re.compile(
    "pass(word|wd|phrase)|secret|token|api_?key|private_?key|access_?key"
    "|authorization|connection_?string",
    re.IGNORECASE,
)
_ABOUT_A_SECRET: Final = re.compile(
    "time|url|uri|endpoint|expir|ttl|lifetime|path|file|type|field|header|interval",
    re.IGNORECASE,
)

_IDENTITY: Final = re.compile(
    "user|login|mail|name|tenant|account|domain|region|host|project|scope|id$",
    re.IGNORECASE,
)
_CREDENTIALS: Final = "credentials"


def looks_secret(key: str) -> bool:
    """Tell whether a key of this name usually holds a secret."""
    return bool(_SECRET.search(key)) and not _ABOUT_A_SECRET.search(key)


def is_secret(path: DataPath) -> bool:
    """Tell whether a place of a configuration usually holds a secret.

    Below `credentials` that is every place whose name does not say otherwise: a
    password under a misspelt key is a password.
    """
    keys = [str(key) for key in path]
    if any(map(looks_secret, keys)):
        return True
    return _CREDENTIALS in keys[:-1] and not (
        _ABOUT_A_SECRET.search(keys[-1]) or _IDENTITY.search(keys[-1])
    )


def secret_values(catalogue: Catalogue, data: dict[str, Any]) -> frozenset[str]:
    """Return every value that must never be shown.

    Args:
        catalogue: Has the project's `config_obfuscation`.
        data: The user's whole configuration.
    """
    found: set[str] = set()
    for entry in obfuscation_entries(catalogue):
        # A pattern hides a part of a text that is otherwise no secret.
        place = place_of(entry)
        if place and not entry.get("string_patterns"):
            for value in _at(data, place):
                found.update(texts(value))
    for path, value in leaves(data):
        if isinstance(value, str) and is_secret(path):
            found.add(value)
    return frozenset(found - {""})


def obfuscation_entries(catalogue: Catalogue) -> list[dict[str, Any]]:
    """Return every entry of every `config_obfuscation`."""
    entries: list[Any] = []
    for definition in catalogue.inputs.values():
        given = _block(definition.definition).get("key_value_entries")
        entries += cast("list[Any]", given) if isinstance(given, list) else []
    return [cast("dict[str, Any]", one) for one in entries if isinstance(one, dict)]


def place_of(entry: dict[str, Any]) -> list[str]:
    """Return the path of an entry, from the root of the configuration.

    It is empty where the entry has none; what that leaves unmasked was warned of.
    """
    name = entry.get("name")
    parts = cast("list[object]", name) if isinstance(name, list) else []
    return [name] if isinstance(name, str) else [str(part) for part in parts]


def mask_values(catalogue: Catalogue) -> dict[str, Any]:
    """Return the masks by type of value that the project sets, the first one wins."""
    masks: dict[str, Any] = {}
    for definition in catalogue.inputs.values():
        given = _block(definition.definition).get("mask_values")
        if isinstance(given, dict):
            masks = {**cast("dict[str, Any]", given), **masks}
    return {key: value for key, value in masks.items() if value is not None}


def _block(definition: dict[str, Any]) -> dict[str, Any]:
    block = definition.get("config_obfuscation")
    return cast("dict[str, Any]", block) if isinstance(block, dict) else {}


def _at(value: object, path: Sequence[str]) -> Iterator[object]:
    """Yield every value that a path with wildcards leads to."""
    if not path:
        yield value
        return
    children: dict[object, object] = {}
    if isinstance(value, dict):
        children = cast("dict[object, object]", value)
    elif isinstance(value, list):
        children = dict(enumerate(cast("list[object]", value)))
    for key, child in children.items():
        if path[0] in {"*", str(key)}:
            yield from _at(child, path[1:])
