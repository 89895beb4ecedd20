"""Where a puller's settings come from: several blocks, the later one wins."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from devocollectorsdk.commons.masking import merged

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PERIOD = "request_period_in_seconds"
_DEFAULT_PERIOD_S = 300


def request_period_s(value: Any) -> int:
    """Return a period as it is used: in whole seconds.

    Raises:
        ValueError: It is no number from 1; the error does not show it.
    """
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not math.isfinite(value) or int(value) < 1:
        message = f"{PERIOD} must be a number of seconds from 1"
        raise ValueError(message)
    return int(value)


@dataclass(frozen=True, slots=True)
class Blocks:
    """The blocks of catalogue and configuration a module's settings come from."""

    module_globals: Mapping[str, Any]
    input_config: Mapping[str, Any]
    service_config: Mapping[str, Any]
    module_definition: Mapping[str, Any]

    def request_period_s(self) -> int:
        """Return seconds from the start of one pull to the start of the next.

        Raises:
            ValueError: The setting that wins is not a number above zero.
        """
        blocks = (self.module_globals, self.module_definition, self.service_config)
        return request_period_s(_last(PERIOD, blocks, default=_DEFAULT_PERIOD_S))

    def use_time_slots(self) -> bool:
        """Return whether pulls start at multiples of the period since the epoch."""
        blocks = (self.module_globals, self.input_config, self.service_config)
        return bool(_last("use_time_slots_for_retrievals", blocks, default=False))

    def requests_per_second(self) -> float | None:
        """Return the hint that is handed to the module, or None."""
        blocks = (self.input_config, self._properties(), self.service_config)
        return _last("requests_per_second", blocks, default=None)

    def show_loop(self) -> bool:
        """Return whether the sizes of the queues are logged at INFO."""
        return bool(self._properties().get("show_puller_loop_flag"))

    def obfuscation_data(self) -> list[Any]:
        """Return what to mask: the definition's entries, changed by the user's.

        Raises:
            SdkObfuscationError: 1202 or 1203, an entry has a wrong form. Else its
                value would go out unmasked.
        """
        key = "obfuscation_data"
        return merged(self.module_definition.get(key), self.service_config.get(key))

    def _properties(self) -> Mapping[str, Any]:
        return self.module_definition.get("module_properties") or {}

    def request_limits(self) -> list[Any]:
        """Return the limits of the module and of its service, as written."""
        return [
            entry
            for block in (self.module_definition, self.service_config)
            for entry in _as_list(block.get("requests_limits"))
        ]


def _last(key: str, blocks: Sequence[Mapping[str, Any]], *, default: Any) -> Any:
    for block in reversed(blocks):
        if key in block:
            return block[key]
    return default


def _as_list(limits: Any) -> list[Any]:
    if isinstance(limits, list):
        return cast("list[Any]", limits)
    return [limits] if limits else []
