"""The plugin's files run on Python 3.9, and without this project's host."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from collector_host.exporting.old_python import traps

ROOT = Path(__file__).parents[2]
MODULES = ROOT / "modules"
FILES = sorted(MODULES.rglob("*.py"))
PLUGIN = MODULES / "alibaba_cloud" / "plugin.py"
FUTURE = "from __future__ import annotations\n"


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(MODULES)))
def test_file_holds_nothing_that_python_39_does_not_know(file: Path) -> None:
    """Neither syntax nor names nor arguments of later versions."""
    assert [str(trap) for trap in traps(file)] == []


def test_second_opinion_agrees() -> None:
    """The linter, told that Python is 3.9, finds no syntax of later versions either."""
    command = ["-m", "ruff", "check", "--isolated", "--target-version", "py39"]
    result = subprocess.run(
        [sys.executable, *command, "--select", "E9,F,FA102", str(MODULES)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 0, result.stdout


def test_only_whole_seconds_are_read_by_the_parser_that_differs() -> None:
    """`fromisoformat` takes less on 3.9: one place uses it, with a form it knows."""
    places = [
        file.relative_to(MODULES).as_posix()
        for file in FILES
        if "fromisoformat" in file.read_text(encoding="utf-8")
    ]

    assert places == ["alibaba_cloud/instants.py"]


def test_only_the_entry_point_imports_what_the_other_host_lacks() -> None:
    """Pluggy is known to the module with the hooks alone, the linter to its rules.

    Both stay behind in an export.
    """
    found = {
        (file.relative_to(MODULES).as_posix(), name.partition(".")[0])
        for file in FILES
        for name in _imported(file)
    }
    strange = {
        (file, name)
        for file, name in found
        if name in {"pluggy", "collector_host", "collector_lint", "collector_emulators"}
    }

    rules = {
        (file.relative_to(MODULES).as_posix(), "collector_lint")
        for file in (*MODULES.glob("alibaba_cloud/lint_*.py"), PLUGIN)
    }
    assert strange == {("alibaba_cloud/plugin.py", "pluggy"), *rules}
    assert "alibaba_cloud" not in {name for _, name in found}


def _imported(file: Path) -> list[str]:
    names: list[str] = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.append(node.module or "")
    return names


TRAPS = {
    "match": ("match 1:\n    case 1: pass\n", "syntax"),
    "except group": ("try: pass\nexcept* ValueError: pass\n", "syntax"),
    "utc": ("from datetime import UTC\n", "datetime.UTC"),
    "utc by module": ("import datetime\ndatetime.UTC\n", "datetime.UTC"),
    "utc by other name": ("import datetime as dt\ndt.UTC\n", "datetime.UTC"),
    "zip": ("zip([], [], strict=True)\n", "zip(strict=)"),
    "slots": (
        "from dataclasses import dataclass\n@dataclass(slots=True)\nclass A: pass\n",
        "dataclass(slots=)",
    ),
    "slots by module": (
        "import dataclasses\n@dataclasses.dataclass(kw_only=True)\nclass A: pass\n",
        "dataclass(kw_only=)",
    ),
    "union alias": ("Text = str | None\n", "X | Y"),
    "union of classes": ("isinstance(1, Number | Text)\n", "X | Y"),
    "union of generics": ("Text = list[int] | dict[str, int]\n", "X | Y"),
    "pairwise": ("import itertools\nitertools.pairwise([])\n", "itertools.pairwise"),
    "bit count": ("(5).bit_count()\n", "bit_count"),
    "instant": ('datetime.fromisoformat("2023-01-05T00:00:00Z")\n', "fromisoformat"),
    "self": ("from typing import Self\n", "typing.Self"),
    "alias": ("from typing import TypeAlias\n", "typing.TypeAlias"),
    "toml": ("import tomllib\n", "tomllib"),
    "group": ("raise ExceptionGroup('a', [])\n", "ExceptionGroup"),
    "enum": ("import enum\nclass A(enum.StrEnum): pass\n", "enum.StrEnum"),
}


@pytest.mark.parametrize(("code", "what"), TRAPS.values(), ids=TRAPS)
def test_trap_is_found(tmp_path: Path, code: str, what: str) -> None:
    """Each thing that a later Python has, and 3.9 has not, is found with its line."""
    file = tmp_path / "module.py"
    file.write_text(FUTURE + code)

    found = traps(file)

    assert [what in trap.what for trap in found] == [True]
    assert found[0].line > 1


KNOWN = {
    "annotation": "def f(a: int | None) -> str | None: ...\nb: int | None = None\n",
    "type checking": "if TYPE_CHECKING:\n    from typing import Self\n",
    "flags": "FIRST | SECOND\nre.A | re.B\n1 | 2\n",
    "removeprefix": '"ab".removeprefix("a")\n',
    "merge": "{} | {}\n",
    "builtin generics": "A = dict[str, list[int]]\n",
    "instant": "datetime.fromisoformat(text)\n",
}


@pytest.mark.parametrize("code", KNOWN.values(), ids=KNOWN)
def test_what_python_39_knows_is_no_trap(tmp_path: Path, code: str) -> None:
    """Nothing is refused that works."""
    file = tmp_path / "module.py"
    file.write_text(FUTURE + code)

    assert traps(file) == []


def test_union_in_an_annotation_needs_the_future(tmp_path: Path) -> None:
    """Without the import an annotation is evaluated, which fails."""
    file = tmp_path / "module.py"
    file.write_text("def f(a: int | None): ...\n")

    assert len(traps(file)) == 1
