"""What protects against a bad receiver, each taken out."""

from __future__ import annotations

import contextlib

from collector_host.delivery.items import Level
from collector_host.delivery.levels import LevelPolicy
from collector_host.delivery.sender import Sender
from collector_host.delivery.transports.devo import Connection
from collector_host.errors import DeliveryError
from support.mutants.patching import Patch


def confirm_on_bare_eof(patch: Patch = setattr) -> None:
    """Believe a bare end of a receiver that can do better."""
    patch(LevelPolicy, "required", Level.EOF)


def go_on_after_failed_write(patch: Patch = setattr) -> None:
    """Leave out what could not be written, and stay on the connection."""
    send = Connection.send

    def send_or_skip(self: Connection, piece: bytes) -> None:
        with contextlib.suppress(DeliveryError):
            send(self, piece)

    patch(Connection, "send", send_or_skip)


def never_back_off(patch: Patch = setattr) -> None:
    """Try again at once."""
    patch(Sender, "_sleep", lambda _self, _seconds: None)
