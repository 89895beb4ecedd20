"""Base class of what splits a service."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Dict


class CollectorSubmodulesCalculator(ABC):
    """Has one static method and is never made."""

    @staticmethod
    @abstractmethod
    def calculate_submodules(
        service_name: str, submodules_property: str, input_config: Dict[str, Any]
    ) -> Dict[Any, Any]:
        """Return name -> configuration of each submodule."""
