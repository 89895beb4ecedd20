"""Errors of this plugin, arranged by the phase of a module's life.

Each carries a stable number, what it means, and how to mend it. They know nothing
of the vendor's exception classes.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import ClassVar, Optional, Tuple


class Reaction(enum.Enum):
    """What the caller should do about an error."""

    RETRY = "ask again, after a while"
    SLOW_DOWN = "ask less often, then ask again"
    REFRESH = "fetch the credentials again, then ask again"
    RESTART = "begin the window again from the position reached"
    STOP = "stop pulling until the setup has proved the service again"


@dataclass(frozen=True)
class Problem:
    """One thing that can go wrong.

    Attributes:
        number: Stable number within the range of its error class.
        reason: What it means, without the particulars.
        hint: What the operator should do, one sentence.
        reaction: What the caller should do.
    """

    number: int
    reason: str
    hint: str
    reaction: Reaction = Reaction.STOP


class AlibabaCloudError(Exception):
    """Root of this plugin's errors.

    Attributes:
        numbers: First and last number of the class.
        problem: What went wrong.
        cause: The particulars; never holds a secret.
    """

    numbers: ClassVar[Tuple[int, int]] = (0, 999)

    def __init__(self, problem: Problem, cause: str) -> None:
        super().__init__(problem, cause)
        self.problem = problem
        self.cause = cause

    @property
    def reaction(self) -> Reaction:
        """What the caller should do."""
        return self.problem.reaction

    def __str__(self) -> str:
        name, number = type(self).__name__, self.problem.number
        text = f"{name} [CODE:{number:04d}] {self.problem.reason}: {self.cause}"
        return f"{text} ({self.problem.hint})"


class InitVariablesError(AlibabaCloudError):
    """A setting is missing or cannot be used."""

    numbers = (0, 99)


class SetupError(AlibabaCloudError):
    """The service could not be proved usable."""

    numbers = (100, 199)


class PrePullError(AlibabaCloudError):
    """The saved state cannot be used."""

    numbers = (200, 299)


class PullError(AlibabaCloudError):
    """A pull cannot go on."""

    numbers = (300, 399)


class ApiError(AlibabaCloudError):
    """A call of the vendor's API failed.

    Attributes:
        retry_after_s: Seconds the vendor asked us to wait, or None.
    """

    numbers = (400, 499)

    def __init__(
        self, problem: Problem, cause: str, retry_after_s: Optional[float] = None
    ) -> None:
        super().__init__(problem, cause)
        self.retry_after_s = retry_after_s
