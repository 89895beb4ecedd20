"""Keys and fault kinds in the documentation are those of schemas and emulators."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from collector_emulators.actiontrail.fault_kinds import FAULT_KINDS
from collector_emulators.relay.faults import Action, Moment
from docs.pages import ROOT, code_words, first_words, page, rows, section

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CONFIGURATION = page("docs/configuration.md")
EMULATORS = page("docs/emulators.md")
_GENERAL = json.loads((ROOT / "schemas/collector/config.schema.json").read_text())
_PLUGIN = ROOT / "schemas" / "alibaba_cloud"

BLOCKS = {
    "globals": _GENERAL["$defs"]["globals"],
    "config of devo_platform": _GENERAL["$defs"]["devo_platform"],
    "config of syslog": _GENERAL["$defs"]["syslog"],
    "config of console": _GENERAL["$defs"]["console"],
    "delivery": _GENERAL["$defs"]["delivery"],
    "inputs.alibaba": json.loads((_PLUGIN / "input.schema.json").read_text()),
    "inputs.alibaba.services.actiontrail": json.loads(
        (_PLUGIN / "service.actiontrail.schema.json").read_text()
    ),
    "inputs.alibaba.services.actiontrail_log_service": json.loads(
        (_PLUGIN / "service.actiontrail_log_service.schema.json").read_text()
    ),
}

_WHOLE = {"shard_group"}
"""Keys whose own keys are described in the same row."""


def _keys(schema: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every key that has no keys of its own, with its schema."""
    for key, inner in schema["properties"].items():
        if "properties" in inner and key not in _WHOLE:
            yield from _keys(inner, f"{above}{key}.")
        else:
            yield f"{above}{key}", inner


@pytest.mark.parametrize("heading", BLOCKS)
def test_keys_are_those_of_the_schema(heading: str) -> None:
    """Each key has a row; one without effect is at least named."""
    text = section(CONFIGURATION, heading)
    keys = dict(_keys(BLOCKS[heading]))

    listed = first_words(text)

    assert len(listed) == len(set(listed))
    assert set(listed) <= set(keys)
    assert set(keys) <= {*listed, *code_words(text)}
    working = {key for key, inner in keys.items() if not inner.get("deprecated")}
    assert working <= set(listed)


@pytest.mark.parametrize("heading", BLOCKS)
def test_defaults_are_those_of_the_schema(heading: str) -> None:
    """A default in a row is the schema's."""
    keys = dict(_keys(BLOCKS[heading]))

    for row in rows(section(CONFIGURATION, heading)):
        schema = keys[row[0].strip("`")]
        if "default" in schema:
            default = schema["default"]
            if isinstance(default, dict):
                # As people write it in YAML, without quotes.
                assert yaml.safe_load(row[2].strip("`")) == default, row[0]
                continue
            text = default if isinstance(default, str) else json.dumps(default)
            assert row[2] == f"`{text}`", row[0]


def test_keys_of_an_output_are_those_of_the_schema() -> None:
    """The keys beside `config` and `delivery` have a row."""
    keys = set(_GENERAL["$defs"]["output"]["properties"]) - {"config", "delivery"}

    assert set(first_words(section(CONFIGURATION, "outputs"))) == keys


def test_fault_kinds_of_actiontrail_are_listed() -> None:
    """Each kind of fault has a place in the table."""
    listed = first_words(section(EMULATORS, "Its control door"))

    assert {word for word in listed if " " not in word} == FAULT_KINDS


def test_faults_of_the_relay_are_listed() -> None:
    """Each action has a place in the table, each moment in the text."""
    text = section(EMULATORS, "The relay: `collector emulate relay`")

    assert set(Action) <= set(first_words(text))
    assert set(Moment) <= set(code_words(text))
