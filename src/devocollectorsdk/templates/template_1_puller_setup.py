"""A setup in steps: credentials are made, kept fresh, and tried."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from devocollectorsdk.inputs.collector_puller_setup_abstract import (
    CollectorPullerSetupAbstract,
)
from devocollectorsdk.templates.exceptions.exceptions import SetupError

if TYPE_CHECKING:
    from datetime import datetime

_NOT_PULLABLE = 100
_STILL_EXPIRED = 101


class Template1CollectorPullerSetup(CollectorPullerSetupAbstract):
    """Runs the steps a module implements, each under the puller's rate limits."""

    def setup(self, execution_timestamp: datetime) -> None:  # noqa: ARG002  (the contract)
        """Create what is missing, refresh what has expired, and try it.

        Raises:
            SetupError: 100, the source cannot be pulled with these credentials;
                101, they are still expired after a refresh.
        """
        with self.parent_thread.rate_limiter:
            self._sdk_create()
        with self.parent_thread.rate_limiter:
            self._sdk_refresh()

    def _sdk_create(self) -> None:
        if self.service_auth_is_defined():
            self.log_debug("The authentication exists already")
            return
        self.build_authentication()
        self.log_info("The authentication has been created")

    def _sdk_refresh(self) -> None:
        if not self.service_auth_is_valid():
            self.refresh_auth()
            if not self.service_auth_is_valid():
                cause = "The authentication is still expired after a refresh"
                raise SetupError(_STILL_EXPIRED, cause)
            self.log_info("The authentication has been refreshed")
        if not self.remote_source_is_pullable():
            cause = "The remote source cannot be pulled with these credentials"
            raise SetupError(_NOT_PULLABLE, cause)

    @abstractmethod
    def service_auth_is_defined(self) -> bool:
        """Tell whether there is any authentication, valid or not."""

    @abstractmethod
    def build_authentication(self) -> None:
        """Make the authentication, usually in `collector_variables`."""

    @abstractmethod
    def service_auth_is_valid(self) -> bool:
        """Tell whether the authentication has not expired."""

    @abstractmethod
    def refresh_auth(self) -> None:
        """Renew the authentication."""

    @abstractmethod
    def remote_source_is_pullable(self) -> bool:
        """Tell whether the source answers with this authentication."""
