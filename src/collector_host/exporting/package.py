"""The files of a plugin's package that go along, and whether they can.

What only the plugin's hooks need stays behind: the other host never calls them.
"""

from __future__ import annotations

import ast
import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from collector_host.errors import PluginError
from collector_host.exporting.old_python import traps

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_NOT_THERE: Final = frozenset(
    {"collector_host", "collector_lint", "collector_emulators", "pluggy"}
)
_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Package:
    """The package with a plugin's classes.

    Attributes:
        name: Dotted name, e.g. `alibaba_cloud`.
        folder: Where it is installed.
        files: Paths below the folder that go along, sorted.
        classes: Name of a class -> its module below the package, e.g.
            `actiontrail.puller`; sorted.
    """

    name: str
    folder: Path
    files: tuple[str, ...]
    classes: Mapping[str, str]

    @property
    def short_name(self) -> str:
        """The package's name in the export."""
        return self.name.rpartition(".")[2]


def find_package(
    classes: Mapping[str, str], entry_module: str, offered: Iterable[Path]
) -> Package:
    """Return the package that holds all classes.

    Args:
        classes: Name of a class -> `package.module:Class`.
        entry_module: Module with the hooks; left out.
        offered: Definitions and schemas, which go elsewhere.

    Raises:
        PluginError: There is no such package, or one of its files cannot be used
            with the Devo Collector SDK; every place is named.
    """
    modules = {name: place.partition(":")[0] for name, place in classes.items()}
    for name, place in classes.items():
        if place.partition(":")[2] != name:
            message = f"the class {name} is called otherwise in its module: {place}"
            raise PluginError(message, hint="the other host finds it by its own name")
    package = _common({*modules.values(), entry_module}) or _common(modules.values())
    if not package:
        message = "the plugin's classes are not in one package"
        raise PluginError(message, hint="put them into modules of one package")
    folder = _folder(package)
    left_out = {path.resolve() for path in offered}
    files = [path for path in _files(folder) if path.resolve() not in left_out]
    below = {name: module[len(package) + 1 :] for name, module in modules.items()}
    code = _Code(package, folder, [path for path in files if path.suffix == ".py"])
    unneeded = code.needed_only_by(entry_module, keep={*modules.values()})
    mistakes = list(code.mistakes(unneeded))
    if mistakes:
        shown = "\n  ".join(mistakes[:_SHOWN])
        message = f"{package} cannot run under the Devo Collector SDK:\n  {shown}"
        raise PluginError(message)
    kept = [
        path.relative_to(folder).as_posix() for path in files if path not in unneeded
    ]
    return Package(package, folder, tuple(sorted(kept)), dict(sorted(below.items())))


def hook_files(package: str, entry_module: str, keep: Iterable[str]) -> set[Path]:
    """Return the files of a package that only its module with the hooks needs.

    Args:
        package: Dotted name.
        entry_module: Module with the hooks, of this package or another.
        keep: Modules with classes, which the hooks name and do not import.

    Raises:
        PluginError: The package has no source.
    """
    folder = _folder(package)
    python = [path for path in _files(folder) if path.suffix == ".py"]
    return _Code(package, folder, python).needed_only_by(entry_module, keep={*keep})


def _common(modules: Iterable[str]) -> str:
    """Return the longest package that holds all modules, or an empty text."""
    parts = [module.split(".")[:-1] for module in modules]
    common: list[str] = []
    for level in zip(*parts, strict=False):
        if len(set(level)) > 1:
            break
        common.append(level[0])
    return ".".join(common)


def _folder(package: str) -> Path:
    try:
        spec = importlib.util.find_spec(package)
    except ImportError as error:
        message = f"{package} cannot be imported: {error}"
        raise PluginError(message) from error
    if spec is None or spec.origin is None or not spec.submodule_search_locations:
        message = f"{package} is not a package with an __init__.py"
        raise PluginError(message)
    return Path(spec.origin).parent


def _files(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    )


class _Code:
    """The Python files of a package, and who imports whom."""

    def __init__(self, package: str, folder: Path, files: list[Path]) -> None:
        self._package = package
        self._files = {_module_name(package, folder, path): path for path in files}
        self._trees = {module: _parsed(path) for module, path in self._files.items()}
        self._imports = {
            module: {name for name, _ in self._imported(module)} & self._files.keys()
            for module in self._files
        }

    def needed_only_by(self, entry_module: str, keep: set[str]) -> set[Path]:
        """Return the entry module's file, and those that nothing else imports."""
        unneeded = {entry_module} & self._files.keys()
        while True:
            more = {
                module
                for one in unneeded
                for module in self._imports[one] - unneeded - keep
                if self._files[module].name != "__init__.py"
                and self._importers(module) <= unneeded
            }
            if not more:
                return {self._files[module] for module in unneeded}
            unneeded |= more

    def _importers(self, module: str) -> set[str]:
        return {other for other, names in self._imports.items() if module in names}

    def mistakes(self, unneeded: set[Path]) -> Iterator[str]:
        """Yield every place in the other files that cannot work elsewhere."""
        for module, path in self._files.items():
            if path in unneeded:
                continue
            for trap in traps(path):
                yield f"{trap} (Python 3.9 does not know it)"
            for name, line in self._imported(module):
                reason = self._refused(name, unneeded)
                if reason:
                    yield f"{path}:{line}: imports {name}, {reason}"
            for line in self._absolute(module):
                yield f"{path}:{line}: imports its own package by its full name"

    def _refused(self, name: str, unneeded: set[Path]) -> str:
        if name.partition(".")[0] in _NOT_THERE:
            return "which is not there"
        if self._files.get(name) in unneeded:
            return "which holds the hooks and is left out"
        is_outside = name.startswith(".")
        return "which is outside the exported package" if is_outside else ""

    def _absolute(self, module: str) -> Iterator[int]:
        top = self._package.partition(".")[0]
        for node in ast.walk(self._trees[module]):
            match node:
                case ast.ImportFrom(level=0, module=str(name)):
                    names = [name]
                case ast.Import(names=aliases):
                    names = [alias.name for alias in aliases]
                case _:
                    continue
            if any(name.partition(".")[0] == top for name in names):
                yield node.lineno

    def _imported(self, module: str) -> Iterator[tuple[str, int]]:
        """Yield everything a module imports, and where.

        Relative names are made absolute; those that lead outside begin with a dot.
        """
        is_package = self._files[module].name == "__init__.py"
        here = module if is_package else module.rpartition(".")[0]
        for node in ast.walk(self._trees[module]):
            if isinstance(node, ast.Import):
                yield from ((alias.name, node.lineno) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                base = self._base(here, node.level, node.module or "")
                yield base, node.lineno
                for alias in node.names:
                    if f"{base}.{alias.name}" in self._files:
                        yield f"{base}.{alias.name}", node.lineno

    def _base(self, here: str, level: int, name: str) -> str:
        if not level:
            return name
        parts = here.split(".")
        base = parts[: len(parts) - level + 1]
        if len(base) < len(self._package.split(".")):
            return "." * level + name
        return ".".join([*base, name] if name else base)


def _module_name(package: str, folder: Path, path: Path) -> str:
    parts = path.relative_to(folder).with_suffix("").parts
    names = parts[:-1] if parts[-1] == "__init__" else parts
    return ".".join([package, *names])


def _parsed(path: Path) -> ast.Module:
    """Return a file's tree; an empty one where it is no Python, which `traps` says."""
    try:
        return ast.parse(path.read_text(encoding="utf-8"), str(path))
    except SyntaxError:
        return ast.Module([], [])
