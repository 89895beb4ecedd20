"""The kinds of fault ActionTrail knows, and what their options must be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from collector_emulators.actiontrail.page_faults import PAGE_FAULTS
from collector_emulators.actiontrail.wire_faults import (
    ANSWER_FAULTS,
    WRONG_ANSWERS,
    planned_error,
)

if TYPE_CHECKING:
    from collector_emulators.faults import Fault

ERROR_FAULT: Final = "error"

FAULT_KINDS: Final = frozenset(
    {ERROR_FAULT, *WRONG_ANSWERS, *ANSWER_FAULTS, *PAGE_FAULTS}
)


def check_fault(fault: Fault) -> None:
    """Find mistakes when a plan is made, not when it strikes.

    Raises:
        ValueError: If the kind is unknown.
        KeyError: If an option is missing, or the code of an error is unknown.
    """
    if fault.kind not in FAULT_KINDS:
        message = f"unknown fault {fault.kind!r}; known are {sorted(FAULT_KINDS)}"
        raise ValueError(message)
    if fault.kind == ERROR_FAULT:
        planned_error(fault)
    if fault.kind == "delay":
        float(fault.options["seconds"])
    if fault.kind == "raw_event":
        str(fault.options["json"])
