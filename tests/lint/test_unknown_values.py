"""A reference that cannot be resolved hides no mistake beside it, and makes none up."""

from __future__ import annotations

import copy
import json
import pickle
from typing import TYPE_CHECKING, Any

import pytest

from collector_host.config.errors import ConfigFindingsError
from collector_host.config.loading import load
from collector_host.plugins.manager import Plugins
from collector_lint.document import UNKNOWN
from collector_lint.loader import parse
from collector_lint.references import resolve
from collector_lint.schemas import load_schemas
from support.linting import run_lint, write_files

if TYPE_CHECKING:
    from pathlib import Path

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
    credentials:
      access_key_id: key
      access_key_secret: "${NOBODY_SETS}"
    services:
      actiontrail:
        region: cn-hangzhou
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _lint(old: str, new: str, folder: Path) -> list[tuple[str, str]]:
    assert old in CONFIG
    write_files(folder, {"config.yaml": CONFIG.replace(old, new)})
    found = json.loads(run_lint("config.yaml", "--format", "json").out)["findings"]
    return [(each["code"], each["message"]) for each in found]


@pytest.mark.parametrize(
    ("old", "new", "unknown"),
    [
        (
            "access_key_secret",
            "access_key_secert",
            "unknown key access_key_secert; did you mean access_key_secret?",
        ),
        (
            "region: cn-hangzhou",
            'region: x\n        regoins: "${file:/x}"',
            "unknown key regoins; did you mean regions?",
        ),
        (
            "    id: a1",
            '    id: a1\n    environmentt: "${NOBODY_SETS}"',
            "unknown key environmentt; did you mean environment?",
        ),
    ],
)
def test_unknown_key_is_found_whatever_its_value_is(
    tmp_path: Path, old: str, new: str, unknown: str
) -> None:
    """A key is wrong though nobody knows what a variable holds that is not set."""
    assert ("ST101", unknown) in _lint(old, new, tmp_path)


def test_check_before_a_start_finds_the_key_as_well(tmp_path: Path) -> None:
    """It says of the reference what it always said, and of the key, too."""
    write_files(
        tmp_path, {"config.yaml": CONFIG.replace("access_key_secret", "acces_key")}
    )
    plugins = Plugins.installed()

    with pytest.raises(ConfigFindingsError) as caught:
        load(
            tmp_path / "config.yaml",
            definitions=plugins.definitions,
            schemas=plugins.schemas,
            secrets=(),
            environment={},
        )

    codes = [finding.code for finding in caught.value.findings]
    assert codes == ["ST102", "ST101", "RF102"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("type: console", "type: console\n    enabled: ${NOBODY_SETS}"),
        ("type: console", "type: console\n    required: ${NOBODY_SETS}"),
        ("type: console", "type: ${NOBODY_SETS}"),
        (
            "type: console",
            """type: syslog
    senders: ${NOBODY_SETS}
    config: {address: 127.0.0.1, port: 514, concurrent_connections: 3}""",
        ),
        ("    id: a1", "    id: a1\n    enabled: ${NOBODY_SETS}"),
        ("region:", "enabled: ${NOBODY_SETS}\n        region:"),
        ("region:", "types: ${NOBODY_SETS}\n        region:"),
        ("region: cn-hangzhou", 'regions: ["${NOBODY_SETS}", "${NOBODY_SETS}"]'),
        ("access_key_id: key", 'type: "${NOBODY_SETS}"'),
        ("access_key_id: key\n      access_key_secret:", "type:"),
        ("access_key_id: key\n      access_key_secret:", "path: x\n      type:"),
    ],
)
def test_nothing_is_concluded_from_a_value_that_nobody_knows(
    tmp_path: Path, old: str, new: str
) -> None:
    """Neither that all is switched off nor which alternative was meant."""
    assert _lint(old, new, tmp_path) == []


def test_value_of_the_wrong_type_is_one_finding(tmp_path: Path) -> None:
    """That nothing would be delivered does not follow from it."""
    found = _lint("type: console", 'type: console\n    enabled: "false"', tmp_path)

    assert [code for code, _ in found] == ["ST103"]


def test_instant_of_the_wrong_form_is_one_finding(tmp_path: Path) -> None:
    """How long ago it is does not matter as long as nobody can read it."""
    start = 'region: cn-hangzhou\n        initial_start_time_in_utc: "2020-01-05 00:00"'

    found = _lint("region: cn-hangzhou", start, tmp_path)

    assert [code for code, _ in found] == ["ST106"]


ROUND = {"kind": {"const": "round"}, "radius": {}}
SQUARE = {"kind": {"enum": ["square"]}, "side": {}}
SHAPES = [
    {"additionalProperties": False, "required": ["kind"], "properties": each}
    for each in (ROUND, SQUARE)
]


@pytest.mark.parametrize(
    ("schema", "data", "expected"),
    [
        ({"oneOf": SHAPES}, {"kind": "${X}"}, []),
        ({"oneOf": SHAPES}, {"kind": "${X}", "side": 1}, []),
        ({"oneOf": SHAPES}, {"kind": "${X}", "sied": 1}, ["$.sied"]),
        ({"anyOf": SHAPES}, {"kind": "${X}", "sied": 1}, ["$.sied"]),
        ({"oneOf": SHAPES}, {"kind": "${X}", "side": 1, "radius": 1}, []),
        ({"oneOf": [{}, {}, SHAPES[0]]}, {"kind": "${X}"}, ["$"]),
        ({"not": SHAPES[0]}, {"kind": "${X}"}, []),
        ({"not": {"required": ["a"]}}, {"a": "${X}"}, ["$"]),
        (
            {
                "if": {"properties": {"a": {"pattern": "^x"}}},
                "then": {"required": ["b", "c"]},
                "else": {"required": ["b", "c"]},
            },
            {"a": "${X}"},
            ["$", "$"],
        ),
        (
            {
                "if": {"properties": {"a": {"pattern": "^x"}}},
                "then": {"required": ["b"]},
            },
            {"a": "${X}"},
            [],
        ),
        (
            {"if": {"required": ["a"]}, "then": {"required": ["b"]}},
            {"a": "${X}"},
            ["$"],
        ),
        ({"properties": {"a": False}}, {"a": "${X}"}, ["$.a"]),
        ({"properties": {"a": {"const": [1]}}}, {"a": ["${X}"]}, []),
        ({"properties": {"a": {"uniqueItems": True}}}, {"a": ["${X}", "${X}"]}, []),
        ({"properties": {"a": {"minItems": 2}}}, {"a": ["${X}"]}, ["$.a"]),
        ({"properties": {"a": {"type": "integer", "minimum": 5}}}, {"a": "${X}"}, []),
        ({"required": ["b"]}, {"a": "${X}"}, ["$"]),
    ],
)
def test_schema_finds_only_what_is_wrong_whatever_the_value_is(
    tmp_path: Path, schema: dict[str, Any], data: dict[str, Any], expected: list[str]
) -> None:
    """A rule passes over it; what that decides is not decided."""
    file = tmp_path / "s.json"
    file.write_text(json.dumps({"$id": "urn:t:s", **schema}), "utf-8")
    schemas, findings = load_schemas([file])
    assert findings == ()
    document, _ = parse(json.dumps(data).encode(), "c.json")
    assert document is not None
    document, _ = resolve(document, environment={}, folder=tmp_path)

    found = schemas.check(document, "urn:t:s")

    assert [finding.path for finding in found] == expected


def test_deprecated_key_is_told_whatever_its_value_is(tmp_path: Path) -> None:
    """It has no effect with any."""
    key = "  name: collector\n  queue_generate_metrics: ${NOBODY_SETS}"

    assert [c for c, _ in _lint("  name: collector", key, tmp_path)] == ["ST108"]


def test_there_is_one_unknown_value() -> None:
    """A copy is the same, so that it is recognised."""
    assert copy.deepcopy({"a": UNKNOWN})["a"] is UNKNOWN
    assert pickle.loads(pickle.dumps(UNKNOWN)) is UNKNOWN  # noqa: S301  our own bytes
    assert repr(UNKNOWN) == "UNKNOWN"
