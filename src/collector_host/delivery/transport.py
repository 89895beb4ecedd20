"""What a sender asks of a transport: bytes out, then proof.

The contract of every output type; implementations live in `transports`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collector_host.delivery.items import Batch, Level


class Transport(Protocol):
    """One connection at a time, used by one thread.

    Life: `open`, `write` any number of times, then `confirm` or `abort`; after
    either the transport is closed and may be opened again.
    """

    def open(self) -> None:
        """Connect.

        Raises:
            ConnectError: The receiver cannot be reached.
            CertificateError: A certificate of either side was refused.
        """
        ...

    def write(self, batch: Batch) -> None:
        """Hand a batch to the kernel, whole messages in order.

        Raises:
            DeliveryError: Nothing written since `open` counts as delivered; the
                caller aborts and starts again on a new connection.
        """
        ...

    def confirm(self, required: Level) -> Level:
        """Prove that the peer has everything written since `open`, and close.

        Args:
            required: The weakest proof that will do. A transport waits for no
                more than this, and reports more when the peer gives more.

        Returns:
            The proof obtained, at least `required`.

        Raises:
            UnconfirmedError: Less was proved within the deadline.
            CertificateError: The peer refused our certificate (TLS 1.3 says so
                only after the handshake).
        """
        ...

    def probe(self) -> Level:
        """Open an empty connection, close it in order, and report the best proof.

        Raises:
            UnconfirmedError: The connection had no clean end, which teaches nothing.
            ConnectError: The receiver cannot be reached.
            CertificateError: A certificate of either side was refused.
        """
        ...

    def abort(self) -> None:
        """Drop the connection without waiting for the peer; never raises."""
        ...
