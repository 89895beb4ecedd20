"""Addresses: which ones may be used, and which are reached without a proxy.

Nothing here opens a connection.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Iterable, Mapping, Optional
from urllib.parse import urlsplit

from .errors import InitVariablesError
from .problems import BAD_SETTING, PLAIN_HTTP


@dataclass(frozen=True)
class Endpoint:
    """A service's address.

    Attributes:
        protocol: `http` or `https`.
        host: Host, with the port if it is not the protocol's own.
    """

    protocol: str
    host: str


def parse_endpoint(text: str) -> Endpoint:
    """Return the address a setting names; without a scheme it is https.

    Args:
        text: `https://host[:port]`, `host[:port]`, or `http://` with a loopback host.

    Raises:
        InitVariablesError: The text is no address, or plain http to another machine.
    """
    if "@" in text:  # It may hold a password.
        raise InitVariablesError(BAD_SETTING, "endpoint names a user")
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host = parts.hostname if parts.port != 0 else None
    except ValueError:  # of a bracket that is not closed, or a port that is none
        raise _no_address(text) from None
    extra = parts.path.strip("/") or parts.query or parts.fragment
    if parts.scheme not in {"http", "https"} or not host or extra:
        raise _no_address(text)
    if parts.scheme == "http" and not is_loopback(host):
        raise InitVariablesError(PLAIN_HTTP, f"endpoint {text!r}")
    return Endpoint(parts.scheme, parts.netloc)


def _no_address(text: str) -> InitVariablesError:
    return InitVariablesError(BAD_SETTING, f"endpoint {text!r} is not an address")


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address is this machine's own."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def proxy_for(
    endpoint: Endpoint, explicit: Optional[str], environment: Mapping[str, str]
) -> Optional[str]:
    """Return the URL of the proxy for an address, or None to connect directly.

    A configured proxy wins. Else `HTTPS_PROXY` or `HTTP_PROXY` counts, in either
    case of letters, unless `NO_PROXY` names the host; a loopback address needs none.

    Args:
        endpoint: Where the calls go.
        explicit: The configured proxy, or None.
        environment: The process's variables.

    Raises:
        InitVariablesError: What names the proxy is no address; it is not shown,
            for it may hold a password.
    """
    if explicit:
        return _checked(explicit, "proxy")
    variables = {name.lower(): value for name, value in environment.items()}
    bare_host = urlsplit(f"//{endpoint.host}").hostname or ""
    excluded = variables.get("no_proxy", "").lower().split(",")
    if is_loopback(bare_host) or _is_excluded(endpoint.host, bare_host, excluded):
        return None
    name = f"{endpoint.protocol}_proxy"
    found = variables.get(name)
    return _checked(found, name.upper()) if found else None


def _checked(proxy: str, origin: str) -> str:
    """Return a proxy's URL; what is wrong with it would else be quoted in errors."""
    try:
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        is_address = bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_address = False
    else:
        is_address = is_address and parts.scheme in {"http", "https"}
        is_address = is_address and not (parts.path.strip("/") or parts.query)
    if is_address:
        return proxy
    cause = (
        f"{origin} is not an address such as http://host:8080; in a password, write"
        " / as %2F, ? as %3F, # as %23 and @ as %40"
    )
    raise InitVariablesError(BAD_SETTING, cause)


def _is_excluded(host: str, bare_host: str, excluded: Iterable[str]) -> bool:
    """Tell whether NO_PROXY names a host: itself, a domain above it, or `*`."""
    for entry in excluded:
        name = entry.strip().lstrip(".")
        if name in {"*", host, bare_host}:
            return True
        if name and bare_host.endswith(f".{name}"):
            return True
    return False
