"""The core keeps its promises under any order of work and faults."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from model.machine import CoreMachine
from support.mutants import core

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.mutants.patching import Patch

_STEPS = 12
_SHORT = settings(
    max_examples=200,
    stateful_step_count=_STEPS,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
_LONG = settings(_SHORT, max_examples=20_000, derandomize=False, print_blob=True)
_SEARCH = settings(_SHORT, max_examples=400, phases=[Phase.generate])


@pytest.fixture(autouse=True)
def _silence() -> None:
    """Every example logs its faults as the product does: thousands of lines."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def test_core_loses_nothing_in_any_order_of_events() -> None:
    """Committed is stored, duplicates are bounded, order is kept, all arrives."""
    run_state_machine_as_test(CoreMachine, settings=_SHORT)


@pytest.mark.chaos
@pytest.mark.timeout(3600)
def test_core_loses_nothing_in_any_order_of_events_at_length() -> None:
    """The same, a hundred times as many examples, other ones in every run."""
    run_state_machine_as_test(CoreMachine, settings=_LONG)


@pytest.mark.parametrize("mutant", core.MUTANTS, ids=lambda one: one.__name__)
def test_model_finds_the_core_without(
    mutant: Callable[[Patch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each mechanism is needed: without it the model finds a broken promise."""
    mutant(monkeypatch.setattr)

    with pytest.raises(AssertionError):
        run_state_machine_as_test(CoreMachine, settings=_SEARCH)
