"""Which packages can be exported, and what is said of those that cannot."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from collector_host.errors import PluginError
from collector_host.exporting.package import find_package

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from collector_host.exporting.package import Package

PULLER = "from devocollectorsdk.inputs import x\nfrom .. import parts\n"
ORCHARD = {
    "orchard/__init__.py": "",
    "orchard/hooks.py": "import pluggy\nfrom .data import root\nfrom .parts import a\n",
    "orchard/data.py": "from .data_names import b\n",
    "orchard/data_names.py": "",
    "orchard/parts.py": "",
    "orchard/words.json": "{}",
    "orchard/_data/definitions.yaml": "",
    "orchard/apples/__init__.py": "",
    "orchard/apples/puller.py": PULLER,
}
CLASSES = {"ApplePuller": "orchard.apples.puller:ApplePuller"}


@pytest.fixture(autouse=True)
def _forget_packages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Find packages in the test's folder, and forget them afterwards."""
    monkeypatch.syspath_prepend(tmp_path)
    for name in [name for name in sys.modules if name.partition(".")[0] == "orchard"]:
        monkeypatch.delitem(sys.modules, name)


def _package(
    folder: Path,
    changes: Mapping[str, str] | None = None,
    *,
    classes: Mapping[str, str] = CLASSES,
    entry: str = "orchard.hooks",
) -> Package:
    for path, text in {**ORCHARD, **(changes or {})}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return find_package(classes, entry, [folder / "orchard/_data/definitions.yaml"])


def test_hooks_and_what_they_alone_need_stay_behind(tmp_path: Path) -> None:
    """Files that modules use, or that are no code, go along; definitions do not."""
    package = _package(tmp_path)

    assert package.short_name == "orchard"
    assert package.files == (
        "__init__.py",
        "apples/__init__.py",
        "apples/puller.py",
        "parts.py",
        "words.json",
    )
    assert package.classes == {"ApplePuller": "apples.puller"}


def test_hooks_elsewhere_do_not_widen_the_package(tmp_path: Path) -> None:
    """With the hooks in another package, the one that holds the classes goes along."""
    package = _package(
        tmp_path,
        {
            "orchard/apples/puller.py": "from . import pips\n",
            "orchard/apples/pips.py": "",
        },
        entry="orchard_hooks",
    )

    assert package.name == "orchard.apples"
    assert package.files == ("__init__.py", "pips.py", "puller.py")
    assert package.classes == {"ApplePuller": "puller"}


REFUSED = {
    "host": ("import collector_host.errors\n", "imports collector_host.errors"),
    "pluggy": ("def f():\n    import pluggy\n", "imports pluggy, which is not there"),
    "hooks": ("from ..hooks import x\n", "which holds the hooks and is left out"),
    "outside": ("from ...other import x\n", "outside the exported package"),
    "full name": ("from orchard.parts import x\n", "its own package by its full name"),
    "new python": ("match 1:\n    case 1: pass\n", "Python 3.9 does not know it"),
}


@pytest.mark.parametrize(("code", "what"), REFUSED.values(), ids=REFUSED)
def test_file_that_cannot_work_there_is_named(
    tmp_path: Path, code: str, what: str
) -> None:
    """The place and the reason are in the message, so that it can be mended."""
    with pytest.raises(PluginError) as raised:
        _package(tmp_path, {"orchard/apples/puller.py": f"\n{code}"})

    assert f"{tmp_path / 'orchard/apples/puller.py'}:" in str(raised.value)
    assert what in str(raised.value)


def test_every_mistake_is_named_at_once(tmp_path: Path) -> None:
    """Mending one and meeting the next takes an afternoon."""
    with pytest.raises(PluginError) as raised:
        _package(
            tmp_path,
            {
                "orchard/apples/puller.py": f"{PULLER}import pluggy, collector_host\n",
                "orchard/parts.py": "import tomllib\n",
            },
        )

    assert str(raised.value).count(".py:") == 3


def test_file_that_is_no_python_is_refused(tmp_path: Path) -> None:
    """A syntax error is a finding with its place, not a traceback."""
    with pytest.raises(PluginError, match=r"parts\.py:1: syntax"):
        _package(tmp_path, {"orchard/parts.py": "def\n"})


@pytest.mark.parametrize(
    ("classes", "what"),
    [
        ({"Puller": "orchard.apples.puller:ApplePuller"}, "called otherwise"),
        ({"ApplePuller": "apple_puller:ApplePuller"}, "not in one package"),
        (
            {**CLASSES, "PearPuller": "pears.puller:PearPuller"},
            "not in one package",
        ),
        ({"ApplePuller": "missing.puller:ApplePuller"}, "is not a package"),
    ],
    ids=["other name", "no package", "two packages", "not there"],
)
def test_classes_that_that_host_would_not_find_are_refused(
    tmp_path: Path, classes: dict[str, str], what: str
) -> None:
    """It looks for them by name in one package below `agent.modules`."""
    with pytest.raises(PluginError, match=what):
        _package(tmp_path, classes=classes, entry="orchard_hooks")
