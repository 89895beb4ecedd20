"""Rules are found, chosen and run; what fails is told and hides nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from collector_lint import example_files as files
from collector_lint import processes
from collector_lint.discovery import discover
from collector_lint.engine import lint
from collector_lint.kinds import kind_of
from collector_lint.plugins import LintPluginError, Registry, new_manager
from collector_lint.rule import GROUPS, KINDS, Checker, Rule
from collector_lint.selection import Selection
from collector_lint.target import Target
from collector_lint.workspace import Workspace
from support.linting import write_files

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from collector_lint.findings import Finding

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ALL = Registry.installed()
ANY = ALL.rules["ST101"]


class Offer:
    """A plugin of the linter."""

    def __init__(self, *rules: Rule, checkers: tuple[Checker, ...] = ()) -> None:
        self._rules = rules
        self._checkers = checkers

    def collector_lint_rules(self) -> list[Rule]:
        return list(self._rules)

    def collector_lint_checkers(self) -> list[Checker]:
        return list(self._checkers)


for _name in ("collector_lint_rules", "collector_lint_checkers"):
    setattr(getattr(Offer, _name), "collector_lint_impl", {"hookwrapper": False})  # noqa: B010


def _registry(offer: Offer) -> Registry:
    manager = new_manager()
    manager.register(offer)
    return Registry(manager)


def _lint(registry: Registry) -> tuple[Finding, ...]:
    workspace = Workspace(discover(["."]), {}, NOW)
    return lint(workspace, registry, frozenset(registry.rules)).findings


@pytest.fixture(name="folder", autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _fails(target: Target, workspace: Workspace) -> Iterable[Finding]:
    del workspace
    message = f"cannot stand {target.text}"
    raise RuntimeError(message)


def test_check_that_fails_is_a_finding_and_hides_nothing(folder: Path) -> None:
    """Of a rule and of a checker; the error's own text is not shown."""
    write_files(folder, files.config("  name:", "  debgu: true\n  name:"))
    rule = replace(ANY, id="XY001", name="always-fails", check=_fails)
    checker = Checker("fails", ("config",), _fails)

    findings = _lint(_registry(Offer(rule, checkers=(checker,))))

    assert [(f.code, f.message) for f in findings if f.code != "ST101"] == [
        ("LN004", "the check XY001 failed with RuntimeError"),
        ("LN004", "the check fails failed with RuntimeError"),
    ]
    assert any(f.code == "ST101" for f in findings)


def test_rule_of_a_plugin_finds_and_can_be_left_out(folder: Path) -> None:
    """Like one of the linter's own."""
    write_files(folder, files.config())

    def check(target: Target, workspace: Workspace) -> Iterable[Finding]:
        del workspace
        assert target.document is not None
        yield target.document.finding(("globals",), "XY001", "found", at_key=True)

    rule = replace(ANY, id="XY001", name="always-finds", check=check)
    registry = _registry(Offer(rule))

    assert [str(f) for f in _lint(registry)] == ["config.yaml:1:1: XY001 found"]
    chosen = Selection(ignore=("XY",)).chosen(registry.rules)
    result = lint(Workspace(discover(["."]), {}, NOW), registry, chosen)
    assert result.findings == ()


@pytest.mark.parametrize(
    "rules",
    [
        (ANY,),
        (replace(ANY, id="XY001"),),
        (replace(ANY, id="XY01", name="short"),),
        (replace(ANY, id="XY001", name="a"), replace(ANY, id="XY001", name="b")),
    ],
    ids=["same id", "same name", "form", "twice"],
)
def test_rules_that_cannot_be_told_apart_are_refused(rules: tuple[Rule, ...]) -> None:
    """Identifiers and names are unique over all plugins."""
    with pytest.raises(LintPluginError):
        _registry(Offer(*rules))


def test_linter_is_of_use_without_the_host(folder: Path) -> None:
    """Its own rules need nobody else's."""
    write_files(folder, files.config("  name:", "  debgu: true\n  name:"))
    own = Registry.own()

    assert {rule_id[:2] for rule_id in own.rules} == {
        *("SY", "RF", "ST", "JS", "DF", "CF", "LN"),
    }
    assert [f.code for f in _lint(own)] == ["ST101"]


def test_rules_are_complete() -> None:
    """Sixty or more; each in a group, with kinds, sentences and examples."""
    assert len(ALL.rules) >= 60
    assert {rule.group for rule in ALL.rules.values()} == set(GROUPS)
    for rule in ALL.rules.values():
        assert rule.kinds
        assert set(rule.kinds) <= set(KINDS)
        assert rule.name == rule.name.lower()
        assert all(text.endswith(".") for text in (rule.what, rule.why, rule.mend))
        assert rule.bad
        assert rule.good
        assert rule.bad != rule.good or rule.beside


def test_every_code_of_loader_and_host_is_a_rule() -> None:
    """A finding of a start is explained by the linter, too."""
    from collector_host.config import codes as host_codes  # noqa: PLC0415
    from collector_host.config.project import codes as project_codes  # noqa: PLC0415
    from collector_lint import codes  # noqa: PLC0415

    known = {
        value
        for module in (codes, host_codes, project_codes)
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, str)
    }

    assert known <= ALL.rules.keys()


def test_many_files_give_the_same_as_one_after_the_other(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Several processes find the same, in the same order."""
    write_files(folder, files.BESIDE_CONFIG)
    wrong = files.config("  name:", "  debgu: true\n  name:")["config.yaml"]
    good = files.CONFIG
    write_files(
        folder, {f"{n:03}.yaml": wrong if n % 7 == 0 else good for n in range(60)}
    )
    monkeypatch.setattr(processes, "WORTHWHILE", 1000)
    alone = _lint(ALL)

    monkeypatch.setattr(processes, "WORTHWHILE", 10)
    together = _lint(ALL)

    assert len(alone) == 9
    assert together == alone


@pytest.mark.parametrize(
    ("name", "text", "named", "kind"),
    [
        ("a.yaml", "globals: {}\noutputs: {}\n", False, "config"),
        ("config.yaml", "globals: [\n", False, "config"),
        ("config.yaml", "theme: dark\n", False, None),
        ("config.yaml", "theme: dark\n", True, "config"),
        ("compose.yaml", "services: {}\ninput: x\n", False, None),
        ("a.json", '{"globals": {}, "inputs": {}}', False, "config"),
        ("package.json", '{"name": "x", "inputs": 1}', False, None),
        ("a.yaml", "collector_inputs:\n", False, "catalogue"),
        ("collector_definitions.yaml", "", False, "catalogue"),
        ("a.yaml", "input: x\nservice: y\n", True, "definition"),
        ("a.yaml", "input: x\nservice: y\n", False, None),
        ("a.yaml", "input: x\nservice: y\nlike: z\n", False, "definition"),
        ("a.yaml", "definition: x\nlike: y\n", False, None),
        (
            "a.yaml",
            "# yaml-language-server: $schema=collector-config.schema.json\nx: 1\n",
            False,
            "config",
        ),
        (
            "a.yaml",
            "# yaml-language-server: $schema=https://example.com/config.schema.json\n",
            False,
            None,
        ),
        # An agent of Elastic, an action of GitHub, a site of Hugo.
        (
            "agent.yaml",
            "outputs:\n  x:\n    type: elasticsearch\ninputs:\n  - type: log\n",
            False,
            None,
        ),
        (
            "action.yml",
            "inputs:\n  a: {description: x}\noutputs:\n  b: {value: y}\n",
            False,
            None,
        ),
        ("config.yaml", "outputs:\n  home: [HTML, RSS]\n", False, None),
        ("a.json", '{"a": {"collector_inputs": {}}}', False, None),
        (
            "a.yaml",
            "outputs:\n  x:\n    type: console\ninputs:\n  a: 1\n",
            False,
            "config",
        ),
        ("a.yaml", "outputs: {}\ninputs:\n  a: {services: {}}\n", False, "config"),
        ("a.yaml", "{outputs: {}, inputs: {a: {services: {}}}}", False, "config"),
        ("state/a-b-77dac401.json", "", False, "state"),
        ("state/a-b-77dac401.prev.json", "[]", False, "state"),
        ("a-b-77dac401.json", "", False, None),
        ("state/settings.json", "{}", False, None),
        (
            "kept/a-b-77dac401.json",
            '{"format": 1, "generation": 1, "own',
            False,
            None,
        ),
        (
            "kept/a-b-77dac401.json",
            '{"format": 1, "generation": 1, "owner": "a/b", "st',
            False,
            "state",
        ),
        ("definitions/a.yaml", "x: y\n", True, "definition"),
        ("definitions/a.yaml", "x: y\n", False, None),
        ("a.json", '{"$schema": "https://json-schema.org/x", "a": 1}', False, "schema"),
        ("a.schema.json", "{", False, "schema"),
        (
            "a.yaml",
            "# yaml-language-server: $schema=../config.schema.json\nx: 1\n",
            False,
            "config",
        ),
        (
            "s.json",
            '{"format": 1, "generation": 1, "owner": "a", "sha256": ""}',
            False,
            "state",
        ),
    ],
)
def test_kind_is_told(name: str, text: str, *, named: bool, kind: str | None) -> None:
    """By what a file says, holds, or is called."""
    assert kind_of(name, text, named=named) == kind
