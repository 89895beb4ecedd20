"""Errors the host raises on purpose, arranged by what the caller should do.

Codes are stable and listed in docs/errors.md.
"""

from __future__ import annotations

from typing import ClassVar


class CollectorError(Exception):
    """Root of every error of the host.

    Attributes:
        code: Stable identifier, printed in logs and listed in docs/errors.md.
        hint: What the operator should do next, in one sentence, or "".
    """

    code: ClassVar[str] = "DC000"

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint

    def __str__(self) -> str:
        text = f"[{self.code}] {super().__str__()}"
        return f"{text} ({self.hint})" if self.hint else text


class ConfigError(CollectorError):
    """The configuration cannot be used; nothing was started."""

    code = "DC100"


class PluginError(CollectorError):
    """A plugin is missing, clashes with another, or is not for this host."""

    code = "DC110"


class StateError(CollectorError):
    """Saved state cannot be read or written."""

    code = "DC400"


class StateDamagedError(StateError):
    """Every generation of an owner's state is damaged: a human must decide."""

    code = "DC401"


class StateLockedError(StateError):
    """Another process or host uses this state."""

    code = "DC402"


class StateVersionError(StateError):
    """The state was written by a newer version."""

    code = "DC403"


class StateTakenError(StateError):
    """Another host has taken this state over: this one can save nothing more."""

    code = "DC404"


class StateImportError(StateError):
    """A state another program left cannot be taken over: a human must decide."""

    code = "DC405"


class DeliveryError(CollectorError):
    """Delivery failed; everything unconfirmed goes again on a new connection."""

    code = "DC500"


class ConnectError(DeliveryError):
    """The receiver cannot be reached."""

    code = "DC501"


class CertificateError(DeliveryError):
    """One side's certificate was refused or cannot be used."""

    code = "DC502"


class UnconfirmedError(DeliveryError):
    """The receiver did not prove that it read everything."""

    code = "DC503"


class WeakPeerError(DeliveryError):
    """The receiver can prove less than the configuration asks for."""

    code = "DC504"


class OutputGoneError(DeliveryError):
    """The output can never work again; only a new start of the collector helps."""

    code = "DC506"


class RefusedError(DeliveryError):
    """The host did not take an item: it is too late in a stop."""

    code = "DC505"


class UnsendableError(RefusedError):
    """What a module sent cannot be sent at all; the module is told, and decides."""

    code = "DC507"
