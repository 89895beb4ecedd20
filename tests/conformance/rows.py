"""Rows of the contract in words, and the fixture modules that cover each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from conformance.expectations import farm, garden, lab, mill, mine, office, shop

if TYPE_CHECKING:
    from conformance.model import Fixture, Run

CONTRACT: Final = {}

RUNS: Final[tuple[Run, ...]] = (garden.GARDEN, garden.TO_A_RELAY, mill.MILL, mill.VALIDATED, farm.FARM, farm.MIXED, mine.MINE, mine.TAKEN_OVER, office.OFFICE, office.UPGRADED, office.WRONG_TYPE, office.TOO_MANY, shop.SHOP, shop.FORGETFUL, shop.NO_TYPES, lab.LAB, lab.BROKEN, lab.POISONED)


def covered(row: str) -> list[Fixture]:
    """Return the fixtures that cover a row."""
    return [
        fixture for each in RUNS for fixture in each.fixtures if row in fixture.rows
    ]
