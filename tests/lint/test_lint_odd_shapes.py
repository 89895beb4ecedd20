"""No check fails, whatever shape the data has."""

from __future__ import annotations

import copy
import json
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
import yaml

from alibaba_cloud import lint_services
from collector_host.linting import example_states as states
from collector_lint import example_files as files
from collector_lint.engine import FAILED, lint
from collector_lint.plugins import Registry
from collector_lint.target import Target
from collector_lint.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.rule import Kind

NOW: Final = datetime(2026, 6, 1, tzinfo=UTC)
REGISTRY: Final = Registry.installed()
EVERY: Final = frozenset(REGISTRY.rules)
ODD: Final[tuple[Any, ...]] = (
    *(None, True, -1, 0, 1.5, 10**30, "", "x", "2020-01-01", "http://a", "${X}"),
    *([], [None], [{}], [[]], ["x", 1], {}, {"x": None}, {"": {}}, {"a.b": [1]}),
)
CORPUS: Final[dict[str, tuple[Kind, str, str]]] = {
    "config": ("config", "config.yaml", lint_services.CONFIG),
    "fruit": ("config", "fruit.yaml", files.CONFIG),
    "catalogue": ("catalogue", files.CATALOGUE_NAME, files.CATALOGUE),
    "definition": ("definition", files.DEFINITION_NAME, files.DEFINITION),
    "schema": ("schema", "a.schema.json", next(iter(files.schema().values()))),
    "state": ("state", states.PREVIOUS, states.FOURTH),
}
BESIDE: Final = {
    "fruit": ("catalogue",),
    "catalogue": ("fruit",),
    "definition": ("catalogue", "schema"),
    "schema": ("definition",),
}
"""What is compared with what is changed."""


def _places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    pairs = data.items() if isinstance(data, dict) else ()
    pairs = enumerate(data) if isinstance(data, list) else pairs
    for key, value in pairs:
        yield from _places(value, (*path, key))


def _replaced(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    copied = copy.deepcopy(data)
    inner = copied
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return copied


@pytest.mark.parametrize("name", CORPUS)
def test_no_check_fails_on_odd_data(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each value of a file in turn is replaced by several of another shape."""
    monkeypatch.chdir(tmp_path)
    kind, file, text = CORPUS[name]
    beside = [_target(tmp_path, *CORPUS[each]) for each in BESIDE.get(name, ())]
    data = yaml.safe_load(text)
    chance = random.Random(7)  # noqa: S311  (the same each time)
    failed: set[str] = set()

    for path in _places(data):
        for value in chance.sample(ODD, 2):
            odd = _replaced(data, path, value)
            dump = json.dumps if file.endswith(".json") else yaml.safe_dump
            target = _target(tmp_path, kind, file, dump(odd))
            workspace = Workspace([target, *beside], {}, NOW, here=True)
            found = lint(workspace, REGISTRY, EVERY).findings
            failed |= {
                f"{each} for {value!r} at {path}"
                for each in found
                if each.code == FAILED
            }

    assert failed == set()


def _target(folder: Path, kind: Kind, name: str, text: str) -> Target:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return Target(name, kind, file.parent, Path(name), text.encode())
