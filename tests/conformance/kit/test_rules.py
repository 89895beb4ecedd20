"""A deliberate mistake breaks the rule it is made for, and no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector_host.conformance import RULES, Report, check_project
from conformance.kit.faulty import (
    DEAF,
    HASTY,
    MEDDLING,
    MISTAKES,
    SHARING,
    SWALLOWING,
    Mistake,
    write,
)

UNREACHABLE = {
    "KT202": "only a module that is ordered by time breaks it, now and then",
    "KT301": "resending is the host's own work",
    "KT302": "as KT202",
    "KT402": "the host ends in time whatever a module does",
    "KT602": "see saves_one_too_few",
}
"""Rules without a mistake of their own here, and why."""

WITH_OTHERS = {
    "deaf_to_a_stop",
    "drops_what_was_refused",
    "looks_into_the_queue",
    "meddles_with_the_configuration",
    "runs_for_ever_after_a_restart",
    "saves_before_it_sends",
    "shares_a_list",
    "sleeps_through_a_stop",
    "swallows_what_a_send_raises",
}
"""Mistakes whose rule is broken in another quick test, too."""


def test_right_module_keeps_every_rule(tmp_path: Path) -> None:
    """Nothing is found and nothing is left open."""
    report = check_project(write(tmp_path / "project"))

    assert report.findings == ()
    assert report.not_judged == {}
    assert report.passed
    assert report.figures["messages"] == 6


def test_five_mistakes_at_once_are_all_found(tmp_path: Path) -> None:
    """Each is named; what they lose together is named, too."""
    changes = (*HASTY, *DEAF, *SHARING, *MEDDLING, *SWALLOWING)

    report = check_project(write(tmp_path / "project", *changes, apples=40))

    assert set(report.broken) >= {"KT401", "KT601", "KT702", "KT803", "KT901"}
    assert set(report.broken) <= {
        *("KT401", "KT501", "KT601", "KT702", "KT703", "KT803", "KT901")
    }


@pytest.mark.parametrize("name", [one for one in MISTAKES if one not in WITH_OTHERS])
def test_mistake_breaks_its_rule(name: str, tmp_path: Path) -> None:
    """It is found by the scenario made for it."""
    mistake = MISTAKES[name]

    report = _check(mistake, tmp_path, only=[mistake.rule])

    assert (*report.broken, *report.noted) == (mistake.rule,)
    assert report.passed == (RULES[mistake.rule].severity == "note")


@pytest.mark.chaos
@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", MISTAKES)
def test_mistake_breaks_no_other_rule(name: str, tmp_path: Path) -> None:
    """All scenarios find what is expected, and nothing else."""
    mistake = MISTAKES[name]

    report = _check(mistake, tmp_path)

    found = {*report.broken, *report.noted} - {*mistake.sometimes}
    assert found == {*mistake.broken}, report.to_json()


def test_every_rule_has_a_mistake() -> None:
    """Or a reason why it has none."""
    made = {mistake.rule for mistake in MISTAKES.values()}

    assert made | UNREACHABLE.keys() == RULES.keys()
    assert not made & UNREACHABLE.keys()


def _check(mistake: Mistake, folder: Path, only: list[str] | None = None) -> Report:
    project = write(folder / "project", *mistake.changes, apples=mistake.apples)
    return check_project(project, only=only or [], limit_s=3)
