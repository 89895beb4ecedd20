"""How a service is split into submodules when the configuration alone cannot say."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any


class CollectorSubmodulesCalculator(ABC):
    """Base of classes named by `submodule_calculator_class`."""

    @staticmethod
    @abstractmethod
    def calculate_submodules(
        service_name: str, submodules_property: str, input_config: dict[str, Any]
    ) -> dict[str | None, Any]:
        """Return submodule name -> its configuration, one module instance each.

        The name None stands for a module without submodule.
        """
