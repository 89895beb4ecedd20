"""The program with data of its definition made smaller, so that little takes long.

The code stays what it is. Imports nothing the program would not import.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from alibaba_cloud.log_service import settings

if TYPE_CHECKING:
    from alibaba_cloud.log_service.settings import Rules
    from support.mutants.patching import Patch

SMALL_PART = 100
"""Records behind which a position is saved by `small_parts`."""


def small_parts(patch: Patch = setattr) -> None:
    """Save the position ten times as often."""
    _change(patch, records_per_save=SMALL_PART)


def hasty(patch: Patch = setattr) -> None:
    """Repeat calls after a hundredth of the wait, and look for shards all the time."""
    _change(
        patch,
        retry_initial_s=0.005,
        retry_maximum_s=0.3,
        shard_list_interval_s=0.05,
    )


def _change(patch: Patch, **changes: Any) -> None:
    read = settings._rules

    def changed(merged: dict[str, Any]) -> Rules:
        return replace(read(merged), **changes)

    patch(settings, "_rules", changed)
