"""Classes of a folder's Python files with their methods and bases, by their names."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from collector_lint.files import MAX_FILE_BYTES, UnreadableError, read_regular
from collector_lint.python.names import Names, bound_by, called, names_below
from collector_lint.python.source import parse_python
from collector_lint.python.sources import python_files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CLASS: Final = re.compile(rb"^[ \t]*class\s+(\w+)", re.MULTILINE)
_PLAIN_BASES: Final = frozenset({"ABC", "object"})
_HOOKS: Final = frozenset({"__getattr__", "__init_subclass__"})
"""Methods by which a class, or one derived from it, may have further members."""
_DYNAMIC: Final = frozenset({"locals", "vars", "setattr", "exec", "eval"})
"""Calls by which the body of a class may bind names that stand nowhere."""


@dataclass(frozen=True, slots=True)
class PythonClass:
    """A class at the top of a file.

    Attributes:
        file: Where it is.
        line: Where in it, from 1.
        bases: Last names of its bases; "" for one that is no name.
        members: Names its body gives a value, abstract methods left out.
        is_plain: Whether nothing but its body and bases gives it members.
    """

    file: Path
    line: int
    bases: tuple[str, ...]
    members: frozenset[str]
    is_plain: bool


class PythonClasses:
    """The classes below a folder; a file is parsed when a class of it is asked for."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._files: dict[str, list[Path]] = {}
        self._known: dict[str, tuple[PythonClass, ...]] = {}
        for file in python_files(root):
            for name in _class_names(file):
                self._files.setdefault(name, []).append(file)

    @cached_property
    def names(self) -> Names:
        """All names that are bound, also otherwise than by a class statement."""
        return names_below(self._root)

    def get(self, name: str) -> tuple[PythonClass, ...]:
        """Return all classes of a name."""
        if name not in self._known:
            files = dict.fromkeys(self._files.get(name, ()))
            self._known[name] = tuple(each for f in files for each in _of(f, name))
        return self._known[name]


def _class_names(file: Path) -> Iterator[str]:
    try:
        data = read_regular(file, max_bytes=MAX_FILE_BYTES).data
    except UnreadableError:
        return
    yield from (match[1].decode("utf-8", "replace") for match in _CLASS.finditer(data))


def _of(file: Path, name: str) -> Iterator[PythonClass]:
    tree = parse_python(file)
    body = tree.body if isinstance(tree, ast.Module) else []
    found = [each for each in body if isinstance(each, ast.ClassDef)]
    found = [each for each in found if each.name == name]
    if not found:  # the file is broken, or the class stands deeper
        yield PythonClass(file, 1, (), frozenset(), is_plain=False)
    yield from (_class(file, each) for each in found)


def surely_lacks(name: str, member: str, known: PythonClasses, base: str) -> bool:
    """Tell whether a class is derived from a base outside and lacks a member.

    False wherever something is not known: a base of another name, two classes of one
    name, or something that may give a class members from outside, or its name to
    something else.

    Args:
        name: Name of the class.
        member: What its own body, or one of its bases, should define.
        known: The classes of the same folder.
        base: Name of the base outside, whose member is abstract.
    """
    reached: set[str] = set()
    waiting = [name]
    while waiting:
        each = waiting.pop()
        if each in reached or each in _PLAIN_BASES:
            continue
        reached.add(each)
        classes = known.get(each)
        if each == base and not classes:
            continue
        if len(classes) != 1 or not classes[0].is_plain:
            return False
        if member in classes[0].members:
            return False
        waiting += classes[0].bases
    return base in reached and reached.isdisjoint(known.names.changed)


def _class(file: Path, node: ast.ClassDef) -> PythonClass:
    members = frozenset(_members(node.body))
    is_plain = not (node.decorator_list or node.keywords or members & _HOOKS)
    is_plain = is_plain and not any(map(_is_dynamic, node.body))
    bases = tuple(map(_last_name, node.bases))
    return PythonClass(file, node.lineno, bases, members, is_plain)


def _last_name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _members(body: list[ast.stmt]) -> Iterator[str]:
    for node in body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                if "abstractmethod" not in map(_last_name, node.decorator_list):
                    yield node.name
            case _:
                # Whatever branch is taken: it may be bound there.
                for each in ast.walk(node):
                    yield from bound_by(each)


def _is_dynamic(node: ast.stmt) -> bool:
    """Tell whether a statement of a class may bind names that do not stand there."""
    match node:
        case ast.Expr(value=ast.Call()):
            return True  # it may change the class from within
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return False
        case _:
            return any(called(each) in _DYNAMIC for each in ast.walk(node))
