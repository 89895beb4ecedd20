"""Python files are looked at without importing them, and doubt is silence."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from collector_host.linting import example_project as project
from collector_lint import example_files as files
from support.linting import run_lint, write_files

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

INIT = "agent/modules/__init__.py"
FRUIT = "agent/modules/fruit.py"
PROJECT = {**project.with_classes(), INIT: "from .fruit import *\n"}
PULLER = PROJECT[FRUIT]


def _found(folder: Path, given: Mapping[str, str], rule: str) -> list[str]:
    write_files(folder, given)
    outcome = run_lint(str(folder), "--select", rule, "--format", "json")
    return [
        f"{finding['file'].removeprefix(f'{folder}/')}:{finding['line']}"
        for finding in json.loads(outcome.out)["findings"]
    ]


def test_syntax_error_is_told_with_its_place(tmp_path: Path) -> None:
    """In a plugin and in a project, and not by importing."""
    broken = "import nothing_of_this_name\n\nx = (1,\n"
    plugin = {**files.catalogue(), "modules/a.py": broken, "scripts/b.py": broken}

    assert _found(tmp_path / "plugin", plugin, "DF230") == ["modules/a.py:3"]
    given = {**PROJECT, "agent/modules/a.py": broken}
    assert _found(tmp_path / "project", given, "DF230") == ["agent/modules/a.py:3"]


@pytest.mark.parametrize(
    "text", ['"\\d"\n', "match 1:\n    case _: pass\n", "# -*- coding: latin-1 -*-\n"]
)
def test_python_that_can_be_parsed_is_left_alone(tmp_path: Path, text: str) -> None:
    """Warnings of the parser are no errors."""
    given = {**files.catalogue(), "modules/a.py": text}

    assert _found(tmp_path, given, "DF230") == []


def test_file_with_a_zero_character_is_broken(tmp_path: Path) -> None:
    """The parser refuses it in another way than a mistake."""
    given = {**files.catalogue(), "modules/a.py": "x = 1\0\n"}

    assert _found(tmp_path, given, "DF230") == ["modules/a.py:1"]


PULL = "    def pull(self, retrieving_timestamp): ...\n"
PLACE = "config_internal/collector_definitions.yaml"


@pytest.mark.parametrize(
    ("old", "new", "is_found"),
    [
        (PULL, "    x = 1\n", True),
        (PULL, "    async def pul(self): ...\n", True),
        (PULL, "    @abstractmethod\n" + PULL, True),
        ("(CollectorPullerAbstract):\n" + PULL, "(Base):\n    pass\n", False),
        ("(CollectorPullerAbstract):\n" + PULL, "(fruit.Base):\n    pass\n", False),
        ("(CollectorPullerAbstract):\n" + PULL, "(make()):\n    pass\n", False),
        (
            "(CollectorPullerAbstract):\n" + PULL,
            f"(Base):\n    pass\n\n\nclass Base(CollectorPullerAbstract):\n{PULL}",
            False,
        ),
        (
            "(CollectorPullerAbstract):\n" + PULL,
            "(Base):\n    pass\n\n\nclass Base(CollectorPullerAbstract):\n    x = 1\n",
            True,
        ),
        (PULL, "    pull = other\n", False),
        (PULL, "    if 1:\n        def pull(self): ...\n", False),
        (PULL, "    x = (\n", False),
        ("class PearPuller", "@with_pull\nclass PearPuller", False),
        ("class PearPuller(", "class PearPuller(PearPuller, ", False),
    ],
)
def test_puller_without_pull_is_found_where_it_is_sure(
    tmp_path: Path, old: str, new: str, *, is_found: bool
) -> None:
    """A base that is not known may have it."""
    assert old in PULLER
    text = PULLER.replace(old, new)

    found = _found(tmp_path, {**PROJECT, FRUIT: text}, "DF231")

    assert found == ([f"{PLACE}:10"] if is_found else [])


@pytest.mark.parametrize(
    ("changed", "lines"),
    [
        ({INIT: ""}, [10, 13]),
        ({INIT: "from .fruit import PearPuller\n"}, [13]),
        ({INIT: "from agent.modules.fruit import *\n"}, []),
        ({INIT: "from .fruit import PearPuller, PearSetup as S\n"}, [13]),
        ({INIT: "try:\n    from .fruit import *\nexcept ImportError: ...\n"}, []),
        ({FRUIT: f'__all__ = ["PearPuller"]\n{PULLER}'}, [13]),
        ({FRUIT: f"__all__ = names()\n{PULLER}"}, []),
        ({FRUIT: f'__all__ = ["PearPuller"]\n__all__ += ["PearSetup"]\n{PULLER}'}, []),
        ({INIT: "from elsewhere import *\n"}, []),
        ({INIT: "import importlib\nimportlib.import_module('x')\n"}, []),
        ({INIT: "globals().update(x)\n"}, []),
        ({INIT: "def __getattr__(name): ...\n"}, []),
        ({INIT: "from . import *\n"}, []),
        ({INIT: "x = (\n"}, []),
        ({INIT: "PearPuller = PearSetup = object\n"}, []),
        (
            {INIT: "", FRUIT: f"{PULLER}\n    def create_setup_instance(self): ...\n"},
            [10],
        ),
        (
            {
                INIT: "from .a import *\n",
                "agent/modules/a/__init__.py": "from ..fruit import *\n",
            },
            [],
        ),
    ],
)
def test_class_that_the_package_lacks_is_found_where_it_is_sure(
    tmp_path: Path, changed: dict[str, str], lines: list[int]
) -> None:
    """Names that come in a way that nothing can tell are not missed."""
    found = _found(tmp_path, {**PROJECT, **changed}, "PJ421")

    assert found == [f"{PLACE}:{line}" for line in lines]


@pytest.mark.parametrize(
    ("tag", "is_found"),
    [
        ('"my app/zoo"', True),
        ('"my.app.zoo:x"', True),
        ("zoo", True),
        ("my..zoo", True),
        ("my.app.zoö", True),
        ("my.app.zoo", False),
        ("my-app.zoo_1", False),
        ('"my.app.{environment}.zoo"', False),
        ('"my.app.%s"', False),
        ("7", False),
    ],
)
def test_tag_that_no_table_can_have_is_found(
    tmp_path: Path, tag: str, *, is_found: bool
) -> None:
    """In a catalogue, and in a project's definitions; templates are left alone."""
    plugin = files.catalogue("my.app.fruit.apples", tag)
    given = project.project(definitions=("{picked: 1}", f"{{picked: 1, tag: {tag}}}"))

    assert bool(_found(tmp_path / "plugin", plugin, "DF232")) is is_found
    outcome = run_lint(str(tmp_path / "plugin"), "--select", "DF232", "--isolated")
    assert outcome.code == int(is_found)
    assert bool(_found(tmp_path / "project", given, "DF232")) is is_found
    # The property is the module's own.
    assert (
        run_lint(str(tmp_path / "project"), "--select", "DF232", "--isolated").code == 0
    )


@pytest.mark.parametrize(
    ("line", "is_found"),
    [
        ("tog: my.app.zoo", True),
        ("Tag: my.app.zoo", True),
        ("tga: my.app.zoo", True),
        ("tags: my.app.zoo", True),
        ("tags: [my.app.zoo]", False),
        ("lag: 600", False),
        ("table: my.app.zoo", False),
        ("host: a.example.com", False),
        ("tog: my.app.zoo, tag: my.app.apples", False),
        ("tag_base: my.app.zoo, tags: my.app.apples", False),
        ("tog: my.app.zoo, tags: my.app.apples", False),
        ("tog: my.app.zoo, table: my.app.apples", True),
    ],
)
def test_misspelt_tag_is_found_by_key_and_value(
    tmp_path: Path, line: str, *, is_found: bool
) -> None:
    """A key that is near and holds something else is another property."""
    given = project.project(definitions=("{picked: 1}", f"{{picked: 1, {line}}}"))

    assert bool(_found(tmp_path, given, "DF233")) is is_found


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("", True),
        ("table = self.module_properties['tags']\n", False),
        ("@dataclass\nclass Properties:\n    tags: str\n", False),
        ("read(tags=1)\n", False),
    ],
)
def test_key_like_tag_that_the_source_reads_is_no_slip(
    tmp_path: Path, text: str, *, is_found: bool
) -> None:
    """It stands there as a text, as a field, or as a keyword."""
    given = project.project(definitions=("{picked: 1}", "{tags: my.app.zoo}"))

    found = _found(tmp_path, {**given, FRUIT: text}, "DF233")

    assert bool(found) is is_found
