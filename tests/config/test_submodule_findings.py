"""What a setting says of submodules is checked before anything starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from collector_host.config.submodules import check_submodules
from collector_lint.loader import parse
from support.linting import run_lint
from support.sdk_project import CONFIG, DEFINITIONS, SdkProject

if TYPE_CHECKING:
    from pathlib import Path

SPLIT = {"submodules_property": "trees"}
CALCULATED = {**SPLIT, "submodule_calculator_class": "TreesCalculator"}
FORM = "submodules are either all texts or all mappings of one key"
MIXED_FORM = f"this entry has another form: {FORM}"


def _found(value: str, module: dict[str, str] = SPLIT) -> list[str]:
    document, _ = parse(f"trees: {value}\n".encode(), "c.yaml")
    assert document is not None
    found = check_submodules(document, (), [module, module])
    return [f"{one.column} {one.code} {one.severity} {one.message}" for one in found]


@pytest.mark.parametrize(
    "value",
    ["", "tall", "[tall, short]", "[tall, tall]", "[{a: 1}, {b: }]", "{a: 1, b: 2}"],
)
def test_every_form_of_the_contract_is_fine(value: str) -> None:
    """None, a text, texts, mappings of one key, one mapping; a text twice is once."""
    assert _found(value) == []


@pytest.mark.parametrize(
    ("value", "column", "message"),
    [
        ("[tall, {short: 1}]", 15, MIXED_FORM),
        ("[{a: 1}, tall]", 17, MIXED_FORM),
        ("[{a: 1}, {b: 1, c: 2}]", 17, MIXED_FORM),
        ("[tall, [short]]", 15, MIXED_FORM),
        ("[{}]", 9, MIXED_FORM),
        (
            "[tall, 12]",
            15,
            f"this is no text: {FORM}",
        ),
    ],
)
def test_mixed_forms_are_an_error_at_the_odd_entry(
    value: str, column: int, message: str
) -> None:
    """The first entry that does not go with those before it, once for two modules."""
    assert _found(value) == [f"{column} CF328 error {message}"]


@pytest.mark.parametrize("value", ["[]", "{}"])
def test_setting_that_names_no_submodule_is_warned_of(value: str) -> None:
    """No module would run, and nobody would say so."""
    assert _found(value) == [
        "8 CF329 warning no submodule is named, so nothing of this service is collected"
    ]


def test_name_of_two_mappings_is_warned_of_where_it_is_lost() -> None:
    """The last one counts; the earlier one is named."""
    assert _found("[{a: 1}, {b: 1}, {a: 2}]") == [
        "9 CF329 warning a later entry has the same name: this one is never looked at"
    ]


def test_what_a_calculator_reads_is_its_own_affair() -> None:
    """It may take any form."""
    assert _found("[tall, {short: 1}]", CALCULATED) == []
    assert _found("[tall, {short: 1}]", {}) == []


def test_linter_tells_a_project_before_it_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the check of the start, in the project's own configuration."""
    split = "default: true\n            submodules_property: trees\n"
    project = SdkProject(tmp_path / "fruits")
    project.write(
        "config_internal/collector_definitions.yaml",
        DEFINITIONS.replace("default: true\n", split, 1),
    )
    project.write("config/config.yaml", f"{CONFIG}        trees: [tall, 12]\n")
    monkeypatch.chdir(tmp_path)

    lines = run_lint("fruits", "--format", "github").out.splitlines()

    assert next(line for line in lines if "CF328" in line).startswith(
        "::error file=fruits/config/config.yaml,line=14,col=23,title=CF328 submodules-"
    )
