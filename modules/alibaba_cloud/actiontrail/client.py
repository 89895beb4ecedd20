"""The only door to the vendor's SDK: one call, one page or one of our errors.

It knows neither windows nor what becomes of the events.
"""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, Any, Dict, Optional

from ..endpoint import Endpoint, proxy_for
from . import vendor
from .answers import Page, parse_page, refuse_unreadable
from .failures import translate

if TYPE_CHECKING:
    from ..credentials import CredentialSource
    from .settings import Connection
    from .window import Window

_logger = logging.getLogger(__name__)


class ActionTrailClient:
    """Calls LookupEvents.

    Args:
        connection: How the service is reached.
        credentials: Where the access key comes from.

    Source:
        Vendor documentation of LookupEvents, API version 2020-07-06.
    """

    def __init__(self, connection: Connection, credentials: CredentialSource) -> None:
        self._credentials = credentials
        models = vendor.load("alibabacloud_tea_openapi.utils_models")
        self._request_class = models.OpenApiRequest
        self._parameters = models.Params(
            action="LookupEvents",
            version="2020-07-06",
            protocol="HTTPS",
            pathname="/",
            method="POST",
            auth_type="AK",
            style="RPC",
            req_body_type="formData",
            body_type="byte",
        )
        self._options = vendor.load("darabonba.runtime").RuntimeOptions()
        sdk = vendor.load("alibabacloud_actiontrail20200706.client")
        self._sdk = sdk.Client(_sdk_config(models, connection, credentials))
        self._prepare_session(connection)

    def _prepare_session(self, connection: Connection) -> None:
        host = vendor.address_of(self._sdk)
        endpoint = connection.endpoint or Endpoint("https", host)
        proxy = proxy_for(endpoint, connection.proxy, os.environ)
        vendor.tame_session(
            endpoint.protocol, host, proxy, connection.ca_file, refuse_unreadable
        )
        route = "through a proxy" if proxy else "directly"
        _logger.debug("%s://%s is reached %s", endpoint.protocol, host, route)

    def fetch(self, window: Window, token: Optional[str], page_size: int) -> Page:
        """Return one page of a window, oldest events first.

        Args:
            window: Bounds of the query, the same for all its pages.
            token: From the page before; None for the first page.
            page_size: Events asked for, 1 to 50.

        Raises:
            ApiError: The call failed, or gave something else than a page.
        """
        query = {
            "Direction": "FORWARD",
            "StartTime": window.start_text,
            "EndTime": window.end_text,
            "MaxResults": str(page_size),
        }
        if token is not None:
            query["NextToken"] = token
        answer = self._call(query)
        return parse_page(
            answer["body"],
            answer["statusCode"],
            with_token=token is not None,
            request_id=answer["headers"].get("x-acs-request-id"),
        )

    def _call(self, query: Dict[str, str]) -> Dict[str, Any]:
        request = self._request_class(query=query)
        try:
            return self._sdk.call_api(self._parameters, request, self._options)
        except Exception as error:
            raise translate(error, with_token="NextToken" in query) from error

    def refresh_credentials(self) -> None:
        """Fetch the credentials again at the next call."""
        self._credentials.refresh()


def _sdk_config(
    models: Any, connection: Connection, credentials: CredentialSource
) -> Any:
    endpoint = connection.endpoint
    return models.Config(
        credential=credentials,
        region_id=connection.region,
        network=None if connection.network == "public" else connection.network,
        endpoint=endpoint.host if endpoint else None,
        protocol=endpoint.protocol if endpoint else "https",
        connect_timeout=int(connection.connect_timeout_s * 1000),
        read_timeout=int(connection.read_timeout_s * 1000),
        ca=connection.ca_file,
        user_agent=connection.user_agent,
    )
