"""Where in a module's own source something happened."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import CodeType


class Places:
    """Knows which folders hold the module's source.

    Args:
        roots: Folders, absolute.
    """

    def __init__(self, *roots: Path) -> None:
        self._roots = roots

    def own(self, file: str) -> bool:
        """Tell whether a source file is the module's."""
        return any(Path(file).is_relative_to(root) for root in self._roots)

    def of_caller(self) -> str:
        """Return `file:line` of the innermost own code that led here, or ""."""
        frame = inspect.currentframe()
        while frame is not None:
            if self.own(frame.f_code.co_filename):
                return self._shown(frame.f_code, frame.f_lineno)
            frame = frame.f_back
        return ""

    def of_error(self, error: BaseException) -> str:
        """Return the type of an error and the innermost own `file:line`."""
        place, trace = "", error.__traceback__
        while trace is not None:
            if self.own(trace.tb_frame.f_code.co_filename):
                place = self._shown(trace.tb_frame.f_code, trace.tb_lineno)
            trace = trace.tb_next
        kind = type(error).__name__
        return f"{kind} at {place}" if place else kind

    def _shown(self, code: CodeType, line: int | None) -> str:
        file = Path(code.co_filename)
        for root in self._roots:
            if file.is_relative_to(root):
                file = file.relative_to(root)
                break
        return f"{file.as_posix()}:{line}"
