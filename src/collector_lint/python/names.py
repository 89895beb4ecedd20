"""Names that the Python files of a folder bind, in whatever way.

It is asked only where a class was not found, or something is about to be said of one:
a name may be bound by an assignment, an import or a call, and then nobody knows what
it is.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from collector_lint.python.source import parse_python
from collector_lint.python.sources import python_files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_DYNAMIC: Final = frozenset({"globals", "exec"})
"""By what a module may have names that stand nowhere."""


@dataclass(slots=True)
class Names:
    """What is bound below a folder.

    Attributes:
        bound: Every name that is bound anywhere.
        changed: Those that are not, or not only, what their class statement says:
            assigned, imported under another name, or given attributes.
        texts: Every text, and every keyword of a call.
        is_whole: Whether there cannot be other names.
    """

    bound: set[str] = field(default_factory=set[str])
    changed: set[str] = field(default_factory=set[str])
    texts: set[str] = field(default_factory=set[str])
    is_whole: bool = True

    def lack(self, name: str) -> bool:
        """Tell whether a name surely is nowhere bound."""
        return self.is_whole and name not in self.bound


def names_below(root: Path) -> Names:
    """Return the names that the Python files below a folder bind."""
    found = Names()
    files = list(python_files(root))
    inside = {_module(file) for file in files}
    for file in files:
        tree = parse_python(file)
        if not isinstance(tree, ast.Module):
            found.is_whole = False
            continue
        for node in ast.walk(tree):
            found.bound.update(bound_by(node))
            found.changed.update(_changed_by(node))
            found.texts.update(_texts_of(node))
            if _brings_unknown(node, inside):
                found.is_whole = False
    return found


def bound_by(node: ast.AST) -> Iterator[str]:
    """Yield the names that one node binds, those below it left out."""
    match node:
        case (
            ast.ClassDef(name=name)
            | ast.FunctionDef(name=name)
            | ast.AsyncFunctionDef(name=name)
            | ast.Name(id=name, ctx=ast.Store())
        ):
            yield name
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            yield from (each.asname or each.name for each in aliases)
        case _:
            pass


def called(node: ast.AST) -> str:
    """Return the name of what a node calls, or ""."""
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name
        case _:
            return ""


def _changed_by(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store()):
            yield name
        case ast.ImportFrom(names=aliases):
            yield from (each.asname for each in aliases if each.asname)
        case ast.Attribute(value=ast.Name(id=name), ctx=ast.Store()):
            yield name
        case ast.Call(args=[ast.Name(id=name), *_]) if called(node) == "setattr":
            yield name
        case _:
            pass


def _texts_of(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)) | ast.keyword(arg=str(text)):
            yield text
        case _:
            pass


def _brings_unknown(node: ast.AST, inside: set[str]) -> bool:
    match node:
        case ast.ImportFrom(names=[ast.alias(name="*")], module=str(module)):
            # What is of the folder itself is looked at anyway.
            return module.rpartition(".")[2] not in inside
        case ast.FunctionDef(name="__getattr__", args=ast.arguments(args=[_])):
            return True  # of a module: that of a class has two arguments
        case ast.Call(args=[ast.Name(id=name), *_]) if called(node) == "setattr":
            return name not in {"self", "cls"}
        case ast.Call():
            return called(node) in _DYNAMIC or called(node) == "setattr"
        case _:
            return False


def _module(file: Path) -> str:
    return file.parent.name if file.name == "__init__.py" else file.stem
