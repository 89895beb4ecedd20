"""A look over a module's source for what the contract does not have.

Nothing is imported or run. What is reached by `getattr(self, name, default)` or behind
`hasattr` is left alone: a module may well ask whether something is there.
"""

from __future__ import annotations

import ast
import importlib.util
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

_SDK: Final = "devocollectorsdk"
_CONTRACT_MODULES: Final = frozenset(
    {
        "commons.collector_exceptions",
        "commons.collector_utils",
        "commons.obfuscation_utils",
        "inputs.collector_puller_abstract",
        "inputs.collector_puller_setup_abstract",
        "inputs.collector_submodules_calculator",
        "message.lookup_job_factory",
        "message.message",
        "ratelimiter.collector_rate_limiter_controller",
        "templates.exceptions.exceptions",
        "templates.template_1_puller",
        "templates.template_1_puller_setup",
    }
)
"""Source: the contract's checklist of importable modules."""
_HOST: Final = ("collector_host", "collector_lint", "collector_emulators")
_OWN_NAMES: Final = frozenset(
    {
        "limit_pulls",
        "needs_restart",
        "pulls_completed",
        "pulls_left",
        "request_stop",
        "send_standard_lines",
        "setup_changed",
        "initialization_error",
    }
)
"""What this host's base classes have beyond the contract."""
_SKIPPED: Final = frozenset({"__pycache__", ".venv", "node_modules", ".git"})


def look(
    folder: Path, packages: tuple[str, ...], *, without: Collection[Path] = ()
) -> Iterator[str]:
    """Yield what the source of some packages uses beyond the contract, with its place.

    Args:
        folder: Where the packages lie.
        packages: Their names.
        without: Files that are not looked at.
    """
    trees = {
        file: tree
        for package in packages
        for file in sorted((folder / package).rglob("*.py"))
        if _SKIPPED.isdisjoint(file.parts)
        and file not in without
        and (tree := _parsed(file)) is not None
    }
    own = {name for tree in trees.values() for name in _defined(tree)}
    for file, tree in trees.items():
        place = file.relative_to(folder).as_posix()
        for node in ast.walk(tree):
            for line, what in _uses(node, folder, packages, own):
                yield f"{what} at {place}:{line}"


def _parsed(file: Path) -> ast.Module | None:
    try:
        return ast.parse(file.read_bytes())
    except (SyntaxError, ValueError):
        return None  # the import of it says so


def _defined(tree: ast.Module) -> Iterator[str]:
    """Yield the names of methods, and of attributes of `self` that are assigned."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.Attribute(
                value=ast.Name(id="self"), attr=name, ctx=ast.Store()
            ) if not name.startswith("_sdk_"):
                yield name
            case _:
                continue


def _uses(
    node: ast.AST, folder: Path, packages: tuple[str, ...], own: Collection[str]
) -> Iterator[tuple[int, str]]:
    match node:
        case ast.Import(names=names):
            for alias in names:
                if _is_foreign(alias.name, folder, packages):
                    yield node.lineno, f"import {alias.name}"
        case ast.ImportFrom(module=str(module), names=names, level=0):
            if _is_foreign(module, folder, packages) and not _leads_on(module, names):
                yield node.lineno, f"import {module}"
        case ast.Attribute(value=ast.Name(id="self"), attr=name):
            if name not in own and (name in _OWN_NAMES or name.startswith("_sdk_")):
                yield node.lineno, f"self.{name}"
        case _:
            return


def _leads_on(module: str, names: list[ast.alias]) -> bool:
    """Tell whether `from a.b import c` means modules `a.b.c` that are allowed."""
    first, _, rest = module.partition(".")
    return first == _SDK and all(
        ".".join(filter(None, (rest, each.name))) in _CONTRACT_MODULES for each in names
    )


def _is_foreign(name: str, folder: Path, packages: tuple[str, ...]) -> bool:
    first, _, rest = name.partition(".")
    if first == _SDK:
        return bool(rest) and rest not in _CONTRACT_MODULES
    if first in _HOST:
        return True
    if first in packages or first in sys.stdlib_module_names:
        return False
    if (folder / first).is_dir() or (folder / f"{first}.py").is_file():
        return False
    return _is_missing(first)


def _is_missing(package: str) -> bool:
    try:
        return importlib.util.find_spec(package) is None
    except (ImportError, ValueError):
        return True
