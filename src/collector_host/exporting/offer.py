"""One installed plugin, and everything an export takes from it."""

from __future__ import annotations

import importlib.metadata
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from collector_host.errors import PluginError
from collector_host.plugins.manager import Plugins
from collector_host.plugins.spec import NAME

if TYPE_CHECKING:
    from collections.abc import Sequence

_OWN_DISTRIBUTION = "alibaba-audit-collector"


@dataclass(frozen=True, slots=True)
class About:
    """What a distribution says of itself.

    Attributes:
        name: Its name.
        version: Its version.
        summary: One line about it.
        owner: Who made it, or its name.
        labels: Its keywords.
    """

    name: str
    version: str
    summary: str
    owner: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """One plugin.

    Attributes:
        name: Name of its entry point.
        module: Module with its hooks.
        plugins: What the hooks offer.
        about: What its distribution says of itself; empty texts where it is silent.
        license: Text of the distribution's license, or None.
    """

    name: str
    module: str
    plugins: Plugins
    about: About
    license: str | None


def find_offer(name: str | None) -> Offer:
    """Return an installed plugin.

    Args:
        name: Its entry point; None for the only one, or the one that this program
            brings along.

    Raises:
        PluginError: There is no such plugin, or it cannot be loaded.
    """
    entry = _choose(name, list(importlib.metadata.entry_points(group=NAME)))
    distribution = entry.dist
    if distribution is None:
        message = f"the plugin {entry.name} belongs to no installed distribution"
        raise PluginError(message)
    return Offer(
        name=entry.name,
        module=entry.module,
        plugins=Plugins.only(entry.name),
        about=_about(distribution),
        license=_license(distribution),
    )


def _choose(
    name: str | None, entries: Sequence[importlib.metadata.EntryPoint]
) -> importlib.metadata.EntryPoint:
    if name is None and len(entries) > 1:
        own = [
            one for one in entries if one.dist and one.dist.name == _OWN_DISTRIBUTION
        ]
        entries = own or entries
    fitting = [one for one in entries if name in {None, one.name}]
    if len(fitting) == 1:
        return fitting[0]
    known = ", ".join(sorted(one.name for one in entries)) or "none"
    what = f"no plugin is called {name}" if name else "several plugins are installed"
    if not entries:
        what = "no plugin is installed"
    message = f"{what}; installed: {known}"
    raise PluginError(message, hint="choose one with --plugin")


def _about(distribution: importlib.metadata.Distribution) -> About:
    fields = distribution.metadata.json
    name = distribution.name

    def text(*keys: str) -> str:
        return next((str(fields[key]) for key in keys if fields.get(key)), "")

    keywords = " ".join(fields.get("keywords") or [])
    return About(
        name=name,
        version=distribution.version,
        summary=text("summary") or name,
        owner=text("author", "maintainer") or name,
        labels=tuple(re.split(r"[,\s]+", keywords)) if keywords else (),
    )


def _license(distribution: importlib.metadata.Distribution) -> str | None:
    for file in distribution.metadata.get_all("License-File") or []:
        for place in (f"licenses/{file}", file):
            text = distribution.read_text(place)
            if text:
                return text
    return None
