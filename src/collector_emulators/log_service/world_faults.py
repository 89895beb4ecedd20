"""Faults of the world: what happens to a logstore while it is being read.

They strike before the call is answered, and what they did stays.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

from collector_emulators.log_service.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from collector_emulators.faults import Fault
    from collector_emulators.log_service.replies import Parts
    from collector_emulators.log_service.routes import Ask


def _time_passes(parts: Parts, _ask: Ask, fault: Fault) -> None:
    """Let virtual `seconds` pass: records grow too old, shards vanish."""
    parts.data_clock.advance(float(fault.options["seconds"]))


def _split_shard(parts: Parts, ask: Ask, fault: Fault) -> None:
    """Split the shard `target`, or the one asked for, in the middle."""
    store = parts.catalogue.store(ask.project, ask.logstore)
    store.split(_target(ask, fault), (), parts.data_clock.seconds())


def _merge_shards(parts: Parts, ask: Ask, fault: Fault) -> None:
    """Merge the shard `target`, or the one asked for, with its neighbour."""
    store = parts.catalogue.store(ask.project, ask.logstore)
    store.merge(_target(ask, fault), parts.data_clock.seconds())


def _shard_vanishes(parts: Parts, ask: Ask, fault: Fault) -> None:
    """Drop the shard `target`, or the one asked for, with all it holds."""
    store = parts.catalogue.store(ask.project, ask.logstore)
    now = parts.data_clock.seconds()
    store.delete_shard(_target(ask, fault), now, force=True)


def _store_deleted(parts: Parts, ask: Ask, _fault: Fault) -> None:
    """Drop the logstore asked for."""
    parts.catalogue.delete_store(ask.project, ask.logstore)


def _target(ask: Ask, fault: Fault) -> int:
    return int(fault.options.get("target", ask.shard))


WORLD_FAULTS: Final[Mapping[str, Callable[[Parts, Ask, Fault], None]]] = {
    "merge_shards": _merge_shards,
    "shard_vanishes": _shard_vanishes,
    "split_shard": _split_shard,
    "store_deleted": _store_deleted,
    "time_passes": _time_passes,
}


def change_world(parts: Parts, ask: Ask, fault: Fault) -> None:
    """Let `fault` happen; one that does not fit what exists changes nothing."""
    with contextlib.suppress(ApiError):
        WORLD_FAULTS[fault.kind](parts, ask, fault)
