"""A project laid out for the Devo Collector SDK as one more provider of classes.

Its package `agent.modules` is imported when the first class is asked for. What its
configuration says is not its matter.
"""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from collector_host.errors import PluginError
from devocollectorsdk import legacy

if TYPE_CHECKING:
    from types import ModuleType

PACKAGE: Final = "agent"
MODULES: Final = "agent.modules"
_IMPORT_FOLDERS: Final = ("", "config_internal", "schemas")


class Project:
    """The classes and definitions of one project folder.

    Classes are attributes of `agent.modules`, whatever star imports put them there.

    Args:
        folder: The project's root; it becomes absolute.

    Attributes:
        folder: The project's root.
        names: The one name under which it appears in messages.
        definitions: The catalogue, in a list as plugins have it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.names = [self.folder.name]
        self.definitions = [
            self.folder / "config_internal" / "collector_definitions.yaml"
        ]
        self._modules: ModuleType | None = None

    def enter(self) -> list[Path]:
        """Make the project's folder the process's own, as its modules expect.

        They open `schemas/…` or `credentials/…` by relative names and import what
        lies beside `agent`. A package `agent` of another project is forgotten.

        Returns:
            The folders that are now first on Python's path, in the SDK's order.

        Raises:
            PluginError: The folder does not exist or has no package `agent.modules`.
        """
        if not self._has_modules():
            message = f"{self.folder} has no package {MODULES}"
            hint = "name the folder that holds agent/modules/__init__.py"
            raise PluginError(message, hint=hint)
        os.chdir(self.folder)
        folders = [
            self.folder / each if each else self.folder for each in _IMPORT_FOLDERS
        ]
        for each in reversed(folders):
            text = str(each)
            if text in sys.path:
                sys.path.remove(text)
            sys.path.insert(0, text)
        _forget_other_packages(self.folder)
        # What the project itself has under the older names wins.
        legacy.install()
        importlib.invalidate_caches()
        return folders

    def load(self) -> ModuleType:
        """Import `agent.modules`, where that was not done before, and return it.

        Raises:
            PluginError: It cannot be imported.
        """
        if self._modules is None:
            self._modules = self._import()
        return self._modules

    def puller(self, class_name: str) -> type:
        """Return a puller class; see `ClassProvider`.

        Raises:
            PluginError: `agent.modules` cannot be imported or lacks the class.
        """
        return self._class("puller", class_name)

    def setup(self, class_name: str) -> type:
        """Return a setup class; raises as `puller` does."""
        return self._class("setup", class_name)

    def calculator(self, class_name: str) -> type:
        """Return a submodule calculator class; raises as `puller` does."""
        return self._class("submodule calculator", class_name)

    def _class(self, kind: str, class_name: str) -> type:
        modules = self.load()
        found: Any = getattr(modules, class_name, None)
        if isinstance(found, type):
            return found
        offered = sorted(
            name for name, value in vars(modules).items() if isinstance(value, type)
        )
        near = get_close_matches(class_name, offered, n=1)
        more = f"; did you mean {near[0]}?" if near else ""
        message = f"{MODULES} has no {kind} class {class_name}{more}"
        file = self.folder / "agent" / "modules" / "__init__.py"
        hint = f"import it in {file}, and in that of its own package, if it has one"
        raise PluginError(message, hint=hint)

    def _import(self) -> ModuleType:
        try:
            return importlib.import_module(MODULES)
        except Exception as error:
            message = f"{MODULES} cannot be imported: {type(error).__name__}: {error}"
            raise PluginError(message, hint=_place(error, self.folder)) from error

    def _has_modules(self) -> bool:
        modules = self.folder / "agent" / "modules"
        return (modules / "__init__.py").is_file() or (
            self.folder / "agent" / "modules.py"
        ).is_file()


def _forget_other_packages(folder: Path) -> None:
    """Forget an `agent` that was imported from elsewhere, its modules included."""
    loaded = sys.modules.get(PACKAGE)
    places = [str(each) for each in getattr(loaded, "__path__", [])]
    if loaded is None or str(folder / PACKAGE) in places:
        return
    for name in [*sys.modules]:
        if name == PACKAGE or name.startswith(f"{PACKAGE}."):
            del sys.modules[name]


def _place(error: BaseException, folder: Path) -> str:
    """Return `file:line` of the project's own code that led to an error, or ""."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    own = [each for each in frames if Path(each.filename).is_relative_to(folder)]
    return f"{own[-1].filename}:{own[-1].lineno}" if own else ""
