"""Exceptions of the SDK's contract: one class an area, a sub code each case.

They print as `ClassName[CODE:0050-200] <title>: <cause>`.
"""

from __future__ import annotations

from typing import ClassVar


class SdkError(Exception):
    """Root of the contract's exceptions.

    Modules may derive their own from it, with a `code` of 94 to 99.

    Args:
        sub_code: Number of the case within the area; printed with two digits or more.
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
            f"{name}[CODE:{self.code:04d}-{self.sub_code:02d}]"
            f" {self.title}: {self.cause}"
        )


class CollectorConfigurationException(Exception):  # noqa: N818  (the contract's name)
    """The user's configuration cannot be used.

    Args:
        code: Number of the case, 0 to 14.
        cause: What is wrong, one sentence.
    """

    def __init__(self, code: int, cause: str) -> None:
        super().__init__(code, cause)
        self.code = code
        self.cause = cause

    def __str__(self) -> str:
        name = type(self).__name__
        return (
            f"{name} [CODE:{self.code:04d}] Error in configuration,"
            f' cause: "{self.cause}"'
        )


class SdkDefinitionsInitializationError(SdkError):
    """The catalogue cannot be used; cases 1 to 4."""

    code = 2
    title = "Error in the definitions"


class SdkConfigurationError(SdkError):
    """The user's configuration cannot be used."""

    code = 3
    title = "Error in the configuration"


class SdkConfigurationFileError(SdkError):
    """A configuration file cannot be read."""

    code = 4
    title = "Error in the configuration file"


class SdkUtilsError(SdkError):
    """A helper was used wrongly."""

    code = 5
    title = "Error in a utility"


class SdkLoggerError(SdkError):
    """The log cannot be set up."""

    code = 6
    title = "Error in logging"


class SdkObfuscationError(SdkError):
    """Data cannot be masked as asked; cases 1200 to 1205."""

    code = 7
    title = "Error in obfuscation"


class SdkInputInitializationError(SdkError):
    """An input cannot be created; cases 1030 and 1040."""

    code = 20
    title = "Error when initializing an input"


class SdkInputRunningError(SdkError):
    """An input failed while running."""

    code = 22
    title = "Error when running an input"


class SdkInputThreadError(SdkError):
    """An input cannot run; cases 50 and 51."""

    code = 24
    title = "Error in input thread"


class SdkServiceInitializationError(SdkError):
    """A service cannot be created from its definition and configuration."""

    code = 30
    title = "Error when initializing a service"


class SdkServiceRunningError(SdkError):
    """A service failed while running."""

    code = 32
    title = "Error when running a service"


class SdkServiceThreadError(SdkError):
    """A service cannot run."""

    code = 34
    title = "Error in service thread"


class SdkLookupFactoryError(SdkError):
    """A lookup was described or filled wrongly; cases 1 to 21."""

    code = 38
    title = "Error in lookup factory"


class SdkModuleInitializationError(SdkError):
    """A module cannot be created."""

    code = 40
    title = "Error when initializing a module"


class SdkModuleRunningError(SdkError):
    """A module failed while running."""

    code = 42
    title = "Error when running a module"


class SdkModuleThreadError(SdkError):
    """A module cannot run."""

    code = 44
    title = "Error in module thread"


class SdkPullerAbstractError(SdkError):
    """A puller used its base class wrongly; cases 200, 250, and 300 to 303."""

    code = 50
    title = "Error in puller"


class SdkSetupAbstractError(SdkError):
    """A setup used its base class wrongly, or cannot do its work."""

    code = 55
    title = "Error in setup"


class SdkDevoSenderManagerError(SdkError):
    """An output to Devo cannot be set up; cases 50 and 100."""

    code = 60
    title = "Error in Devo sender manager"


class SdkPullStatisticsError(SdkError):
    """Figures of a pull were used wrongly."""

    code = 70
    title = "Error in pull statistics"


class SdkPersistenceFactoryError(SdkError):
    """No place for state can be made."""

    code = 80
    title = "Error in persistence factory"


class SdkPersistenceServiceError(SdkError):
    """State cannot be saved or loaded."""

    code = 82
    title = "Error in persistence"


class SdkPersistenceConfigurationError(SdkError):
    """The place for state is configured wrongly; cases 10, 20 and 30."""

    code = 84
    title = "Error in persistence configuration"


class SdkPersistenceInterfaceError(SdkError):
    """A place for state was used wrongly."""

    code = 86
    title = "Error in persistence interface"


class SdkManagementProcessInitializationError(SdkError):
    """The collector's globals are wrong; cases 1100 to 1103."""

    code = 88
    title = "Error when initializing the management process"


class PullerInitVariablesError(SdkError):
    """A puller's variables cannot be initialized."""

    code = 90
    title = "Error when initializing variables"


class PullerSetupError(SdkError):
    """A puller's set-up failed."""

    code = 91
    title = "Error in set-up"


class PullerPrePullError(SdkError):
    """A puller cannot be prepared."""

    code = 92
    title = "Error in pre-pull"


class PullerPullError(SdkError):
    """A pull failed."""

    code = 93
    title = "Error in pull"
