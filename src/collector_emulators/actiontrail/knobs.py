"""Everything about the emulated service that can be turned while it runs.

It knows names and limits, not what they do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from collector_emulators.actiontrail.errors import ERRORS
from collector_emulators.knobs import TurnableKnobs

Bounds = Literal["[]", "[)", "(]"]
"""Which ends of a window belong to it; the vendor does not document it."""

RateClock = Literal["transport", "data"]

_ERROR_CODES: Final = frozenset({"token_error", "too_old_error", "span_error"})


@dataclass(slots=True)
class Knobs(TurnableKnobs):
    """Settings of the service; set an attribute or use `update`.

    Attributes:
        bounds: Which ends of a window belong to it.
        default_page_size: Events a page when MaxResults is absent.
        rate_per_s: Calls a second an account may make; None for any number.
        rate_clock: Clock the rate is measured with.
        throttle_status: HTTP status of Throttling.User.
        retry_after_ms: `x-acs-retry-after` of Throttling.User; None without.
        token_on_last_page: Whether the last page has a token to one more, empty
            page.
        token_ttl_s: Virtual seconds a token stays valid; None for ever.
        token_error: Code for a wrong or expired token.
        snapshot: Whether events that arrive while paging stay unseen.
        retention_days: How far back events are kept.
        too_old_error: Code for a start before that; None answers what is left.
        max_span_days: Longest window; None for any.
        span_error: Code for a longer window.
        max_skew_s: Seconds a request's date may be off.
    """

    bounds: Bounds = "[]"
    default_page_size: int = 20
    rate_per_s: float | None = 2.0
    rate_clock: RateClock = "transport"
    throttle_status: int = 400
    retry_after_ms: int | None = None
    token_on_last_page: bool = True
    token_ttl_s: float | None = None
    token_error: str = "InvalidQueryParameter"  # noqa: S105 - an error code
    snapshot: bool = False
    retention_days: float = 90.0
    too_old_error: str | None = "InvalidParameterStartTime"
    max_span_days: float | None = 30.0
    span_error: str = "InvalidParameterStartTime"
    max_skew_s: float = 900.0

    def takes(self, name: str, hint: Any, value: object) -> bool:
        """Tell whether a knob takes a value; error codes must be the vendor's."""
        if name in _ERROR_CODES and value is not None:
            return value in ERRORS
        # Slots make the class anew, behind the back of a bare super().
        return TurnableKnobs.takes(self, name, hint, value)
