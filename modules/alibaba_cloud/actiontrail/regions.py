"""How the service is split: one module for `region`, one per item of `regions`."""

from __future__ import annotations

import logging
from typing import Any, Dict, List, Optional

from devocollectorsdk.inputs.collector_submodules_calculator import (
    CollectorSubmodulesCalculator,
)

from ..errors import InitVariablesError
from ..problems import MISSING_SETTING

_logger = logging.getLogger(__name__)
GLOBAL_REGIONS = frozenset({"cn-hangzhou", "ap-southeast-1"})
"""Where events of global services (sign-ins, RAM, STS) are kept, one or the other.

Source:
    Vendor documentation of ActionTrail, "Global service events".
"""


class RegionsCalculator(CollectorSubmodulesCalculator):
    """Makes one submodule of each region in a list, none of a single region."""

    @staticmethod
    def calculate_submodules(
        service_name: str, submodules_property: str, input_config: Dict[str, Any]
    ) -> Dict[Optional[str], Any]:
        """Return submodule name -> region.

        A single region gives the name None: its thread's name is the one the public
        guide shows.

        Args:
            service_name: Key of the service in the input's block.
            submodules_property: Setting that holds the list, `regions`.
            input_config: The user's block of the input.

        Raises:
            InitVariablesError: No region is configured.
        """
        service: Dict[str, Any] = input_config["services"].get(service_name) or {}
        several: List[str] = service.get(submodules_property) or []
        single: Optional[str] = service.get("region")
        if not several and not single:
            cause = f"{service_name}: region, or {submodules_property}"
            raise InitVariablesError(MISSING_SETTING, cause)
        regions = several or [str(single)]
        if GLOBAL_REGIONS.isdisjoint(regions):
            _logger.warning(
                "None of %s is read: console sign-ins and other events of global"
                " services will be missing",
                " and ".join(sorted(GLOBAL_REGIONS)),
            )
        return {region: region for region in several} or {None: None}
