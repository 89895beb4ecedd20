"""The small calls beside LookupEvents, answered for an account without trails.

It knows nothing of events.

Source: vendor documentation of DescribeTrails, GetTrailStatus, DescribeRegions and
GetGlobalEventsStorageRegion.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from collector_emulators.actiontrail.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Action = Callable[[Mapping[str, str]], dict[str, Any]]


def trail_actions(region: str, global_region: str) -> Mapping[str, Action]:
    """Return the function of each action; it takes the request's parameters."""

    def describe_regions(_parameters: Mapping[str, str]) -> dict[str, Any]:
        known = {
            "RegionId": region,
            "RegionEndpoint": f"actiontrail.{region}.aliyuncs.com",
            "LocalName": region,
        }
        return {"Regions": {"Region": [known]}}

    def global_storage(_parameters: Mapping[str, str]) -> dict[str, Any]:
        return {"StorageRegion": global_region}

    return {
        "DescribeTrails": _describe_trails,
        "GetTrailStatus": _trail_status,
        "DescribeRegions": describe_regions,
        "GetGlobalEventsStorageRegion": global_storage,
    }


def _describe_trails(_parameters: Mapping[str, str]) -> dict[str, Any]:
    return {"TrailList": []}


def _trail_status(parameters: Mapping[str, str]) -> dict[str, Any]:
    well_formed = re.fullmatch(r"[a-z][a-z0-9_-]{5,35}", parameters.get("Name", ""))
    code = "TrailNotFoundException" if well_formed else "InvalidTrailNameException"
    raise ApiError(code=code)
