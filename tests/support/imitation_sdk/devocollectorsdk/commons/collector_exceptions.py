"""Errors of the host, with their codes."""

from __future__ import annotations


class SdkError(Exception):
    """Root of them: a class has a code, an object a sub code and a cause."""

    code = 1

    def __init__(self, sub_code: int, cause: str) -> None:
        super().__init__(sub_code, cause)
        self.sub_code = sub_code
        self.cause = cause

    def __str__(self) -> str:
        name = type(self).__name__
        return f"{name}[CODE:{self.code:04d}-{self.sub_code:02d}] {self.cause}"


class SdkDefinitionsInitializationError(SdkError):
    """The catalogue cannot be used."""

    code = 2


class SdkInputInitializationError(SdkError):
    """The configuration has an input that the catalogue has not."""

    code = 20


class SdkInputThreadError(SdkError):
    """The configuration has a service that the catalogue has not."""

    code = 22


class SdkServiceInitializationError(SdkError):
    """A service's modules cannot be made."""

    code = 30


class SdkManagementProcessInitializationError(SdkError):
    """A period that the catalogue must have is missing."""

    code = 12


class SdkPullerAbstractError(SdkError):
    """A module sent what cannot be sent."""

    code = 50


class SdkPersistenceServiceError(SdkError):
    """A module saved what cannot be saved."""

    code = 82
