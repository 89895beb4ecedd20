"""How the service is split: one module for `logstore`, one per item of `logstores`."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from devocollectorsdk.inputs.collector_submodules_calculator import (
    CollectorSubmodulesCalculator,
)

from ..errors import InitVariablesError
from ..problems import MISSING_SETTING


class LogStoresCalculator(CollectorSubmodulesCalculator):
    """Makes one submodule of each Log Store in a list, none of a single one."""

    @staticmethod
    def calculate_submodules(
        service_name: str, submodules_property: str, input_config: Dict[str, Any]
    ) -> Dict[Optional[str], Any]:
        """Return submodule name -> Log Store.

        A single Log Store gives the name None: its thread's name is the one of the
        public guide's form.

        Args:
            service_name: Key of the service in the input's block.
            submodules_property: Setting that holds the list, `logstores`.
            input_config: The user's block of the input.

        Raises:
            InitVariablesError: No Log Store is configured.
        """
        service: Dict[str, Any] = input_config["services"].get(service_name) or {}
        several: List[str] = service.get(submodules_property) or []
        if not several and not service.get("logstore"):
            cause = f"{service_name}: logstore, or {submodules_property}"
            raise InitVariablesError(MISSING_SETTING, cause)
        return {logstore: logstore for logstore in several} or {None: None}
