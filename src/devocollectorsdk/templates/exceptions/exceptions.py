"""Exceptions of modules: one class a phase, each with a range of its own.

They print as `ClassName [CODE:0101] reason: cause`.
"""

from __future__ import annotations

from typing import ClassVar


class ModuleError(Exception):
    """Root of the templates' exceptions.

    Args:
        code: Number of the case, within `codes` of the class.
        cause: What went wrong, one sentence.

    Raises:
        ValueError: The code is outside the range of the class.
    """

    codes: ClassVar[range] = range(1000)

    def __init__(self, code: int, cause: str) -> None:
        if code not in self.codes:
            first, last = self.codes[0], self.codes[-1]
            message = f"{type(self).__name__} has codes {first} to {last}, not {code}"
            raise ValueError(message)
        super().__init__(code, cause)
        self.code = code
        self.cause = cause

    def __str__(self) -> str:
        return f"{type(self).__name__} [CODE:{self.code:04d}] reason: {self.cause}"


class InitVariablesError(ModuleError):
    """The settings of a module cannot be used."""

    codes = range(100)


class SetupError(ModuleError):
    """A setup cannot make its puller ready."""

    codes = range(100, 200)


class PrePullError(ModuleError):
    """A state cannot be used.

    200 to 219: the default state; 220 to 239: its upgrade; 240 to 259: its
    correction and reset.
    """

    codes = range(200, 300)


class PullError(ModuleError):
    """A pull failed."""

    codes = range(300, 400)


class ApiError(ModuleError):
    """The source refused a request."""

    codes = range(400, 500)


class CustomModuleError(ModuleError):
    """Base of a module's own exceptions."""

    codes = range(500, 800)
