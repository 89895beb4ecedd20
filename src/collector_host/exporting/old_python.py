"""What Python 3.9 does not understand, found without a Python 3.9.

Two kinds: syntax, which the parser itself knows, and names or arguments that would
fail only when the line runs. What depends on values is not found.

Source:
    "What's New in Python" 3.10, 3.11 and 3.12.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OLD: Final = (3, 9)

_NEWER: Final = {
    "asyncio": {"TaskGroup", "Runner", "timeout", "timeout_at", "Barrier"},
    "collections.abc": {"Buffer"},
    "contextlib": {"aclosing", "chdir"},
    "datetime": {"UTC"},
    "enum": {
        *("StrEnum", "ReprEnum", "EnumCheck", "verify", "member", "nonmember"),
        *("property", "global_enum", "KEEP", "STRICT", "CONFORM", "EJECT"),
    },
    "hashlib": {"file_digest"},
    "http": {"HTTPMethod"},
    "inspect": {"get_annotations", "getmembers_static", "markcoroutinefunction"},
    "itertools": {"pairwise", "batched"},
    "logging": {"getLevelNamesMapping", "getHandlerByName", "getHandlerNames"},
    "math": {"cbrt", "exp2", "sumprod"},
    "operator": {"call"},
    "statistics": {"correlation", "covariance", "linear_regression"},
    "sys": {"exception", "orig_argv", "stdlib_module_names", "monitoring"},
    "time": {"CLOCK_PROF_TICKS"},
    "types": {
        *("NoneType", "EllipsisType", "NotImplementedType", "UnionType"),
        *("get_original_bases", "CapsuleType"),
    },
    "typing": {
        *("ParamSpec", "Concatenate", "TypeAlias", "TypeGuard", "is_typeddict"),
        *("Self", "Never", "LiteralString", "Required", "NotRequired", "Unpack"),
        *(
            "TypeVarTuple",
            "assert_never",
            "assert_type",
            "reveal_type",
            "clear_overloads",
        ),
        *("dataclass_transform", "get_overloads", "override", "TypeAliasType"),
        *("TypeIs", "ReadOnly"),
    },
}
"""Module -> names that it has only since Python 3.10 or later."""

_NEWER_MODULES: Final = frozenset(
    {"tomllib", "wsgiref.types", "importlib.resources.abc"}
)
_NEWER_BUILTINS: Final = frozenset(
    {
        *("aiter", "anext", "ExceptionGroup", "BaseExceptionGroup"),
        *("EncodingWarning", "PythonFinalizationError"),
    }
)
_NEWER_METHODS: Final = frozenset(
    {"bit_count", "add_note", "hardlink_to", "is_junction"}
)
_NEWER_ARGUMENTS: Final = {
    "dataclass": {"slots", "kw_only", "match_args", "weakref_slot"},
    "field": {"kw_only"},
    "zip": {"strict"},
    "bisect": {"key"},
    "bisect_left": {"key"},
    "bisect_right": {"key"},
    "insort": {"key"},
    "entry_points": {"group", "name"},
    "mkdtemp": {"delete"},
    "TemporaryDirectory": {"delete"},
    "write_text": {"newline"},
}
"""Function -> arguments that it takes only since Python 3.10 or later."""

_BUILTIN_TYPES: Final = frozenset(
    {"int", "str", "bytes", "float", "bool", "list", "dict", "set", "tuple", "type"}
    | {"frozenset", "object", "complex", "bytearray"}
)
_UNION: Final = "X | Y of types at run time"
_NEEDS_FUTURE: Final = (
    "X | Y in an annotation without `from __future__ import annotations`"
)


@dataclass(frozen=True, slots=True, order=True)
class Trap:
    """One place that Python 3.9 would not run.

    Attributes:
        file: The file.
        line: Line, from 1.
        what: What it does not know.
    """

    file: Path
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}"


def traps(file: Path) -> list[Trap]:
    """Return every known place of a file that Python 3.9 would not run."""
    source = file.read_text(encoding="utf-8")
    try:
        tree = ast.parse(source, str(file), feature_version=OLD)
    except SyntaxError as error:
        return [Trap(file, error.lineno or 1, f"syntax: {error.msg}")]
    found = {Trap(file, line, what) for line, what in _Search(tree).found()}
    return sorted(found)


class _Search:
    def __init__(self, tree: ast.Module) -> None:
        self._tree = tree
        self._has_future = any(
            isinstance(node, ast.ImportFrom)
            and node.module == "__future__"
            and any(alias.name == "annotations" for alias in node.names)
            for node in tree.body
        )
        self._modules = _imported_modules(tree)

    def found(self) -> Iterator[tuple[int, str]]:
        """Yield line and reason of every trap."""
        for node in _running(self._tree, with_annotations=not self._has_future):
            for what in self._of(node):
                yield getattr(node, "lineno", 1), what

    def _of(self, node: ast.AST) -> Iterator[str]:
        match node:
            case ast.ImportFrom(module=str(module), level=0, names=names):
                yield from _of_import(module, [alias.name for alias in names])
            case ast.Import(names=names):
                for alias in names:
                    yield from _of_import(alias.name, [])
            case ast.Call():
                yield from _of_call(node)
            case _:
                yield from self._of_expression(node)

    def _of_expression(self, node: ast.AST) -> Iterator[str]:
        match node:
            case ast.Attribute(value=ast.Name(id=owner), attr=name):
                module = self._modules.get(owner, "")
                if name in _NEWER.get(module, ()):
                    yield f"{module}.{name}"
            case ast.Name(id=name) if name in _NEWER_BUILTINS:
                yield f"the builtin {name}"
            case ast.BinOp(op=ast.BitOr(), left=left, right=right):
                if _is_type(left) or _is_type(right):
                    yield _UNION if self._has_future else _NEEDS_FUTURE
            case _:
                pass


def _of_import(module: str, names: list[str]) -> Iterator[str]:
    if module in _NEWER_MODULES:
        yield f"the module {module}"
    for name in names:
        if name in _NEWER.get(module, ()):
            yield f"{module}.{name}"
        if f"{module}.{name}" in _NEWER_MODULES:
            yield f"the module {module}.{name}"


def _of_call(node: ast.Call) -> Iterator[str]:
    function = node.func
    name = function.attr if isinstance(function, ast.Attribute) else ""
    if isinstance(function, ast.Name):
        name = function.id
    elif name in _NEWER_METHODS and not node.keywords:
        yield f"the method {name}"
    newer = _NEWER_ARGUMENTS.get(name, set[str]())
    for keyword in node.keywords:
        if keyword.arg in newer:
            yield f"{name}({keyword.arg}=)"
    if name == "fromisoformat" and node.args:
        (argument, *_) = node.args
        if isinstance(argument, ast.Constant) and str(argument.value).endswith("Z"):
            yield 'fromisoformat("…Z")'


def _is_type(node: ast.expr) -> bool:
    """Tell whether an operand looks like a type: None, `int`, or a name `LikeThis`."""
    match node:
        case ast.Constant(value=None):
            return True
        case ast.Subscript(value=value):
            return _is_type(value)
        case ast.Name(id=name):
            is_class = name[:1].isupper() and not name.isupper()
            return name in _BUILTIN_TYPES or is_class
        case _:
            return False


def _imported_modules(tree: ast.Module) -> dict[str, str]:
    """Return the names that stand for modules -> the module."""
    return {
        (alias.asname or alias.name.partition(".")[0]): (
            alias.name if alias.asname else alias.name.partition(".")[0]
        )
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }


def _running(node: ast.AST, *, with_annotations: bool) -> Iterator[ast.AST]:
    """Yield every node that runs: nothing below TYPE_CHECKING, no annotations."""
    yield node
    if isinstance(node, ast.If) and _is_checking(node.test):
        children: list[ast.AST] = list(node.orelse)
    else:
        children = list(ast.iter_child_nodes(node))
    if not with_annotations:
        skipped = {
            id(part)
            for name in ("annotation", "returns")
            if isinstance(part := getattr(node, name, None), ast.AST)
        }
        children = [child for child in children if id(child) not in skipped]
    for child in children:
        yield from _running(child, with_annotations=with_annotations)


def _is_checking(test: ast.expr) -> bool:
    match test:
        case ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"):
            return True
        case _:
            return False
