"""Tells what a file is: by what it says of itself, by its content, by its name.

Only the text is looked at, so that a file with mistakes is still told. A file that
nobody named needs stronger signs: other programs have inputs and outputs, too.
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
    r"(?:(?:^|/)collector[-/](?P<ours>{0})\.schema\.json"
    r"|^(?!https?:)(?:.*/)?(?P<near>{0})\.schema\.json"
    r"|:(?P<named>{0}):1)$".format("config|catalogue|definition")
)
"""Names of our schemas: as they are written and published, or by their `$id`."""
_DIALECT: Final = re.compile(r"https?://json-schema\.org/")
_KEYS_JSON: Final = re.compile(r'"([A-Za-z_$][A-Za-z0-9_$]*)"\s*:')
_TOP_YAML: Final = re.compile(
    r"^[\"']?([A-Za-z_$][A-Za-z0-9_$]*)[\"']?[ \t]*:", re.MULTILINE
)
_FLOW: Final = re.compile(
    r'"(?P<key>(?:[^"\\\n]|\\.)*)"(?P<colon>\s*:)?'
    r"|'[^'\n]*'|(?P<plain>[A-Za-z_$][A-Za-z0-9_$]*)\s*:|[{}\[\]]"
)
_DEFINITION: Final = frozenset({"input", "service", "definition", "like"})
_SIGNS: Final[tuple[tuple[Kind, frozenset[str], int], ...]] = (
    ("catalogue", frozenset({"collector_inputs", "collector_globals"}), 1),
    ("state", frozenset({"format", "generation", "owner", "sha256"}), 4),
    ("config", frozenset({"globals", "outputs", "inputs"}), 2),
    ("definition", _DEFINITION, 2),
    ("schema", frozenset({"$schema", "$id", "$defs"}), 2),
)
"""Kind, keys at the top that tell it, and how many of them there must be."""
_ALSO_IN_DEFINITION: Final = frozenset(
    {
        *("settings_schema", "state_schema", "event_schema", "module_properties"),
        *("retention_in_days", "position_key", "aliases"),
    }
)
_SERVICES: Final = re.compile(r"\bservices[\"']?\s*:")
_OUTPUT_TYPE: Final = re.compile(
    r"\btype[\"']?\s*:\s*[\"']?"
    r"(?:console|stdout|relay|devo_platform|syslog|in_house_relay|sidecar)\b"
)
_STATE_NAME: Final = re.compile(r"(?:[0-9A-Za-z_-]*-)?[0-9a-f]{8}(?:\.prev)?\.json")
"""How the collector calls its states; see the host's `state.generations`."""
_STATE_KEYS: Final = frozenset(
    {"format", "generation", "owner", "saved_at", "state", "sha256"}
)


def kind_of(name: str, text: str, *, named: bool) -> Kind | None:
    """Return what a file is, or None when nothing tells.

    Args:
        name: Its path.
        text: Its text.
        named: Whether the user named this very file, so that its name tells more, and
            less is asked of its content.
    """
    text = text[:_LOOKED_AT]
    return (
        _by_word(text)
        or _by_content(name, text, named=named)
        or _by_name(name, text, named=named)
    )


def _by_word(text: str) -> Kind | None:
    """Look for a modeline, or for `$schema`."""
    for pattern in (_MODELINE, _SCHEMA_KEY):
        match = pattern.search(text)
        own = _OWN.search(match[1]) if match else None
        if own:
            return cast("Kind", own["ours"] or own["near"] or own["named"])
        if match and _DIALECT.match(match[1]):
            return "schema"
    return None


def _by_content(name: str, text: str, *, named: bool) -> Kind | None:
    keys = _top_keys(name, text)
    for kind, signs, least in _SIGNS:
        # A file that is called by its kind needs only one key to be believed.
        needed = 1 if PurePath(name).stem == kind else least
        if len(keys & signs) >= needed and (named or _is_likely(kind, keys, text)):
            return kind
    return None


def _is_likely(kind: Kind, keys: frozenset[str], text: str) -> bool:
    """Tell whether the keys that tell a kind are likely to be ours."""
    if kind == "definition":
        return len(keys & (_DEFINITION | _ALSO_IN_DEFINITION)) > 2  # noqa: PLR2004
    if kind == "config" and "globals" not in keys:
        return bool(
            _SERVICES.search(_below("inputs", text))
            or _OUTPUT_TYPE.search(_below("outputs", text))
        )
    return True


def _below(key: str, text: str) -> str:
    """Return what is below a key at the top; in one that has braces, everything."""
    if text.lstrip().startswith("{"):
        return text
    section = rf"^[\"']?{key}[\"']?[ \t]*:(.*(?:\n(?![\w\"'-]).*)*)"
    found = re.search(section, text, re.MULTILINE)
    return found[1] if found else ""


def _top_keys(name: str, text: str) -> frozenset[str]:
    if not text.lstrip().startswith("{"):
        return frozenset(() if name.endswith(".json") else _TOP_YAML.findall(text))
    if name.endswith(".json"):
        # Most files have none of the keys at all, and this is soon seen.
        signs = frozenset[str]().union(*(each for _, each, _ in _SIGNS), _STATE_KEYS)
        if signs.isdisjoint(_KEYS_JSON.findall(text)):
            return frozenset()
    depth = 0
    keys: set[str] = set()
    for match in _FLOW.finditer(text):
        depth += (match[0] in "{[") - (match[0] in "}]")
        key = match["plain"] or (match["key"] if match["colon"] else None)
        if depth == 1 and key:
            keys.add(key)
    return frozenset(keys)


def _by_name(name: str, text: str, *, named: bool) -> Kind | None:
    path = PurePath(name)
    if path.stem == "collector_definitions":
        return "catalogue"
    if name.endswith(".schema.json"):
        return "schema"
    if _is_state(path, text):
        return "state"
    if not named:
        return None
    if path.parent.name == "definitions":
        return "definition"
    return "config" if path.stem == "config" else None


def _is_state(path: PurePath, text: str) -> bool:
    """Tell a state by two of three: its name, its folder, what is left of it."""
    signs = (
        _STATE_NAME.fullmatch(path.name) is not None,
        path.parent.name == "state" and path.suffix == ".json",
        len(_top_keys(path.name, text) & _STATE_KEYS) > 2,  # noqa: PLR2004
    )
    return sum(signs) > 1
