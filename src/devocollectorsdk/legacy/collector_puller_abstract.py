"""The base class of pullers as the older layout has it.

A module makes its own setup there, and `requests_per_second` is a limit.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import TYPE_CHECKING, Any

from devocollectorsdk.inputs import collector_puller_abstract

if TYPE_CHECKING:
    from devocollectorsdk.inputs.collector_puller_setup_abstract import (
        CollectorPullerSetupAbstract,
    )

RATE = "requests_per_second"


class CollectorPullerAbstract(collector_puller_abstract.CollectorPullerAbstract):
    """A puller of the older layout: `agent.inputs.collector_puller_abstract`."""

    @abstractmethod
    def create_setup_instance(
        self,
        setup_class_name: str,
        autosetup_enabled: bool,
        collector_variables: dict[str, Any],
    ) -> CollectorPullerSetupAbstract:
        """Return the setup; called once, if the definition names a setup class.

        Args:
            setup_class_name: As written in the definition.
            autosetup_enabled: Of the input's `autoconfig`.
            collector_variables: To hand on, so that both share it.
        """

    def _sdk_create_setup(self, class_name: str) -> CollectorPullerSetupAbstract:
        return self.create_setup_instance(
            class_name, self.autosetup_enabled, self.collector_variables
        )

    def _sdk_extra_limits(self) -> list[Any]:
        rate: Any = self.collector_variables.get(RATE, self.module_globals.get(RATE))
        return rate_limits(rate)


def rate_limits(rate: Any) -> list[Any]:
    """Return `requests_per_second` as `requests_limits` would say it.

    Raises:
        ValueError: It is no number above zero; the error does not show it.
    """
    if rate is None or rate == -1:
        return []
    number = isinstance(rate, int | float) and not isinstance(rate, bool)
    if not number or not math.isfinite(rate) or rate <= 0:
        message = f"{RATE} must be a number above zero, or -1 for no limit"
        raise ValueError(message)
    if rate < 1:
        return [{"period": f"{math.ceil(1 / rate)}s", "number_of_requests": 1}]
    return [{"period": "1s", "number_of_requests": int(rate)}]
