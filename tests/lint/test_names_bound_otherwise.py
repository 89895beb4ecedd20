"""A name need not be bound by a class statement; what it then is, nobody can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from collector_host.linting import example_project as project
from collector_lint import example_files as files
from support.linting import run_lint, write_files

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FRUIT = "agent/modules/fruit.py"
INIT = "agent/modules/__init__.py"
WRONG = project.with_classes(
    ("PearPuller:", "OtherPuller:", "setup_class: PearSetup", "setup_class: OtherSetup")
)
BOTH = "OtherPuller = PearPuller\nOtherSetup = PearSetup\n"
PULL = "    def pull(self, retrieving_timestamp): ...\n"


def _count(folder: Path, given: Mapping[str, str], rule: str) -> int:
    write_files(folder, given)
    return run_lint(str(folder), "--select", rule, "--format", "concise").out.count(
        f" {rule} "
    )


@pytest.mark.parametrize(
    ("text", "missed"),
    [
        ("", 2),
        ("from .fruit import *\n", 2),
        ("from agent.modules.fruit import *\n", 2),
        ("OtherPuller = PearPuller\n", 1),
        (BOTH, 0),
        ("from a import OtherPuller, B as OtherSetup\n", 0),
        ('OtherPuller, OtherSetup = type("A", (B,), {}), C\n', 0),
        ("if x:\n    class OtherPuller: ...\n", 1),
        ("def OtherPuller(): ...\n", 1),
        ("from elsewhere import *\n", 0),
        ("from .compiled import *\n", 0),
        ("globals().update(x)\n", 0),
        ("setattr(sys.modules[__name__], x, y)\n", 0),
        ("def __getattr__(name): ...\n", 0),
        ("x = (\n", 0),
        (
            (
                "class A:\n"
                "    def __getattr__(self, name): ...\n"
                "    def x(self): setattr(self, y, 1)\n"
            ),
            2,
        ),
        ('"OtherPuller"\nx.OtherSetup\n', 2),
    ],
)
def test_class_is_missed_where_its_name_is_bound_nowhere(
    tmp_path: Path, text: str, missed: int
) -> None:
    """A name in a text binds nothing."""
    assert _count(tmp_path, {**WRONG, INIT: text}, "PJ408") == missed


@pytest.mark.parametrize(
    ("text", "missed"),
    [("", 1), ("OtherPuller = ApplePuller\n", 0), ("from elsewhere import *\n", 0)],
)
def test_class_of_a_plugin_is_missed_likewise(
    tmp_path: Path, text: str, missed: int
) -> None:
    """Below the folder of its catalogue."""
    plugin = {
        **files.catalogue("ApplePuller", "OtherPuller"),
        files.CLASSES_NAME: files.CLASSES + text,
    }

    assert _count(tmp_path, plugin, "DF211") == missed


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (PULL, '    locals()["pull"] = other\n'),
        (PULL, '    for x in y:\n        vars()[x] = "z"\n'),
        (PULL, "    bring(pull)\n"),
        (PULL, "    from other import pull\n"),
        (PULL, "    pull, other = x\n"),
        (PULL, "    while x:\n        def pull(self): ...\n"),
        (PULL, "    class pull: ...\n"),
        (PULL, "    x = 1\n\n\nPearPuller.pull = other\n"),
        (PULL, '    x = 1\n\n\nsetattr(PearPuller, "pull", other)\n'),
        (PULL, "    x = 1\n\n\nPearPuller = with_pull(PearPuller)\n"),
        (
            "(CollectorPullerAbstract):\n" + PULL,
            (
                "(Base):\n    x = 1\n\n\nclass Base(CollectorPullerAbstract):\n"
                "    def __init_subclass__(cls): ...\n"
            ),
        ),
        (
            "class PearSetup",
            "from a import B as CollectorPullerAbstract\n\n\nclass PearSetup",
        ),
    ],
)
def test_puller_that_may_get_pull_is_left_alone(
    tmp_path: Path, old: str, new: str
) -> None:
    """From its body, or from outside of it."""
    given = project.with_classes()
    text = given[FRUIT]
    assert old in text
    changed = text.replace(old, new)
    if PULL not in old:
        changed = changed.replace(PULL, "    x = 1\n")

    assert _count(tmp_path, {**given, FRUIT: changed}, "DF231") == 0


@pytest.mark.parametrize(
    ("more", "is_found"),
    [
        ("", True),
        ("from .fruit import ApplePuller\n", True),
        ("ApplePuller = AppleSetup\n", False),
        ("from a import CollectorSetup as CollectorPullerAbstract\n", False),
    ],
)
def test_kind_of_a_class_is_told_where_it_is_sure(
    tmp_path: Path, more: str, *, is_found: bool
) -> None:
    """Its name, or that of a base, may stand for something else."""
    given = {
        **files.catalogue("setup_class: AppleSetup", "setup_class: ApplePuller"),
        files.CLASSES_NAME: files.CLASSES + more,
    }

    assert bool(_count(tmp_path, given, "DF212")) is is_found
