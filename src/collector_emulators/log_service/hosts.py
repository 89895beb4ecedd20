"""Which project a request is for: the first part of its `Host`.

It knows forms of names, not which projects exist.

Source: vendor documentation of the endpoints; `-intranet` is the one inside a
VPC, `-share` the one inside the classic network.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

LOOPBACK: Final = ("127.0.0.1", "localhost")

_PUBLIC: Final = re.compile(
    r"(?:(?P<project>[^.]+)\.)?"
    r"(?P<region>[a-z0-9-]+?)(?:-intranet|-share|-internal)?\.log\.aliyuncs\.com"
)


class Place(NamedTuple):
    """What a host names.

    Attributes:
        project: "" for none.
        region: None when the host does not say it.
    """

    project: str
    region: str | None


def read_host(host: str, suffixes: Iterable[str] = LOOPBACK) -> Place | None:
    """Return what the header `Host` names, or None when it is a stranger's.

    Args:
        host: With or without a port.
        suffixes: Names of this endpoint besides the vendor's public ones.
    """
    name = re.sub(r":\d*$", "", host.strip()).lower()
    public = _PUBLIC.fullmatch(name)
    if public is not None:
        return Place(public["project"] or "", public["region"])
    for suffix in suffixes:
        if name == suffix:
            return Place("", None)
        if name.endswith(f".{suffix}"):
            return Place(name.removesuffix(f".{suffix}"), None)
    return None
