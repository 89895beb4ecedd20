"""Keys that are no text are told in a project's files, and no check fails on one."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from collector_host.config.errors import ConfigFindingsError
from collector_lint.discovery import discover
from collector_lint.engine import FAILED, lint
from collector_lint.plugins import Registry
from collector_lint.workspace import Workspace
from config.test_wrong_projects import DEFINED, USER, load
from support.sdk_project import CONFIG, DEFINITIONS, SdkProject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.findings import Finding

REGISTRY = Registry.installed()
DATE = "2020-01-01"
ODD = ("on", "1", "1.5", "~", DATE)
WHOLE = {
    USER: f"""{CONFIG}
        initial: 1
        nested: {{a: {{b: 1}}}}
    autoconfig: {{refresh_interval_in_seconds: 60}}
    credentials: {{user: a}}
""",
    DEFINED: DEFINITIONS.replace(
        "            type: apples\n",
        "            type: apples\n"
        "            module_properties: {tag: {a: my.app.x}}\n"
        "            requests_limits: [{period: 1m, number_of_requests: 5}]\n"
        "            metadata: {allowed_overwrites: {a: b}}\n",
    ),
}


def _with_key(text: str, key: str) -> Iterator[str]:
    """Yield a text with a key in each of its mappings, in turn."""
    for match in re.finditer(r"\{|^( *)(?:- )?(?=[a-z_A-Z]+:)", text, re.MULTILINE):
        added = f"{key}: x, " if match[0] == "{" else f"{key}: x\n{match[1]}"
        if not match[0].endswith("- "):
            yield f"{text[: match.end()]}{added}{text[match.end() :]}"


def _at_start(project: SdkProject) -> tuple[Finding, ...]:
    try:
        return load(project).config.warnings
    except ConfigFindingsError as error:
        return error.findings


@pytest.mark.parametrize("key", ODD)
@pytest.mark.parametrize("file", [USER, DEFINED])
def test_key_that_is_no_text_stops_no_check(
    tmp_path: Path, file: str, key: str
) -> None:
    """In every mapping, before a start and in the linter, and it is told."""
    project = SdkProject(tmp_path)
    for name, text in WHOLE.items():
        project.write(name, text)
    count = 0
    for changed in _with_key(WHOLE[file], key):
        project.write(file, changed)

        linted = lint(
            Workspace(discover([str(tmp_path)]), {}, datetime(2026, 6, 1, tzinfo=UTC)),
            REGISTRY,
            frozenset(REGISTRY.rules),
        ).findings

        assert FAILED not in {each.code for each in linted}, changed
        for found in (linted, _at_start(project)):
            # A date is text, but for the definitions' modules.
            is_told = "SY006" in {each.code for each in found}
            assert is_told or key == DATE, changed
        count += 1
    assert count > 10


def test_modules_get_keys_that_are_no_text(tmp_path: Path) -> None:
    """What is the modules' own stays what the SDK makes of it."""
    project = SdkProject(tmp_path)
    project.write(USER, CONFIG.replace("apples:", "apples: {levels: {1: low, 2: up}}"))
    project.write(
        DEFINED,
        DEFINITIONS.replace(
            "type: apples\n",
            "type: apples\n            module_properties: {404: gone}\n",
        ),
    )

    [source] = load(project).config.inputs

    [service] = source.services
    [module] = service.modules
    assert service.config == {"levels": {1: "low", 2: "up"}}
    assert module.definition["module_properties"] == {404: "gone"}


def test_name_that_is_a_number_is_the_name(tmp_path: Path) -> None:
    """A service of such a name is collected, by what the catch-all service says."""
    project = SdkProject(tmp_path)
    project.write(USER, CONFIG.replace("apples:", "2024: {types: [any]}"))

    [source] = load(project).config.inputs

    assert [each.name for each in source.services] == ["2024"]
