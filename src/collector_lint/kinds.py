"""Tells what a file is: by what it says of itself, by its content, by its name.

Only the text is looked at, so that a file with mistakes is still told.
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from collector_lint.rule import Kind

_LOOKED_AT: Final = 64 * 1024
_MODELINE: Final = re.compile(
    r"^#\s*yaml-language-server:\s*\$schema=(\S+)", re.MULTILINE
)
_SCHEMA_KEY: Final = re.compile(
    r'^\s*\{?\s*"?\$schema"?\s*:\s*["\']?([^"\'\s,]+)', re.MULTILINE
)
_OWN: Final = re.compile(
    r"(?:^|[/:])(config|catalogue|definition)(?:\.schema\.json|:1)"
)
_DIALECT: Final = re.compile(r"https?://json-schema\.org/")
_KEY: Final = re.compile(
    r'(?:^|[{,]\s*)"?([A-Za-z_$][A-Za-z0-9_$]*)"?\s*:', re.MULTILINE
)
_TOP_JSON: Final = re.compile(r'"([A-Za-z_$][A-Za-z0-9_$]*)"\s*:')
_TOP_YAML: Final = re.compile(
    r"^[\"']?([A-Za-z_$][A-Za-z0-9_$]*)[\"']?[ \t]*:", re.MULTILINE
)
_SIGNS: Final[tuple[tuple[Kind, frozenset[str], int], ...]] = (
    ("catalogue", frozenset({"collector_inputs", "collector_globals"}), 1),
    ("state", frozenset({"format", "generation", "owner", "sha256"}), 4),
    ("config", frozenset({"globals", "outputs", "inputs"}), 2),
    ("definition", frozenset({"input", "service", "definition", "like"}), 2),
    ("schema", frozenset({"$schema", "$id", "$defs"}), 2),
)
"""Kind, keys at the top that tell it, and how many of them there must be."""


def kind_of(name: str, text: str, *, named: bool) -> Kind | None:
    """Return what a file is, or None when nothing tells.

    Args:
        name: Its path.
        text: Its text.
        named: Whether the user named this very file, so that its name tells more.
    """
    text = text[:_LOOKED_AT]
    return _by_word(text) or _by_content(name, text) or _by_name(name, named=named)


def _by_word(text: str) -> Kind | None:
    """Look for a modeline, or for `$schema`."""
    for pattern in (_MODELINE, _SCHEMA_KEY):
        match = pattern.search(text)
        own = _OWN.search(match[1]) if match else None
        if own:
            return cast("Kind", own[1])
        if match and _DIALECT.match(match[1]):
            return "schema"
    return None


def _by_content(name: str, text: str) -> Kind | None:
    keys = set((_TOP_JSON if name.endswith(".json") else _TOP_YAML).findall(text))
    if text.lstrip().startswith("{"):
        keys |= set(_KEY.findall(text))
    for kind, signs, least in _SIGNS:
        # A file that is called by its kind needs only one key to be believed.
        needed = 1 if PurePath(name).stem == kind else least
        if len(keys & signs) >= needed:
            return kind
    return None


def _by_name(name: str, *, named: bool) -> Kind | None:
    path = PurePath(name)
    if path.stem == "collector_definitions":
        return "catalogue"
    if name.endswith(".schema.json"):
        return "schema"
    if not named:
        return None
    if path.parent.name == "definitions":
        return "definition"
    return "config" if path.stem == "config" else None
