"""Documents are checked against schemas; every breach is worded and located."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from collector_lint.loader import parse
from collector_lint.schemas import Schemas, load_schemas

if TYPE_CHECKING:
    from pathlib import Path

    from collector_lint.findings import Finding

URN = "urn:test:"


def _schemas(folder: Path, **schemas: Any) -> tuple[Schemas, tuple[Finding, ...]]:
    files: list[Path] = []
    for name, schema in schemas.items():
        file = folder / f"{name}.json"
        file.write_text(json.dumps({"$id": f"{URN}{name}"} | schema), "utf-8")
        files.append(file)
    return load_schemas(files)


def _check(folder: Path, schema: dict[str, Any], text: str) -> list[str]:
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    schemas, findings = _schemas(folder, s=dialect | schema)
    assert findings == ()
    document, findings = parse(text.encode(), "c.yaml")
    assert document is not None
    assert findings == ()
    found = schemas.check(document, f"{URN}s")
    return [str(finding).removeprefix("c.yaml:") for finding in found]


def _value(**rules: Any) -> dict[str, Any]:
    return {"properties": {"a": rules}}


SHAPES = {
    "oneOf": [
        {
            "properties": {"kind": {"const": "round"}, "radius": {"type": "number"}},
            "required": ["kind", "radius"],
        },
        {
            "properties": {"kind": {"const": "square"}, "side": {"type": "number"}},
            "required": ["kind", "side"],
        },
    ]
}


@pytest.mark.parametrize(
    ("schema", "text", "expected"),
    [
        (_value(type="integer"), "a: x", "1:4: ST103 must be a whole number, not text"),
        (
            _value(type=["string", "null"]),
            "a: no",
            "1:4: ST103 must be text or empty, not true or false (write it in quotes)",
        ),
        (_value(type="object"), "a: [1]", "1:4: ST103 must be a mapping, not a list"),
        (_value(type="integer"), "a: true", "1:4: ST103 must be a whole number, not"),
        (
            _value(enum=["x", 1, None, True]),
            "a: y",
            "1:4: ST104 must be one of x, 1,",
        ),
        (_value(const="x"), "a: y", "1:4: ST104 must be x"),
        (_value(minimum=2), "a: 1", "1:4: ST105 must be at least 2"),
        (_value(maximum=2), "a: 3", "1:4: ST105 must be at most 2"),
        (_value(exclusiveMinimum=0), "a: 0", "1:4: ST105 must be more than 0"),
        (_value(exclusiveMaximum=1), "a: 1", "1:4: ST105 must be less than 1"),
        (_value(multipleOf=2), "a: 3", "1:4: ST105 must be a multiple of 2"),
        (_value(minLength=1), "a: ''", "1:4: ST105 must not be empty"),
        (_value(minLength=2), "a: x", "1:4: ST105 must have at least 2 characters"),
        (_value(maxItems=1), "a: [1, 2]", "1:4: ST105 must have at most 1 entries"),
        (
            _value(uniqueItems=True),
            "a: [1, 1]",
            "1:8: ST105 the entry is the same as number 1",
        ),
        (_value(pattern="^x$"), "a: y", "1:4: ST106 does not have the form expected"),
        (_value(pattern="^x$"), 'a: "x\\n"', "1:4: ST106 does not have the form"),
        (_value(pattern=r"^\d$"), "a: '٣'", "1:4: ST106 does not have the form"),
        (_value(pattern=r"^[]$]\$$"), "a: x", "1:4: ST106 does not have the form"),
        (_value(format="date-time"), "a: 2023-02-30T00:00:00Z", "1:4: ST106 not the"),
        (_value(format="date-time"), "a: 2023-02-03", "1:4: ST106 not the instant"),
        (
            _value(format="date-time", examples=["2023-02-03T00:00:00Z"]),
            "a: yesterday",
            "1:4: ST106 not the instant expected: a word is no instant",
        ),
        (
            {"properties": {"region": {}}, "additionalProperties": False},
            "rregion: 1",
            "1:1: ST101 unknown key rregion; did you mean region?",
        ),
        (
            {"properties": {"b": {}, "c": {}}, "additionalProperties": False},
            "b: 1\nxyz: 1",
            "2:1: ST101 unknown key xyz (known here: b, c)",
        ),
        (
            {"additionalProperties": False},
            "'a b': 1",
            "1:1: ST101 unknown key … (known here: none)",
        ),
        (
            {"patternProperties": {"^x": {}}, "additionalProperties": False},
            "xy: 1\ny: 2",
            "2:1: ST101 unknown key y (known here: none)",
        ),
        (
            {"required": ["b"], "properties": {"b": {"description": "Why."}}},
            "a: 1",
            "1:1: ST102 missing key b (Why.)",
        ),
        (
            {"dependentRequired": {"a": ["b"]}},
            "c: 1\na: 1",
            "2:1: ST107 a also needs the key b",
        ),
        (
            {"propertyNames": {"pattern": "^[a-z]$"}},
            "a: 1\nB: 2",
            "2:1: ST106 the key does not have the form expected",
        ),
        (_value(properties={"b": False}), "a: {b: 1}", "1:5: ST107 must not be given"),
        (
            _value(prefixItems=[True, False]),
            "a: [1, 2]",
            "1:8: ST107 must not be given",
        ),
        (_value(anyOf=[False, False]), "a: 1", "1:1: ST107 must not be given here"),
        (
            _value(**SHAPES),
            "a: {kind: square, side: x}",
            "1:25: ST103 must be a number, not text",
        ),
        (
            _value(**SHAPES),
            "a: {kind: round, side: 1}",
            "1:1: ST102 missing key radius",
        ),
        (
            _value(anyOf=[{"type": "array"}, {"type": "string", "maxLength": 1}]),
            "a: xx",
            "1:4: ST105 must have at most 1 characters",
        ),
        (
            _value(oneOf=[{"type": "integer"}, {"minimum": 0}]),
            "a: 1",
            "1:4: ST107 fits more than one of the forms allowed; give only one",
        ),
        (
            _value(**{"not": {"const": "x"}}, description="Anything but x."),
            "a: x",
            "1:4: ST107 does not fit its schema (rule not) (Anything but x.)",
        ),
        (_value(deprecated=True), "a: 1", "1:1: ST108 the key is accepted, but has no"),
    ],
)
def test_breaches_are_worded_and_located(
    tmp_path: Path, schema: dict[str, Any], text: str, expected: str
) -> None:
    """Each rule of a schema has words of its own, without the offending value."""
    (found,) = _check(tmp_path, schema, text)

    assert found.startswith(expected)


@pytest.mark.parametrize(
    "text",
    [
        "2023-01-05T00:00:00Z",
        "2023-01-05T00:00:00.123456+08:00",
        "2024-02-29t00:00:00z",
    ],
)
def test_instants_are_accepted(tmp_path: Path, text: str) -> None:
    """Every written form of an instant in RFC 3339 passes."""
    assert _check(tmp_path, _value(format="date-time"), f"a: {text}") == []


def test_part_of_a_document_is_checked_and_empty_counts_as_mapping(
    tmp_path: Path,
) -> None:
    """A null part is an empty mapping; keys of somebody else are left alone."""
    schema = {"required": ["b"], "additionalProperties": False, "properties": {"b": {}}}
    schemas, _ = _schemas(tmp_path, s=schema)
    document, _ = parse(b"x:\ny: {b: 1, types: 1, typs: 1}\n", "c.yaml")
    assert document is not None

    empty = schemas.check(document, f"{URN}s", ("x",))
    other = schemas.check(document, f"{URN}s", ("y",), ignored_keys=["types"])

    assert [str(each) for each in empty] == ["c.yaml:1:1: ST102 missing key b"]
    assert [str(each) for each in other] == [
        "c.yaml:2:21: ST101 unknown key typs; did you mean types?"
    ]
    assert other[0].path == "$.y.typs"


def test_secrets_are_found_behind_references_and_alternatives(tmp_path: Path) -> None:
    """Every scalar below a `writeOnly` place is a secret, whichever branch fits."""
    schemas, _ = _schemas(
        tmp_path,
        s={
            "properties": {
                "a": {"$ref": f"{URN}other#/$defs/secret"},
                "b": {"oneOf": [{"type": "integer"}, {"writeOnly": True}]},
                "c": {"items": {"writeOnly": True}},
                "d": {"type": "string"},
                "e": {"writeOnly": True, "type": "object"},
            },
            "if": {"required": ["d"]},
            "then": {"properties": {"f": {"writeOnly": True}}},
        },
        other={"$defs": {"secret": {"type": "string", "writeOnly": True}}},
    )
    data = {
        "a": "s1",
        "b": "s2",
        "c": ["s3", 4],
        "d": "shown",
        "e": {"x": ["s5", None, True]},
        "f": "s6",
    }

    assert schemas.secrets(f"{URN}s", data) == {"s1", "s2", "s3", "4", "s5", "s6"}


@pytest.mark.parametrize(
    ("schemas", "expected"),
    [
        (
            {"s": {"$id": None}},
            [
                "s.json:1:1: JS101 a schema needs an $id",
                (
                    "s.json:1:9: JS102 not a JSON Schema of draft 2020-12:"
                    " $id must be a URI without a part behind #"
                ),
            ],
        ),
        (
            {"s": {}, "t": {"$id": f"{URN}s"}},
            ["t.json:1:9: JS101 another file has the same $id: s.json"],
        ),
        (
            {"s": {"type": "text"}},
            [
                (
                    "s.json:1:31: JS102 not a JSON Schema of draft 2020-12:"
                    " there is no such type; did you mean string?"
                ),
            ],
        ),
        (
            {"s": {"pattern": "("}},
            [
                (
                    "s.json:1:34: JS102 not a JSON Schema of draft 2020-12: the pattern"
                    " is no regular expression: missing ), unterminated subpattern,"
                    " at character 1"
                ),
            ],
        ),
        (
            {"s": {"$ref": "#/$defs/absent"}},
            ["s.json:1:31: JS103 $ref #/$defs/absent leads nowhere"],
        ),
        (
            {"s": {"items": {"$ref": "https://example.com/s.json"}}},
            ["s.json:1:41: JS103 $ref https://example.com/s.json leads nowhere"],
        ),
        (
            {"s": {"$ref": "#/allOf/x", "allOf": [{}]}},
            ["s.json:1:31: JS103 $ref #/allOf/x leads nowhere"],
        ),
    ],
    ids=["no id", "same id", "type", "pattern", "reference", "remote", "index"],
)
def test_unusable_schemas_are_findings_and_left_out(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    schemas: dict[str, Any],
    expected: list[str],
) -> None:
    """A schema that cannot be relied on is reported, never fetched, never used."""
    monkeypatch.chdir(tmp_path)

    loaded, findings = _schemas(type(tmp_path)(), **schemas)

    assert [str(finding) for finding in findings] == expected
    assert loaded.ids == ({f"{URN}s"} if "t" in schemas else frozenset())


def test_schema_without_end_is_a_finding(tmp_path: Path) -> None:
    """A schema that only refers to itself is reported instead of looping for ever."""
    (found,) = _check(tmp_path, {"$ref": "#"}, "a: 1")

    assert found.endswith("s.json:1:90: JS103 the schema refers to itself without end")


def test_damaged_values_are_not_mentioned_again(tmp_path: Path) -> None:
    """What already has a finding is not complained about a second time."""
    schemas, _ = _schemas(tmp_path, s=_value(type="string"))
    document, findings = parse(b"a: .inf\n", "c.yaml")
    assert document is not None

    assert [finding.code for finding in findings] == ["SY010"]
    assert schemas.check(document, f"{URN}s") == ()
