"""No report shows a value that may be a secret, wherever it stands."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from collector_lint import example_files as files
from collector_lint.baseline import Baseline
from collector_lint.discovery import discover
from collector_lint.engine import lint
from collector_lint.masking import shown_line
from collector_lint.plugins import Registry
from collector_lint.reports import PROGRAMS, render
from collector_lint.reports.text import pieces
from collector_lint.target import Target
from collector_lint.workspace import Workspace
from support.linting import run_lint, write_files

SECRET = "5up3rs3cr3t"  # noqa: S105  (made up)
PLACES = {
    "value": "    credentials: {password: 5up3rs3cr3t}",
    "quoted": '    credentials: {passwort: "a 5up3rs3cr3t"}',
    "comment": "    idd: f1  # was 5up3rs3cr3t",
    "commented key": "    # password: 5up3rs3cr3t\n    idd: f1",
    "key without space": "    password:5up3rs3cr3t: 1",
    "tag": "    password: !5up3rs3cr3t",
    "tag and value": "    password: !x 5up3rs3cr3t",
    "alias": "    password: *5up3rs3cr3t",
    "anchor": "    password: &5up3rs3cr3t x\n    password: y",
    "block": "    password: |\n      5up3rs3cr3t\n    password: x",
    "folded": "    password: a\n      5up3rs3cr3t\n    password: x",
    "syntax": "    password: 5up3rs3cr3t: x",
    "bracket": "    password: [5up3rs3cr3t",
    "tab": "    password:\t'5up3rs3cr3t\n\tx: @5up3rs3cr3t",
    "control": "    password: 5up3rs3cr3t\x07",
    "default": "    password: ${PASSWORD NAME:-5up3rs3cr3t}",
    "wrong type": "    services: 5up3rs3cr3t",
    "id": "    id: 5up3rs3cr3t/5up3rs3cr3t",
    "same line": "    services: {a: {}, x: 5up3rs3cr3t, y: {password: 5up3rs3cr3t}}",
    "suppression": "    idd: f1  # lint: ignore[5up3rs3cr3t] because 5up3rs3cr3t",
}
REGISTRY = Registry.installed()
EVERY = frozenset(REGISTRY.rules)
NOW = datetime(2026, 6, 1, tzinfo=UTC)


SHOWN = {
    "value": ("a: 5up3rs3cr3t\n", "a: …"),
    "two values": ("a: {b: 5up3rs3cr3t, c: true}\n", "a: {b: …, c: true}"),
    "reference": ("a: ${NAME}\n", "a: ${NAME}"),
    "reference with default": ("a: ${NAME:-5up3rs3cr3t}\n", "a: …"),
    "comment": ("a: null # 5up3rs3cr3t\n", "a: null # …"),
    "strange key": ("a:5up3rs3cr3t: 1\n", "…: …"),
    "long key": (f"{'k' * 70}: 1\n", "…: …"),
    "tag": ("a: !5up3rs3cr3t b\n", "a: … …"),
    "entries": ("- 5up3rs3cr3t\n- a\n", "- …"),
    "broken": ("a: b: 5up3rs3cr3t\n", "a: …"),
    "broken without key": ("@5up3rs3cr3t\n", "…"),
    "broken behind": ("key: 5up3rs3cr3t\nb: [\n", "key: …"),
}


@pytest.mark.parametrize(("text", "shown"), SHOWN.values(), ids=SHOWN)
def test_line_is_shown_without_its_values(text: str, shown: str) -> None:
    """Layout, plain keys and what is harmless stay, also in a text with mistakes."""
    target = Target("a.yaml", "config", Path(), data=text.encode())

    assert shown_line(target, 1, 1).text == shown


@pytest.mark.parametrize("place", PLACES)
def test_secret_is_in_no_report(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In every form, and in a baseline."""
    monkeypatch.chdir(tmp_path)
    text = files.config("    id: f1", PLACES[place])
    write_files(tmp_path, {**files.BESIDE_CONFIG, **text})

    result = lint(Workspace(discover(["."]), {}, NOW), REGISTRY, EVERY)
    reports = [render(form, result, REGISTRY.rules) for form in PROGRAMS]
    reports.append("".join(each for each, _ in pieces(result, REGISTRY.rules)))
    file = tmp_path / "baseline.json"
    Baseline(file).renewed(result.findings, lambda *_: True)[0].write()
    reports.append((tmp_path / "baseline.json").read_text())

    assert result.findings
    assert all(SECRET not in report for report in reports)


def test_secret_number_is_in_no_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A number that --fix writes in quotes is hidden in both lines."""
    monkeypatch.chdir(tmp_path)
    text = files.config("  name: collector", "  name: 4711471147114711")
    write_files(tmp_path, {**files.BESIDE_CONFIG, **text})

    outcome = run_lint(".", "--diff")

    assert outcome.code == 1
    assert '-   name: …\n+   name: "…"\n' in outcome.out
    assert "4711" not in outcome.out


@pytest.mark.parametrize("key", ["password", "access_key_secret", "api_key", "token"])
def test_secret_of_a_definition_is_hidden_too(
    key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other values of files that a developer ships are shown."""
    monkeypatch.chdir(tmp_path)
    text = files.catalogue("tag:", f"{key}: 2020-01-01\n              tag:")
    write_files(tmp_path, text)

    outcome = run_lint(".")

    assert f"{key}: …\n" in outcome.out
    write_files(
        tmp_path, files.catalogue("tag:", "since: 2020-01-01\n              tag:")
    )
    assert "since: 2020-01-01\n" in run_lint(".").out


_WORDS = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=8
)
_VALUES = st.recursive(
    _WORDS.map(lambda word: f"{word}{SECRET}"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(
    data=st.dictionaries(st.sampled_from(["a", "b", "long_key"]), _VALUES, min_size=1),
    width=st.sampled_from([10, 80]),
    style=st.sampled_from([None, "'", '"', "|", ">"]),
    flow=st.booleans(),
    cut=st.integers(0, 60),
)
@settings(max_examples=60)
def test_no_line_of_any_text_shows_a_value(
    data: dict[str, object], width: int, style: str | None, cut: int, *, flow: bool
) -> None:
    """In every style of YAML, in JSON, and in texts that break off somewhere."""
    text = yaml.safe_dump(
        data, width=width, default_style=style, default_flow_style=flow
    )
    for name, content in (
        ("a.yaml", text),
        ("a.yaml", text[:cut]),
        ("a.json", json.dumps(data, indent=1)),
    ):
        target = Target(name, "config", Path(), data=content.encode())
        for line in range(1, content.count("\n") + 2):
            for column in (1, 7, 70):
                shown = shown_line(target, line, column)
                assert not any(part in shown.text for part in (SECRET, SECRET[:6]))
                assert 0 <= shown.column <= len(shown.text)


PYTHON = {
    "code": ("import time\ntime.sleep(5)\n", 2, 6, "time.sleep(…)", 5),
    "texts": ("f(a, 'x' + b\"y\", c)  # old: z\n", 1, 17, "f(a, … + …, c)  …", 11),
    "inside a text": ("f('some text', 1)\n", 1, 6, "f(…, …)", 2),
    "in a long text": ('a = """x\n secret\n y""" + f(b)\n', 2, 3, "…", 0),
    "behind a long text": ('a = """x\n secret\n y""" + f(b)\n', 3, 9, "… + f(b)", 4),
    "remark": ("pass\n# password\n", 2, 1, "…", 0),
    "no Python": ("f('secret\n", 1, 1, "…", 0),
    "odd indentation": ("  a\n b\n", 2, 1, "…", 0),
    "tab": ("if a:\n\tf(1)\n", 2, 2, " f(…)", 1),
}


@pytest.mark.parametrize(
    ("text", "line", "column", "shown", "place"), PYTHON.values(), ids=PYTHON
)
def test_line_of_python_is_shown_without_texts_numbers_and_remarks(
    text: str, line: int, column: int, shown: str, place: int
) -> None:
    """Code is no secret; what stands in quotes or behind a hash may be one."""
    target = Target("a.py", "config", Path(), data=text.encode())

    found = shown_line(target, line, column)

    assert (found.text, found.column) == (shown, place)
