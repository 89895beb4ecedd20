"""The list of errors in the documentation is that of the code, no more and no less."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path
from typing import TYPE_CHECKING

import collector_host.config.codes
import collector_lint.codes
from alibaba_cloud import errors, problems
from collector_host.cli import USAGE, start
from collector_host.errors import CollectorError
from collector_host.runtime import collector
from devocollectorsdk.commons.collector_exceptions import SdkError
from docs.pages import first_words, page, rows, section

if TYPE_CHECKING:
    from types import ModuleType

ERRORS = page("docs/errors.md")


def _tree(kind: type[Exception]) -> list[type[Exception]]:
    return [kind, *(each for child in kind.__subclasses__() for each in _tree(child))]


def _constants(module: ModuleType) -> list[str]:
    return [value for name, value in vars(module).items() if name.isupper()]


def test_codes_of_the_host_are_those_of_its_classes() -> None:
    """Each error class of the host has one row, under its own code."""
    for module in pkgutil.walk_packages(collector_host.__path__, "collector_host."):
        if module.name.endswith(".errors"):
            importlib.import_module(module.name)
    codes = [vars(kind)["code"] for kind in _tree(CollectorError)]

    listed = first_words(section(ERRORS, "Codes of the host"))

    assert listed == sorted(codes)


def test_every_error_class_of_the_host_is_in_a_module_of_errors() -> None:
    """The test above imports only modules called `errors`."""
    folder = Path(start.__file__).parents[1]
    names = {
        file.name
        for file in folder.rglob("*.py")
        if re.search(r'code(: ClassVar\[str\])? = "DC', file.read_text("utf-8"))
    }

    assert names == {"errors.py"}


def test_codes_of_the_plugin_are_its_problems() -> None:
    """Each problem has one row with the class that carries it and its own words."""
    groups = (
        (errors.InitVariablesError, problems.INIT_VARIABLES),
        (errors.SetupError, problems.SETUP),
        (errors.PrePullError, problems.PRE_PULL),
        (errors.PullError, problems.PULL),
        (errors.ApiError, problems.API),
    )
    expected = [
        (f"`{kind.__name__} [CODE:{problem.number:04d}]`", problem.reason.lower())
        for kind, group in groups
        for problem in group
    ]

    table = rows(section(ERRORS, "Codes of the plugin alibaba_cloud"))

    assert [(row[0], row[1].rstrip(".").lower()) for row in table] == expected


def test_codes_of_the_sdk_are_those_of_its_classes() -> None:
    """Each exception of the contract has one row."""
    expected = {f"{kind.__name__}[CODE:{kind.code:04d}]" for kind in _tree(SdkError)}

    listed = first_words(section(ERRORS, "Codes of the SDK's contract"))

    assert sorted(listed) == sorted(expected)


def test_findings_are_the_constants_of_both_lists() -> None:
    """Each finding code has one row."""
    codes = _constants(collector_lint.codes) + _constants(collector_host.config.codes)

    listed = first_words(section(ERRORS, "Findings"))

    assert sorted(listed) == sorted(codes)


def test_exit_codes_of_the_code_are_listed() -> None:
    """No command ends with a number that the page does not explain."""
    used = {USAGE, start.USAGE, start.STATE_UNUSABLE, collector.OK, collector.FAILED}

    listed = first_words(section(ERRORS, "Exit codes"))

    assert {str(code) for code in used} <= set(listed)
