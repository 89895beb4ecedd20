"""What the plugin offers to host and linter; classes are named, not imported.

It knows neither the vendor's SDK nor the host.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Dict, List

import pluggy

from .resources import data_root

if TYPE_CHECKING:
    from pathlib import Path

    from collector_lint.rule import Rule

_hook = pluggy.HookimplMarker("collector_host")
_lint_hook = pluggy.HookimplMarker("collector_lint")
_PLACES = {
    "ActionTrailStandardPuller": "actiontrail.puller",
    "LogServiceStandardPuller": "log_service.puller",
    "ActionTrailBasePullerSetup": "actiontrail.setup",
    "LogServiceBasePullerSetup": "log_service.setup",
    "RegionsCalculator": "actiontrail.regions",
    "LogStoresCalculator": "log_service.stores",
}
"""Class -> its module in this package."""


def _offered(suffix: str) -> Dict[str, str]:
    return {
        name: f"{__package__}.{place}:{name}"
        for name, place in _PLACES.items()
        if name.endswith(suffix)
    }


@_hook
def collector_pullers() -> Dict[str, str]:
    """Offer the puller classes."""
    return _offered("Puller")


@_hook
def collector_setups() -> Dict[str, str]:
    """Offer the setup classes."""
    return _offered("Setup")


@_hook
def collector_submodule_calculators() -> Dict[str, str]:
    """Offer the classes that split a service by region or by Log Store."""
    return _offered("Calculator")


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


@_hook
def collector_requirements() -> List[str]:
    """Name the vendor's SDKs, in the versions that were tried; also on Python 3.9.

    What they need in turn is left open: the other host has versions of its own.
    """
    return [
        "alibabacloud-actiontrail20200706==2.6.0",
        "alibabacloud-credentials==1.0.12",
        # The client relies on how these two work inside.
        "alibabacloud-tea-openapi==0.4.6",
        "darabonba-core==1.0.9",
        "aliyun-log-python-sdk==0.9.52",
    ]


@_lint_hook
def collector_lint_rules() -> List[Rule]:
    """Offer the rules that only someone who knows the vendor can write."""
    from . import (  # noqa: PLC0415  (the host needs none of it)
        lint_access_key,
        lint_added_fields,
        lint_endpoint,
        lint_global_events,
        lint_late_events,
        lint_quota,
        lint_regions,
        lint_retention,
        lint_shard_group,
    )

    modules = (
        *(lint_retention, lint_global_events, lint_late_events, lint_quota),
        *(lint_regions, lint_shard_group, lint_endpoint, lint_added_fields),
        lint_access_key,
    )
    return [module.RULE for module in modules]
