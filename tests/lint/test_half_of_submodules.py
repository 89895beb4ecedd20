"""A calculator needs a property to split; a property needs no calculator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from collector_lint import example_files as files
from support.linting import run_lint, write_files

if TYPE_CHECKING:
    from pathlib import Path

PROPERTY = "            submodules_property: trees\n"
CALCULATOR = "            submodule_calculator_class: TreesCalculator\n"


@pytest.mark.parametrize(
    ("lines", "found"),
    [("", 0), (PROPERTY, 0), (CALCULATOR, 1), (PROPERTY + CALCULATOR, 0)],
)
def test_calculator_alone_is_half(
    lines: str,
    found: int,
    tmp_path: Path,
) -> None:
    """The contract splits by the property alone, too."""
    module = "            module_properties"
    write_files(tmp_path, files.catalogue(module, lines + module))

    assert run_lint(str(tmp_path), "--format", "json").out.count('"DF216"') == found
