"""The vendor's SDK, tamed: quiet, without redirects, with the proxy we chose.

The only place that touches what the SDK keeps to itself; it knows no API call.

Source:
    Behaviour measured with alibabacloud-tea-openapi 0.4.6 and darabonba-core 1.0.9.
"""

from __future__ import annotations

import logging
import os
from typing import Any, Callable, Dict, Mapping, Optional

from ..importing import import_alone

_logger = logging.getLogger(__name__)
_NOISY_LOGGERS = {
    "darabonba-core": logging.WARNING,
    "alibabacloud-tea": logging.WARNING,
    # Whatever goes wrong there reaches us as an exception, and is said once, by us.
    "credentials": logging.CRITICAL,
    "apscheduler": logging.CRITICAL,
}


def load(module_name: str) -> Any:
    """Import a module of the vendor's SDK, without its noise.

    The SDK gives its loggers handlers of their own and prints whole requests,
    signatures included, while the variable DEBUG is `sdk`.
    """
    if os.environ.get("DEBUG", "").lower() == "sdk":
        del os.environ["DEBUG"]
        _logger.warning(
            "DEBUG=sdk was removed from the environment: the vendor's SDK would"
            " print credentials"
        )
    module = import_alone(module_name)
    for name, level in _NOISY_LOGGERS.items():
        noisy = logging.getLogger(name)
        noisy.handlers.clear()
        noisy.setLevel(level)
    return module


def address_of(client: Any) -> str:
    """Return the host an SDK client chose for its region and network."""
    return str(client._endpoint)  # noqa: SLF001  (the SDK shows it nowhere else)


def tame_session(
    protocol: str,
    host: str,
    proxy: Optional[str],
    ca_file: Optional[str],
    inspect: Callable[[int, Mapping[str, str], bytes], None],
) -> None:
    """Prepare the SDK's HTTP session of an address before its first use.

    Left alone, the SDK follows redirects with a signed request and ignores NO_PROXY.
    It keeps one session for each address of the process, under a key of its own.

    Args:
        protocol: `http` or `https`.
        host: Host, with the port if it is not the protocol's own.
        proxy: URL of the proxy to use, or None to connect directly.
        ca_file: File with the certificate authorities to trust, or None.
        inspect: Given status, headers and body of every answer before the SDK; what
            it raises ends the call.
    """
    core = load("darabonba.core")
    request: Any = load("darabonba.request").DaraRequest()
    pool_size = core.DEFAULT_POOL_MAXSIZE
    session = core.DaraCore._get_session(  # noqa: SLF001  (no public way to a session)
        session_key=f"{protocol}://{host}:{request.port}:pool={pool_size}",
        protocol=protocol,
        verify=ca_file or True,
        pool_size=pool_size,
    )
    plain_send = session.__class__.send
    proxies: Dict[str, str] = {protocol: proxy} if proxy else {}

    def send(prepared: Any, **options: Any) -> Any:
        chosen = {**options, "proxies": proxies, "allow_redirects": False}
        answer = plain_send(session, prepared, **chosen)
        inspect(answer.status_code, answer.headers, answer.content)
        return answer

    session.send = send
