"""The few steps of a pickle that plain values need, done without importing anything.

It knows the opcodes one by one, not where they come from; see `pickles` for why.

Source: the opcodes' documentation in the module `pickletools`.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_BITS: Final = 4096
"""Largest integer; hashing a larger one as a key would take its time."""


class RefusedPickleError(Exception):
    """The pickle is cut short, damaged, or holds more than plain values."""


class _Mark:
    """What the opcode MARK puts on the stack."""


class Name:
    """A class or function that the pickle names."""

    def __init__(self, name: str) -> None:
        # The older protocols say what Python 2 called it.
        name = re.sub("^__builtin__", "builtins", name)
        if name not in _MAKERS:
            message = f"it holds an object of {name}, which is not a plain value"
            raise RefusedPickleError(message)
        self.name = name


class Machine:
    """The stack and the memo of one pickle."""

    def __init__(self) -> None:
        self._stack: list[Any] = []
        self._memo: dict[int, Any] = {}

    def step(self, name: str, argument: Any) -> None:
        """Do one step."""
        if name in _CONSTANTS:
            self._stack.append(_CONSTANTS[name])
        elif name in _LITERALS:
            self._stack.append(_checked(argument))
        elif action := _ACTIONS.get(name):
            action(self, argument)
        elif name not in _IGNORED:
            message = f"it uses the step {name}, which no plain value needs"
            raise RefusedPickleError(message)

    def result(self) -> Any:
        """Return what is left when the stream ends."""
        value = self.pop()
        if self._stack:
            message = "more than one value is left"
            raise TypeError(message)
        return value

    def pop(self) -> Any:
        """Take the value on top of the stack."""
        value = self._stack.pop()
        if isinstance(value, _Mark):
            message = "a mark stands where a value should"
            raise TypeError(message)
        return value

    def marked(self) -> list[Any]:
        """Take everything down to the last mark."""
        items: list[Any] = []
        while not isinstance(value := self._stack.pop(), _Mark):
            items.append(value)
        items.reverse()
        return items

    def push(self, value: Any) -> None:
        """Put a value on top of the stack."""
        self._stack.append(value)

    def remember(self, index: int | None) -> None:
        """Note the value on top under a number, or under the next one."""
        self._memo[len(self._memo) if index is None else index] = self._stack[-1]

    def recall(self, index: int) -> None:
        """Put a noted value on top of the stack."""
        self._stack.append(self._memo[index])

    def extend(self, kind: type, items: list[Any]) -> None:
        """Put items into the list, dict or set on top of the stack."""
        target = self._stack[-1]
        if type(target) is not kind:
            message = f"{type(target).__name__} where {kind.__name__} should be"
            raise TypeError(message)
        if kind is list:
            target.extend(items)
        elif kind is set:
            target.update(map(_key, items))
        else:
            target.update(zip(map(_key, items[::2]), items[1::2], strict=True))

    def call(self) -> None:
        """Make a value out of a name and its arguments."""
        arguments, function = self.pop(), self.pop()
        if not isinstance(function, Name) or not isinstance(arguments, tuple):
            message = "it calls something that is no class"
            raise RefusedPickleError(message)
        self._stack.append(_MAKERS[function.name](*cast("tuple[Any, ...]", arguments)))


def _checked(value: Any) -> Any:
    if isinstance(value, int) and value.bit_length() > MAX_BITS:
        message = f"it holds an integer of more than {MAX_BITS} bits"
        raise RefusedPickleError(message)
    return value


def _key(value: Any) -> Any:
    """Return a key; tuples are none, because hashing nested ones may never end."""
    if value is None or isinstance(value, str | bytes | int | float | date):
        return value
    message = f"it has a key of type {type(value).__name__}"
    raise RefusedPickleError(message)


def _new(*_arguments: Any) -> dict[Any, Any]:
    return {}


def _refuse_call(*_arguments: Any) -> Any:
    message = "it calls a class that only a defaultdict may name"
    raise RefusedPickleError(message)


def _encode(text: str, encoding: str) -> bytes:
    if encoding != "latin1":
        message = f"bytes in the encoding {encoding!r}"
        raise ValueError(message)
    return text.encode("latin-1")


_MAKERS: Final[dict[str, Callable[..., Any]]] = {
    "datetime.datetime": datetime,
    "datetime.date": date,
    "datetime.timedelta": timedelta,
    "datetime.timezone": timezone,
    "pytz._UTC": lambda: UTC,
    "collections.OrderedDict": _new,
    "collections.defaultdict": _new,
    "_codecs.encode": _encode,
    "builtins.bytes": lambda: b"",  # without the argument that would make it large
    **dict.fromkeys(
        (f"builtins.{name}" for name in ("list", "dict", "int", "float", "str")),
        _refuse_call,
    ),
}
"""What a name stands for; the last five are said by a defaultdict, and never called."""

_CONSTANTS: Final = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
_LITERALS: Final = frozenset(
    {
        *("INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4"),
        *("FLOAT", "BINFLOAT"),
        *("UNICODE", "SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8"),
        *("SHORT_BINBYTES", "BINBYTES", "BINBYTES8"),
    }
)
_IGNORED: Final = frozenset({"PROTO", "FRAME", "STOP"})


def _stack_global(machine: Machine) -> None:
    attribute, module = machine.pop(), machine.pop()
    machine.push(Name(f"{module}.{attribute}"))


def _set_item(machine: Machine) -> None:
    value, key = machine.pop(), machine.pop()
    machine.extend(dict, [key, value])


def _make_dict(machine: Machine) -> None:
    flat = machine.marked()
    machine.push({})
    machine.extend(dict, flat)


def _of_last(count: int) -> Callable[[Machine, Any], None]:
    def make(machine: Machine, _argument: Any) -> None:
        items = [machine.pop() for _ in range(count)]
        machine.push(tuple(items[::-1]))

    return make


_ACTIONS: Final[dict[str, Callable[[Machine, Any], None]]] = {
    "MARK": lambda machine, _: machine.push(_Mark()),
    "EMPTY_LIST": lambda machine, _: machine.push([]),
    "LIST": lambda machine, _: machine.push(machine.marked()),
    "APPEND": lambda machine, _: machine.extend(list, [machine.pop()]),
    "APPENDS": lambda machine, _: machine.extend(list, machine.marked()),
    "EMPTY_TUPLE": lambda machine, _: machine.push(()),
    "TUPLE": lambda machine, _: machine.push(tuple(machine.marked())),
    "TUPLE1": _of_last(1),
    "TUPLE2": _of_last(2),
    "TUPLE3": _of_last(3),
    "EMPTY_DICT": lambda machine, _: machine.push({}),
    "DICT": lambda machine, _: _make_dict(machine),
    "SETITEM": lambda machine, _: _set_item(machine),
    "SETITEMS": lambda machine, _: machine.extend(dict, machine.marked()),
    "EMPTY_SET": lambda machine, _: machine.push(set()),
    "ADDITEMS": lambda machine, _: machine.extend(set, machine.marked()),
    "PUT": lambda machine, index: machine.remember(index),
    "BINPUT": lambda machine, index: machine.remember(index),
    "LONG_BINPUT": lambda machine, index: machine.remember(index),
    "MEMOIZE": lambda machine, _: machine.remember(None),
    "GET": lambda machine, index: machine.recall(index),
    "BINGET": lambda machine, index: machine.recall(index),
    "LONG_BINGET": lambda machine, index: machine.recall(index),
    "GLOBAL": lambda machine, name: machine.push(Name(name.replace(" ", ".", 1))),
    "STACK_GLOBAL": lambda machine, _: _stack_global(machine),
    "REDUCE": lambda machine, _: machine.call(),
}
