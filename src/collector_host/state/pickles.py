"""Reads a pickle that holds plain values, and runs nothing that is in it.

`pickle.Unpickler` with a guarded `find_class` is not enough: a file of a few bytes can
make it take gigabytes (an index into its memo), and nested tuples used as a key end
the process or keep it busy for ever. So the standard library's `pickletools` takes the
stream apart, and the few steps that plain values need are done here, each with a bound.
No class is ever imported: the names of a few harmless ones stand for functions of this
module.

Source: `pickletools` for the opcodes; the memo and the keys were tried on Python 3.11.
"""

from __future__ import annotations

import pickletools
from typing import Any, Final, cast

from collector_host.state.pickle_steps import Machine, Name, RefusedPickleError

MAX_BYTES: Final = 16 * 1024 * 1024
"""Largest pickle that is read, and largest weight of what comes out of it."""

MAX_STEPS: Final = 2_000_000
"""Longest pickle that is read; two steps for each text in it."""


def read_pickle(data: bytes) -> Any:
    """Return the plain value in a pickle.

    It is made of None, bool, int, float, str, bytes, list, tuple, dict, set, date,
    datetime, timedelta and timezone. An `OrderedDict` or `defaultdict` comes out as a
    dict, and the UTC of pytz as the standard library's.

    Raises:
        RefusedPickleError: The text says what was found; a class by its name.
    """
    if len(data) > MAX_BYTES:
        message = f"it is larger than {MAX_BYTES} bytes"
        raise RefusedPickleError(message)
    machine = Machine()
    try:
        for number, (opcode, argument, _at) in enumerate(pickletools.genops(data)):
            if number > MAX_STEPS:
                message = f"it has more than {MAX_STEPS} steps"
                raise RefusedPickleError(message)
            machine.step(opcode.name, argument)
        value = machine.result()
    # Whatever a stream can do wrong, from a missing mark to a date in month 13.
    except (ValueError, LookupError, TypeError, OverflowError, AttributeError) as error:
        reason = str(error).partition("\n")[0][:200] or type(error).__name__
        message = f"it is no whole pickle: {reason}"
        raise RefusedPickleError(message) from error
    _weigh(value)
    return value


def _weigh(value: Any) -> None:
    """Refuse a value that is small in memory and endless when written out."""
    left = MAX_BYTES
    todo = [value]
    while todo:
        part = todo.pop()
        if isinstance(part, Name):
            message = f"it holds {part.name} itself, which is not a plain value"
            raise RefusedPickleError(message)
        if isinstance(part, dict):
            pairs = cast("dict[Any, Any]", part)
            todo += [*pairs.keys(), *pairs.values()]
        elif isinstance(part, list | tuple | set):
            todo += cast("list[Any]", part)
        left -= len(part) + _NODE if isinstance(part, str | bytes) else _NODE
        if left < _NODE * len(todo):
            message = f"written out it would be larger than {MAX_BYTES} bytes"
            raise RefusedPickleError(message)


_NODE: Final = 4
"""Least bytes that any value takes, its comma included, in a rough count."""
