"""A plan of faults: which of them strikes at which call, the same at every run.

It knows when, not what: kinds are names that an emulator gives a meaning.
"""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong, and when.

    Attributes:
        kind: Name the emulator knows.
        at_calls: Calls it strikes at, counted from 1; empty for any call. Of a
            fault that is bound to certain calls, only those count.
        probability: Chance at each call when `at_calls` is empty.
        count: Strikes at most; None for no limit.
        options: Details of the kind.
    """

    kind: str
    at_calls: frozenset[int] = frozenset()
    probability: float = 1.0
    count: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Fault:
        """Make a fault of its JSON form, in which `at_calls` is a list.

        Raises:
            TypeError: If a field is unknown or `kind` is missing.
        """
        rest: dict[str, Any] = dict(fields)
        at_calls = frozenset[int](rest.pop("at_calls", ()))
        return cls(at_calls=at_calls, **rest)

    def strikes(self, call: int, dice: random.Random) -> bool:
        """Say whether the fault is due at `call`, its count left aside."""
        if self.at_calls:
            return call in self.at_calls
        return dice.random() < self.probability

    def concerns(self, subject: Mapping[str, str], names: Iterable[str]) -> bool:
        """Say whether the fault is for a call on `subject`.

        Args:
            subject: What the call is about.
            names: Options that bind a fault to calls whose subject has the same
                value, or one of several when the option is a list.
        """
        wanted = {name: self.options[name] for name in names if name in self.options}
        return all(
            subject.get(name, "") in _texts(value) for name, value in wanted.items()
        )


@dataclass(frozen=True, slots=True)
class Strike:
    """The faults of one call, and the dice they share."""

    call: int
    faults: tuple[Fault, ...]
    dice: random.Random


class FaultPlan:
    """Draws the faults of each call.

    The dice of a call depend on the seed and its number alone, so that threads
    cannot change what strikes when. A fault bound to certain calls counts those.

    Args:
        check: Raises when a fault is not one the emulator knows.
        bound_by: Options that bind a fault to certain calls; see
            `Fault.concerns`.
    """

    def __init__(
        self, check: Callable[[Fault], None], bound_by: Iterable[str] = ()
    ) -> None:
        self._check = check
        self._bound_by = tuple(bound_by)
        self._lock = threading.Lock()
        self.set([])

    def set(self, faults: Iterable[Fault], *, seed: int = 0) -> None:
        """Replace the plan and count calls from 1 again.

        Raises:
            ValueError: If a kind is unknown.
            KeyError: If an option is missing.
        """
        planned = tuple(faults)
        for fault in planned:
            self._check(fault)
        with self._lock:
            self._faults = planned
            self._left = [fault.count for fault in self._faults]
            self._calls = [0 for _ in self._faults]
            self._seed = seed
            self._call = 0

    def draw(self, subject: Mapping[str, str] | None = None) -> Strike:
        """Count one call and return what strikes at it.

        Args:
            subject: What the call is about, by the names the plan is bound by.
        """
        with self._lock:
            self._call += 1
            dice = _dice(self._seed, self._call)
            due = [
                i
                for i, fault in enumerate(self._faults)
                if fault.concerns(subject or {}, self._bound_by)
                and self._is_due(i, fault)
            ]
            for index in due:
                left = self._left[index]
                self._left[index] = None if left is None else left - 1
            return Strike(self._call, tuple(self._faults[i] for i in due), dice)

    def _is_due(self, index: int, fault: Fault) -> bool:
        self._calls[index] += 1
        if self._left[index] == 0:
            return False
        call = self._calls[index]
        return fault.strikes(call, _dice(self._seed, call, index))


def _texts(value: object) -> list[str]:
    values = cast("list[object]", value) if isinstance(value, list) else [value]
    return [str(item) for item in values]


def _dice(*seed: int) -> random.Random:
    return random.Random(repr(seed))  # noqa: S311 - replayable faults, no secrets
