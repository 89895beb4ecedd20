"""The search for late events with one mechanism taken out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from alibaba_cloud.actiontrail import lagging, state
from alibaba_cloud.actiontrail.lagging import Lagging
from alibaba_cloud.actiontrail.remembered import Remembered
from alibaba_cloud.actiontrail.walk import Walk

if TYPE_CHECKING:
    from datetime import datetime

    from support.mutants.patching import Patch


def forget_between_the_looks(patch: Patch = setattr) -> None:
    """Keep nothing of what was read in the state."""
    patch(lagging, "from_texts", lambda _texts, _forgotten: Remembered())


def forget_where_the_second_look_is(patch: Patch = setattr) -> None:
    """Begin the second look where the first one is, at every load."""
    patch(state, "to_document", lambda _lagging: None)


def follow_without_a_distance(patch: Patch = setattr) -> None:
    """Take for settled whatever was read."""

    def following(
        self: Lagging, before: datetime, after: datetime, settled: datetime
    ) -> Lagging:
        del before, settled
        return self.moved_to(after)

    patch(Lagging, "following", following)


def save_before_sending(patch: Patch = setattr) -> None:
    """Move the position before its page is queued."""
    take = Walk._take

    def save_then_send(self: Walk, *arguments: Any) -> None:
        host, held = self._host, list[str]()
        self._host = replace(host, send=held.extend)
        take(self, *arguments)
        self._host = host
        if held:
            host.send(held)

    patch(Walk, "_take", save_then_send)
