"""What a project's package `agent.modules` offers, told without importing it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from collector_lint.python.source import parse_python

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_DYNAMIC: Final = frozenset(
    {"globals", "setattr", "exec", "eval", "vars", "import_module", "__import__"}
)
"""Calls by which names may come that nothing here can tell."""


class UnknownError(Exception):
    """A file that the package is made of cannot be told without running it."""


def exported(folder: Path) -> frozenset[str] | None:
    """Return the names that `agent.modules` of a project has, or None if unsure.

    Args:
        folder: The project's root.
    """
    package = folder / "agent" / "modules" / "__init__.py"
    if not package.is_file():
        return None
    try:
        return frozenset(_Reader(folder).names(package))
    except UnknownError:
        return None


class _Reader:
    def __init__(self, root: Path) -> None:
        self._root = root
        self._seen: dict[Path, set[str]] = {}
        self._open: set[Path] = set()

    def names(self, file: Path) -> set[str]:
        """Return the names of a module."""
        if file in self._open:
            raise UnknownError  # of two that import each other, the order decides
        if file in self._seen:
            return self._seen[file]
        self._open.add(file)
        found = self._seen[file] = set[str]()
        tree = parse_python(file)
        if not isinstance(tree, ast.Module):
            raise UnknownError
        for node in ast.walk(tree):
            # Also what stands in a function counts here: too many names do no harm.
            found.update(self._given(node, file))
        self._open.discard(file)
        return found

    def _given(self, node: ast.AST, file: Path) -> Iterator[str]:
        _refuse_dynamic(node)
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                yield name
            case ast.Name(id=name, ctx=ast.Store()):
                yield name
            case ast.ImportFrom(names=[ast.alias(name="*")]):
                yield from self._starred(self._module(node, file))
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                yield from (each.asname or each.name for each in aliases)
            case _:
                pass

    def _starred(self, file: Path) -> Iterator[str]:
        """Yield what `from … import *` brings of a module."""
        every = self.names(file)
        tree = parse_python(file)
        chosen = _all(tree.body) if isinstance(tree, ast.Module) else None
        if chosen is None:
            yield from (name for name in every if not name.startswith("_"))
        else:
            yield from chosen

    def _module(self, node: ast.ImportFrom, file: Path) -> Path:
        parts = (node.module or "").split(".") if node.module else []
        if node.level:
            above = file.parent
            for _ in range(node.level - 1):
                above = above.parent
            return _found([above], parts)
        return _found([self._root, self._root / "config_internal"], parts)


def _refuse_dynamic(node: ast.AST) -> None:
    """Refuse what may give a module names that stand nowhere.

    Raises:
        UnknownError: It may.
    """
    match node:
        case ast.FunctionDef(name="__getattr__"):
            raise UnknownError
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            if name in _DYNAMIC:
                raise UnknownError
        case _:
            pass


def _found(folders: Sequence[Path], parts: Sequence[str]) -> Path:
    """Return the file of a module; one that is none of the project's is unknown."""
    for folder in folders:
        place = folder.joinpath(*parts)
        for file in (place / "__init__.py", place.with_name(f"{place.name}.py")):
            if file.is_file():
                return file
    raise UnknownError


def _all(body: Sequence[ast.stmt]) -> set[str] | None:
    """Return what `__all__` lists, or None without one.

    Raises:
        UnknownError: It is made in another way than by one list of texts.
    """
    given: list[ast.expr] = []
    for node in body:
        for each in ast.walk(node):
            is_there = isinstance(each, ast.Name) and each.id == "__all__"
            if is_there and not isinstance(node, ast.Assign):
                raise UnknownError
            if is_there and isinstance(node, ast.Assign):
                given.append(node.value)
    if not given:
        return None
    if len(given) > 1 or not isinstance(given[0], ast.List | ast.Tuple):
        raise UnknownError
    entries = given[0].elts
    names = {
        each.value
        for each in entries
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    }
    if len(names) < len(entries):
        raise UnknownError
    return names
