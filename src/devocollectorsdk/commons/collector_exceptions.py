"""Exceptions of the SDK's contract: one class an area, a sub code each case.

They print as `ClassName[CODE:0050-200] <title>: <cause>`.
"""

from __future__ import annotations

from typing import ClassVar


class SdkError(Exception):
    """Root of the contract's exceptions.

    Args:
        sub_code: Number of the case within the area.
        cause: What went wrong, one sentence.
    """

    code: ClassVar[int] = 1
    title: ClassVar[str] = "Uncategorized error"

    def __init__(self, sub_code: int, cause: str) -> None:
        super().__init__(sub_code, cause)
        self.sub_code = sub_code
        self.cause = cause

    def __str__(self) -> str:
        name = type(self).__name__
        return (
            f"{name}[CODE:{self.code:04d}-{self.sub_code}] {self.title}: {self.cause}"
        )


class SdkInputThreadError(SdkError):
    """An input cannot run."""

    code = 24
    title = "Error in input thread"


class SdkServiceInitializationError(SdkError):
    """A service cannot be created from its definition and configuration."""

    code = 30
    title = "Error when initializing a service"


class SdkLookupFactoryError(SdkError):
    """A lookup was described or filled wrongly; cases 1 to 21."""

    code = 38
    title = "Error in lookup factory"


class SdkModuleInitializationError(SdkError):
    """A module cannot be created."""

    code = 40
    title = "Error when initializing a module"


class SdkPullerAbstractError(SdkError):
    """A puller used its base class wrongly."""

    code = 50
    title = "Error in puller"


class SdkSetupAbstractError(SdkError):
    """A setup used its base class wrongly, or cannot do its work."""

    code = 55
    title = "Error in setup"


class SdkPersistenceServiceError(SdkError):
    """State cannot be saved or loaded."""

    code = 82
    title = "Error in persistence"
