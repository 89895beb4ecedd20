"""What every emulator of a service is: a server, its control door, their handles."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Final, Self

from collector_emulators.accounts import (
    EXAMPLE_KEY_ID,
    EXAMPLE_KEY_SECRET,
    AccessKey,
    Accounts,
)
from collector_emulators.control import ControlServer
from collector_emulators.http_server import HttpServer

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping

    from collector_emulators.control import Route
    from collector_emulators.http_server import Answer, Request

DEFAULT_REGION: Final = "cn-hangzhou"


class Emulator:
    """A service on loopback, and the door by which it is controlled.

    Use it as a context manager; ports are known once it is entered.

    Args:
        respond: Answers the requests to the service.
        routes: Functions of the control door.
        host: Address to listen on.
        port: Port of the service; 0 lets the system choose.
        control_port: Port of the control door; 0 lets the system choose.
        control_secret: Secret of the control door; made up when None.
        tls: Context for a TLS listener; None serves plain HTTP.
    """

    def __init__(  # noqa: PLR0913 - all by name but what makes the service
        self,
        respond: Callable[[Request], Answer],
        routes: Mapping[str, Route],
        *,
        host: str,
        port: int,
        control_port: int,
        control_secret: str | None,
        tls: ssl.SSLContext | None,
    ) -> None:
        self._server = HttpServer(respond, host=host, port=port, tls=tls)
        self._control = ControlServer(
            routes, host=host, port=control_port, secret=control_secret
        )
        self._running = ExitStack()

    @property
    def endpoint(self) -> str:
        """Where clients find the service, in the form they want it."""
        return f"{self.host}:{self.port}"

    def __enter__(self) -> Self:
        with ExitStack() as starting:
            starting.enter_context(self._control)
            starting.enter_context(self._server)
            self._running = starting.pop_all()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._running.close()

    @property
    def host(self) -> str:
        """Address of the service."""
        return self._server.host

    @property
    def port(self) -> int:
        """Port of the service."""
        return self._server.port

    @property
    def control_url(self) -> str:
        """Address of the control door, ending in `/_emu/`."""
        return self._control.url

    @property
    def control_secret(self) -> str:
        """What the header `x-emulator-secret` must hold."""
        return self._control.secret

    def refuse(self, seconds: float) -> None:
        """Cut every connection and refuse new ones for real `seconds`."""
        self._server.refuse(seconds)

    def listen(self) -> None:
        """End a refusal early."""
        self._server.listen()


def example_accounts() -> Accounts:
    """Return accounts with the example key alone."""
    return Accounts([AccessKey(EXAMPLE_KEY_ID, EXAMPLE_KEY_SECRET)])
