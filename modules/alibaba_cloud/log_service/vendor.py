"""The vendor's SDK, tamed: one try a call, no redirects, the route we chose.

The only place that touches what the SDK keeps to itself; it knows no API call.

Source:
    Behaviour measured with aliyun-log-python-sdk 0.9.52.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Dict, Optional
from urllib.parse import urlsplit, urlunsplit

from ..endpoint import is_loopback, proxy_for
from ..errors import ApiError
from ..importing import import_alone
from ..problems import TRANSPORT
from .failures import shown_reason, translate

if TYPE_CHECKING:
    from ..credentials import Credentials, CredentialSource
    from .settings import Connection


class _Key:
    """A key in the form the SDK asks for."""

    def __init__(self, key: Credentials) -> None:
        self._key = key

    def get_access_key_id(self) -> str:
        return self._key.access_key_id

    def get_access_key_secret(self) -> str:
        return self._key.access_key_secret

    def get_security_token(self) -> Optional[str]:
        return self._key.security_token


class _Provider:
    """Asked by the SDK for every request, so a rotated key counts at once."""

    def __init__(self, source: CredentialSource) -> None:
        self._source = source

    def get_credentials(self) -> _Key:
        return _Key(self._source.get_credential())


def open_client(connection: Connection, credentials: CredentialSource) -> Any:
    """Return a client of the SDK that makes one try a call, for one thread.

    Args:
        connection: How the Log Store is reached.
        credentials: Where the access key comes from.
    """
    endpoint = connection.endpoint
    client: Any = _one_try_class()(
        f"{endpoint.protocol}://{endpoint.host}",
        source="",
        auth_version=connection.signature,
        region=connection.region,
        credentials_provider=_Provider(credentials),
    )
    client.timeout = (connection.connect_timeout_s, connection.read_timeout_s)
    client.set_user_agent(connection.user_agent)
    session = client._session  # noqa: SLF001  (no public way to a session)
    # Reading the environment costs a quarter of an empty call, and knows less.
    session.trust_env = False
    session.verify = connection.ca_file or True
    proxy = proxy_for(endpoint, connection.proxy, os.environ)
    if proxy:
        session.proxies = {endpoint.protocol: proxy}
    if is_loopback(urlsplit(f"//{endpoint.host}").hostname or ""):
        prefix = f"{endpoint.protocol}://{connection.project}.{endpoint.host}"
        session.mount(prefix, _loopback_adapter(connection.project))
    return client


def backend_is_compiled() -> bool:
    """Tell whether messages are decoded by compiled code, some ten times as fast."""
    implementation: Any = import_alone("google.protobuf.internal.api_implementation")
    return implementation.Type() != "python"


def log_groups(response: Any) -> Any:
    """Return the log groups of a pull, in the SDK's form that keeps values as bytes.

    The SDK takes it for answers that are no UTF-8. A text is wanted as bytes at its
    end, so taking it always saves the way to a text and back, for each event.

    Raises:
        Exception: The answer cannot be decoded.
    """
    message: Any = import_alone("aliyun.log.proto").LogGroupListRaw()
    message.ParseFromString(undecoded_body(response))
    return message.LogGroups


def undecoded_body(response: Any) -> bytes:
    """Return the body of a pull."""
    return response._raw_uncompressed_body or b""  # noqa: SLF001  (shown nowhere else)


def _loopback_adapter(project: str) -> Any:
    """Return what connects to the bare address; the project stays in the header.

    The SDK puts the project before every host, which is no name on loopback.
    """
    base: Any = import_alone("requests.adapters").HTTPAdapter

    class Bare(base):  # pyright: ignore[reportUntypedBaseClass]
        def send(self, request: Any, *args: Any, **options: Any) -> Any:
            request.url = without_project(request.url, project)
            return base.send(self, request, *args, **options)

    return Bare()


def without_project(url: str, project: str) -> str:
    """Return a URL without the project that the SDK puts before the host."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc[len(project) + 1 :]))


def _one_try_class() -> Any:
    """Return the SDK's client class, without its own repetitions.

    It repeats faults of plain http ten times, a second apart, faults of https never,
    and cannot be interrupted. It catches its own exceptions only, so ours end the
    call; and one read of a body costs half of what its pieces of 10 KB do.
    """
    base: Any = import_alone("aliyun.log").LogClient

    class OneTry(base):  # pyright: ignore[reportUntypedBaseClass]
        def _getHttpResponse(  # noqa: N802  (the SDK's names)
            self, method: str, url: str, params: Any, body: Any, headers: Dict[str, str]
        ) -> Any:
            headers["User-Agent"] = self._user_agent
            try:
                with self._session.request(
                    method,
                    url,
                    params=params,
                    data=body,
                    headers=headers,
                    timeout=self.timeout,
                    allow_redirects=False,
                    stream=True,
                ) as answer:
                    content = answer.raw.read(decode_content=True)
            except Exception as error:
                raise ApiError(TRANSPORT, shown_reason(str(error))) from error
            return answer.status_code, content, answer.headers

        def _sendRequest(self, *args: Any, **options: Any) -> Any:  # noqa: N802
            try:
                return base._sendRequest(self, *args, **options)  # noqa: SLF001
            except Exception as error:
                raise translate(error) from error

    return OneTry
