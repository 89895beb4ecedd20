"""What the kit says of the fixture modules, each run alone, or a project as a whole.

They are written to show the contract, not to conform: many are made to run once and
begin from the start each time, which the kit reports as the repetition it is.
"""

from __future__ import annotations

import pytest

from collector_host.conformance import check_project
from conformance.model import PROJECTS

EXPECTED = {
    "farm": set[str](),
    "shop": {"ShelfPuller KT801", "ShelfPuller KT804"},
    "lab:SavesFirstPuller": {"KT601", "KT703", "KT704", "KT805"},
    "lab:NeverSavesPuller": {"KT502"},
    "lab:SwallowingPuller": {"KT503", "KT602"},
    "lab:SpoilingPuller": {"KT503", "KT602", "KT901"},
    "lab:RottingPuller": {"KT503", "KT602", "KT901"},
    "lab:ExitingPuller": {"KT104", "KT805"},
    "lab:EarlyPuller": {"KT602"},
}
"""Project and module -> rules with a finding, behind its module where there are
several."""


@pytest.mark.chaos
@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", EXPECTED)
def test_fixture_module_gets_the_expected_findings(name: str) -> None:
    """All of them, and no other."""
    project, _, module = name.partition(":")

    report = check_project(PROJECTS / project, module=module, quick_limits=True)

    found = {
        one.rule if module else f"{one.module.partition('(')[0]} {one.rule}"
        for one in report.findings
    }
    assert found == EXPECTED[name], report.to_json()


@pytest.mark.chaos
@pytest.mark.timeout(300)
def test_state_shared_by_a_class_is_found() -> None:
    """What else is seen depends on which of its instances came first."""
    report = check_project(PROJECTS / "lab", module="ClassStatePuller")

    assert "KT803" in report.broken
