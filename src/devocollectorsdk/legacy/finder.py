"""Finds `agent.inputs.*` and its siblings where a project's `agent` lacks them.

It comes after every other finder, so that what the project has always wins. It
knows names only; what they stand for is in the packages they lead to.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

_PROJECT: Final = "agent"
_OURS: Final = "devocollectorsdk"
_ROOMS: Final = (
    "commons",
    "inputs",
    "message",
    "persistence",
    "ratelimiter",
    "templates",
)
_DIFFERENT: Final = {
    "inputs.collector_puller_abstract": f"{_OURS}.legacy.collector_puller_abstract",
}


def install() -> None:
    """Make the older layout's names importable from now on; once is enough."""
    if not any(isinstance(finder, OlderLayout) for finder in sys.meta_path):
        sys.meta_path.append(OlderLayout())


class OlderLayout(MetaPathFinder):
    """Answers for names below `agent` that the contract gives to the SDK."""

    def find_spec(
        self,
        fullname: str,
        _path: Sequence[str] | None = None,
        _target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """Return where a name of the older layout leads, or None."""
        project, _, rest = fullname.partition(".")
        if project != _PROJECT or rest.partition(".")[0] not in _ROOMS:
            return None
        ours = _DIFFERENT.get(rest, f"{_OURS}.{rest}")
        try:
            found = importlib.util.find_spec(ours)
        except ModuleNotFoundError:
            return None
        if found is None:
            return None
        is_package = found.submodule_search_locations is not None
        return ModuleSpec(fullname, _Alias(ours), is_package=is_package)


class _Alias(Loader):
    """Gives a module of ours a second name."""

    def __init__(self, ours: str) -> None:
        self._ours = ours

    def exec_module(self, module: ModuleType) -> None:
        # A package stays empty: with our folder as its path its modules would be
        # loaded a second time, and their classes would be others.
        if not hasattr(module, "__path__"):
            sys.modules[module.__name__] = importlib.import_module(self._ours)
