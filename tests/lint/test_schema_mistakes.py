"""Mistakes in schemas are told in plain words and at their place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from collector_lint import example_files as files
from collector_lint.schema.keywords import KEYWORDS, invalid_words, meant_keyword
from collector_lint.schema.references import endless
from support.linting import run_lint, write_files

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("schema", "path", "words"),
    [
        ({"type": "int"}, ("type",), "no such type; did you mean integer?"),
        ({"type": "Text"}, ("type",), "did you mean string?"),
        ({"type": "strinq"}, ("type",), "did you mean string?"),
        ({"type": "qqq"}, ("type",), "only array, boolean"),
        ({"type": ["null", "bool"]}, ("type",), "did you mean boolean?"),
        ({"type": 1}, ("type",), "type must be the name of a type"),
        ({"type": []}, ("type",), "type must be the name of a type"),
        ({"pattern": "a(b"}, ("pattern",), "missing ), unterminated subpattern, at"),
        ({"pattern": "ab**"}, ("pattern",), "at character 4"),
        ({"pattern": 1}, ("pattern",), "pattern must be text"),
        ({"patternProperties": {"a": {}, "[": {}}}, ("patternProperties",), "at"),
        ({"minLength": "1"}, ("minLength",), "minLength must be a whole number"),
        ({"required": "a"}, ("required",), "required must be a list"),
        ({"properties": {"a": 1}}, ("properties", "a"), "this must be a schema"),
        ([], (), "this must be a schema"),
    ],
)
def test_invalid_schema_is_told_in_plain_words(
    schema: Any, path: tuple[str, ...], words: str
) -> None:
    """What is wrong, and what was most likely meant."""
    assert words in invalid_words(schema, path)


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("minimvm", "minimum"),
        ("additionalPropertys", "additionalProperties"),
        ("minlength", "minLength"),
        ("itemz", "items"),
        ("requirred", "required"),
        ("examplez", "examples"),
        *((each, "") for each in KEYWORDS),
        *((each, "") for each in ("definitions", "dependencies", "additionalItems")),
        *((each, "") for each in ("description_de", "title_html", "deprecatedBy")),
        *((each, "") for each in ("x-minimvm", "markdownDescription", "nullable")),
        *((each, "") for each in ("units", "enumNames", "errorMessage", "note")),
    ],
)
def test_misspelt_keyword_is_told_from_a_key_of_its_own(key: str, meant: str) -> None:
    """A schema may have keys that are no keywords."""
    assert meant_keyword(key) == meant


def test_misspelt_keyword_is_said_once(tmp_path: Path) -> None:
    """An object is not called open besides."""
    write_files(
        tmp_path,
        files.schema(without="additionalProperties", additionalPropertys=False),
    )

    report = json.loads(run_lint(str(tmp_path), "--format", "json").out)

    assert [each["code"] for each in report["findings"]] == ["JS120"]


@pytest.mark.parametrize(
    ("schema", "place"),
    [
        ({"$ref": "#"}, ("$ref",)),
        ({"$id": "urn:x", "$ref": "urn:x#"}, ("$ref",)),
        (
            {"$defs": {"a": {"$ref": "#/$defs/a"}}},
            ("$defs", "a", "$ref"),
        ),
        (
            {"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}},
            ("$defs", "a", "$ref"),
        ),
        ({"anyOf": [{"type": "null"}, {"$ref": "#"}]}, ("anyOf", 1, "$ref")),
        ({"not": {"$ref": "#"}}, ("not", "$ref")),
        ({"properties": {"a": {"$ref": "#"}}}, None),
        ({"items": {"$ref": "#"}}, None),
        ({"$ref": "#/$defs/a", "$defs": {"a": {"items": {"$ref": "#"}}}}, None),
        ({"$ref": "#/$defs/a", "$defs": {"a": {}}}, None),
        ({"$ref": "#/$defs/absent"}, None),
        ({"$ref": "urn:other#"}, None),
        ({"$ref": "#anchor"}, None),
        ({"properties": {"$ref": {"type": "string"}}}, None),
        ({"examples": [{"$ref": "#"}]}, None),
    ],
)
def test_reference_without_end_is_found_without_data(
    schema: dict[str, Any], place: tuple[str | int, ...] | None
) -> None:
    """One through a property or an entry ends where the data does."""
    assert endless(schema) == place


def test_reference_without_end_is_said_at_its_place(tmp_path: Path) -> None:
    """Nothing has to use the schema."""
    [text] = files.property_schema(**{"$ref": "#/properties/variety"}).values()
    line = next(n for n, row in enumerate(text.split("\n"), 1) if '"$ref"' in row)
    write_files(tmp_path, {"schemas/a.schema.json": text})

    report = json.loads(
        run_lint(str(tmp_path), "--select", "JS103", "--format", "json").out
    )

    [found] = report["findings"]
    assert (found["line"], "without end" in found["message"]) == (line, True)


@pytest.mark.parametrize(
    ("name", "schema_id", "is_found"),
    [
        ("token", "urn:example:schema:service:pears:1", True),
        ("auth_token", "urn:example:schema:service:pears:1", True),
        ("passwd", "urn:example:schema:service:pears:1", True),
        ("passphrase", "urn:example:schema:service:pears:1", True),
        ("next_token", "urn:example:schema:service:pears:1", False),
        ("tokens", "urn:example:schema:service:pears:1", False),
        ("token", "urn:example:schema:state:pears:1", False),
        ("token", "urn:example:schema:event:pears:1", False),
    ],
)
def test_token_is_a_secret_where_an_operator_writes_it(
    tmp_path: Path, name: str, schema_id: str, *, is_found: bool
) -> None:
    """The token of a page is none."""
    [text] = files.property_schema(name).values()
    text = text.replace("urn:example:schema:service:pears:1", schema_id)
    write_files(tmp_path, {"schemas/a.schema.json": text})

    report = json.loads(
        run_lint(str(tmp_path), "--select", "JS113", "--format", "json").out
    )

    assert bool(report["findings"]) is is_found
