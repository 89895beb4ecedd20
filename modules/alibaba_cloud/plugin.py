"""What the plugin offers to the host; classes are named, not imported.

It knows neither the vendor's SDK nor the host.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Dict, List

import pluggy

from .resources import data_root

if TYPE_CHECKING:
    from pathlib import Path

_hook = pluggy.HookimplMarker("collector_host")
_ACTIONTRAIL = f"{__package__}.actiontrail"


@_hook
def collector_pullers() -> Dict[str, str]:
    """Offer the puller classes."""
    name = "ActionTrailStandardPuller"
    return {name: f"{_ACTIONTRAIL}.puller:{name}"}


@_hook
def collector_setups() -> Dict[str, str]:
    """Offer the setup classes."""
    name = "ActionTrailBasePullerSetup"
    return {name: f"{_ACTIONTRAIL}.setup:{name}"}


@_hook
def collector_submodule_calculators() -> Dict[str, str]:
    """Offer the class that splits a service by region."""
    name = "RegionsCalculator"
    return {name: f"{_ACTIONTRAIL}.regions:{name}"}


@_hook
def collector_definitions() -> List[Path]:
    """Offer the catalogue, then the service definitions."""
    root = data_root()
    definitions = sorted((root / "definitions").glob("*.yaml"))
    return [root / "collector_definitions.yaml", *definitions]


@_hook
def collector_schemas() -> List[Path]:
    """Offer the schemas of the input, its services, their states and events."""
    return sorted((data_root() / "schemas" / "alibaba_cloud").glob("*.json"))


@_hook
def collector_secrets() -> List[str]:
    """Name the settings whose values are never shown."""
    return [
        "credentials.access_key_secret",
        "credentials.security_token",
        "services.*.proxy",
    ]
