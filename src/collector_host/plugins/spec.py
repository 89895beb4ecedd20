"""Every hook a plugin may implement. Nothing else lives here.

A plugin is a module named in the entry-point group `collector_host`. All hooks are
called once, before any thread starts; a name offered by two plugins stops the
start-up. Classes are named, not passed, so that a vendor's SDK is imported only
when a service that uses it is enabled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

NAME = "collector_host"
"""Project name of the hooks and of the entry-point group."""

_hookspec = pluggy.HookspecMarker(NAME)


@_hookspec
def collector_pullers() -> Mapping[str, str]:  # pyright: ignore[reportReturnType]
    """Offer puller classes.

    Returns:
        Name of the class as written in the catalogue -> `package.module:Class`.
    """


@_hookspec
def collector_setups() -> Mapping[str, str]:  # pyright: ignore[reportReturnType]
    """Offer setup classes.

    Returns:
        Name of the class as written in the catalogue -> `package.module:Class`.
    """


@_hookspec
def collector_submodule_calculators() -> Mapping[str, str]:  # pyright: ignore[reportReturnType]
    """Offer classes that split a service into submodules.

    Returns:
        Name of the class as written in the catalogue -> `package.module:Class`.
    """


@_hookspec
def collector_definitions() -> Sequence[Path]:  # pyright: ignore[reportReturnType]
    """Offer the catalogue and the service definitions that complete it.

    Returns:
        YAML files; the catalogue first.
    """


@_hookspec
def collector_schemas() -> Sequence[Path]:  # pyright: ignore[reportReturnType]
    """Offer JSON Schemas; definitions refer to them by `$id`.

    Returns:
        JSON files, in any order.
    """


@_hookspec
def collector_secrets() -> Sequence[str]:  # pyright: ignore[reportReturnType]
    """Name the settings whose values must never be shown.

    Returns:
        Dotted paths below an input, `*` for any key or index, e.g.
        `credentials.access_key_secret`.
    """


@_hookspec
def collector_requirements() -> Sequence[str]:  # pyright: ignore[reportReturnType]
    """Name what the modules need where this host is not, beside the SDK itself.

    Asked for by `collector export-sdk` only.

    Returns:
        Requirements with exact versions that run on Python 3.9, e.g. `lz4==4.4.5`.
    """
