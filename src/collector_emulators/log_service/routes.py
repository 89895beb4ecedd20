"""Which API a request calls, and on what.

It knows addresses only. Names of APIs and rights are the vendor's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import parse_qsl, unquote

from collector_emulators.log_service.hosts import read_host

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from collector_emulators.http_server import Request


class Route(NamedTuple):
    """One API.

    Attributes:
        action: Its name.
        type: What faults call it.
        right: What RAM calls it.
        method: HTTP method.
        path: Form of the address.
        when: Name and accepted values of a query parameter that decides too.
    """

    action: str
    type: str
    right: str
    method: str
    path: re.Pattern[str]
    when: tuple[str, frozenset[str]] | None = None


_STORE: Final = "/logstores/(?P<logstore>[^/]+)"
_SHARD: Final = rf"{_STORE}/shards/(?P<shard>\d+)"
_GROUPS: Final = f"{_STORE}/consumergroups"
_GROUP: Final = f"{_GROUPS}/(?P<group>[^/]+)"

_READ: Final = "GetCursorOrData"
_BEAT: Final = "ConsumerGroupHeartBeat"
_CHECK_IN: Final = "ConsumerGroupUpdateCheckPoint"

_TABLE: Final[tuple[tuple[str, str, str, str, str, str], ...]] = (
    ("PullLogs", "log", _READ, "GET", _SHARD, "type=log|logs"),
    ("GetCursor", "cursor", _READ, "GET", _SHARD, "type=cursor"),
    ("GetCursorTime", "cursor_time", _READ, "GET", _SHARD, "type=cursor_time"),
    ("ListShards", "shards", "ListShards", "GET", f"{_STORE}/shards", ""),
    ("PutLogs", "put", "PostLogStoreLogs", "POST", f"{_STORE}/shards/(?:lb|route)", ""),
    ("SplitShard", "split", "SplitShard", "POST", _SHARD, "action=split"),
    ("MergeShard", "merge", "MergeShards", "POST", _SHARD, "action=merge"),
    ("DeleteShard", "delete_shard", "DeleteShard", "DELETE", _SHARD, ""),
    ("ListConsumerGroup", "groups", "ListConsumerGroup", "GET", _GROUPS, ""),
    ("CreateConsumerGroup", "groups", "CreateConsumerGroup", "POST", _GROUPS, ""),
    ("UpdateConsumerGroup", "groups", "UpdateConsumerGroup", "PUT", _GROUP, ""),
    ("DeleteConsumerGroup", "groups", "DeleteConsumerGroup", "DELETE", _GROUP, ""),
    (_BEAT, "heartbeat", _BEAT, "POST", _GROUP, "type=heartbeat"),
    (_CHECK_IN, "checkpoint", _CHECK_IN, "POST", _GROUP, "type=checkpoint"),
    ("GetCheckPoint", "checkpoint", "GetConsumerGroupCheckPoint", "GET", _GROUP, ""),
    ("GetLogs", "search", "GetLogStoreLogs", "POST", f"{_STORE}/logs", ""),
    (
        "GetHistograms",
        "histogram",
        "GetLogStoreHistogram",
        "GET",
        _STORE,
        "type=histogram",
    ),
    ("GetLogStore", "logstore", "GetLogStore", "GET", _STORE, ""),
    ("UpdateLogStore", "logstore", "UpdateLogStore", "PUT", _STORE, ""),
    ("DeleteLogStore", "logstore", "DeleteLogStore", "DELETE", _STORE, ""),
    ("ListLogStores", "logstores", "ListLogStores", "GET", "/logstores", ""),
    ("CreateLogStore", "logstores", "CreateLogStore", "POST", "/logstores", ""),
    ("GetProject", "project", "GetProject", "GET", "/", ""),
    ("CreateProject", "project", "CreateProject", "POST", "/", ""),
    ("UpdateProject", "project", "UpdateProject", "PUT", "/", ""),
    ("DeleteProject", "project", "DeleteProject", "DELETE", "/", ""),
)
"""Action, type, right, method, path, and the parameter that decides too."""


def _make_route(row: tuple[str, str, str, str, str, str]) -> Route:
    action, kind, right, method, path, when = row
    name, _, values = when.partition("=")
    choice = (name, frozenset(values.split("|"))) if when else None
    return Route(action, kind, f"log:{right}", method, re.compile(path), choice)


ROUTES: Final = tuple(map(_make_route, _TABLE))
_LIST_PROJECT: Final = _make_route(
    ("ListProject", "projects", "ListProject", "GET", "/", "")
)

TYPES: Final = frozenset(route.type for route in (*ROUTES, _LIST_PROJECT))
"""What the option `type` of a fault may be."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What a request asks for.

    Attributes:
        request: The request itself.
        route: The API; None when the emulator has none for it.
        project: From the host; "" for none.
        region: From the host; None when it does not say.
        is_known_host: False when the host is a stranger's.
        query: Parameters, decoded.
        names: What the address names: `logstore`, `shard`, `group`.
    """

    request: Request
    route: Route | None
    project: str
    region: str | None
    is_known_host: bool
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    names: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def logstore(self) -> str:
        """Name of the logstore; "" for none."""
        return self.names.get("logstore", "")

    @property
    def shard(self) -> int:
        """Number of the shard; -1 for none."""
        return int(self.names.get("shard", "-1"))

    @property
    def resource(self) -> str:
        """The thing asked for, as RAM calls it."""
        store = f"/logstore/{self.logstore}" if self.logstore else ""
        return f"project/{self.project or '*'}{store}"

    def subject(self) -> dict[str, str]:
        """Return what faults can be bound to."""
        route = self.route
        return {
            "action": route.action if route else "",
            "type": route.type if route else "",
            "method": self.request.method,
            "project": self.project,
            **self.names,
        }


BOUND_BY: Final = ("action", "type", "method", "project", "logstore", "shard")
"""Options that bind a fault to certain calls."""


def read_ask(request: Request, suffixes: Iterable[str]) -> Ask:
    """Return what `request` asks for; nothing is judged here."""
    place = read_host(request.headers.get("host", ""), suffixes)
    project = place.project if place else ""
    query = dict(parse_qsl(request.query, keep_blank_values=True))
    path = unquote(request.path)
    route, names = _find(request.method, path, query)
    if route is not None and route.action == "GetProject" and not project:
        route = _LIST_PROJECT
    region = place.region if place else None
    return Ask(request, route, project, region, place is not None, query, names)


def _find(
    method: str, path: str, query: Mapping[str, str]
) -> tuple[Route | None, dict[str, str]]:
    names: dict[str, str] = {}
    for route in ROUTES:
        match = route.path.fullmatch(path)
        if match is None:
            continue
        names = match.groupdict()
        name, values = route.when or ("", frozenset[str]())
        if route.method == method and (not name or query.get(name) in values):
            return route, names
    return None, names
