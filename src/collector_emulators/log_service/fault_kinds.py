"""The kinds of fault the Log Service knows, and what their options must be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from collector_emulators.log_service.page_faults import PAGE_FAULTS
from collector_emulators.log_service.routes import TYPES
from collector_emulators.log_service.wire_faults import (
    ANSWER_FAULTS,
    WRONG_ANSWERS,
    planned_error,
)
from collector_emulators.log_service.world_faults import WORLD_FAULTS

if TYPE_CHECKING:
    from collector_emulators.faults import Fault

ERROR_FAULT: Final = "error"

FAULT_KINDS: Final = frozenset(
    {ERROR_FAULT, *WRONG_ANSWERS, *ANSWER_FAULTS, *PAGE_FAULTS, *WORLD_FAULTS}
)

_NEED_SECONDS: Final = frozenset({"delay", "stall_body", "time_passes"})


def check_fault(fault: Fault) -> None:
    """Find mistakes when a plan is made, not when it strikes.

    Raises:
        ValueError: If the kind, or the type of call it is bound to, is unknown.
        KeyError: If an option is missing, or the code of an error is unknown.
    """
    if fault.kind not in FAULT_KINDS:
        message = f"unknown fault {fault.kind!r}; known are {sorted(FAULT_KINDS)}"
        raise ValueError(message)
    wanted = fault.options.get("type", [])
    for kind in [wanted] if isinstance(wanted, str) else wanted:
        if kind not in TYPES:
            message = f"unknown type {kind!r}; known are {sorted(TYPES)}"
            raise ValueError(message)
    if fault.kind == ERROR_FAULT:
        planned_error(fault)
    if fault.kind in _NEED_SECONDS:
        float(fault.options["seconds"])
    if fault.kind == "raw_event":
        str(fault.options["json"])
