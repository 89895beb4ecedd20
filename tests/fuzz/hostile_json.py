"""Random events as JSON text, with what must be delivered for each.

Everything comes from a seed. It knows nothing of the product.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import random

_CHARACTERS = (
    *("a", "Z", "0", " ", "/", "\\", '"', "{", "}", "[", "]", ",", ":", "\n", "\r"),
    *("\t", "\0", "\x1f", "\x7f", "\x80", "\xe9", "\u2028", "\u4e2d", "\ufeff"),
    *("\U0001f600", "\ud800", "\udbff", "\udc00", "\udfff", "\uffff"),
)
_NUMBERS: tuple[tuple[str, Any], ...] = (
    *(("0", 0), ("-1", -1), ("9007199254740993", 2**53 + 1)),
    *(("18446744073709551616", 2**64), ("1e5", 1e5), ("-2.50", -2.5), ("1E-7", 1e-7)),
    *(("0.1", 0.1), ("-0.0", -0.0), ("5e-324", 5e-324)),
    *(("NaN", "NaN"), ("-Infinity", "-Infinity"), ("1e400", "1e400")),
    *(("0.10000000000000000001",) * 2, ("7" * 4001,) * 2),
)
_KEYS = (
    *("eventName", "requestParameters", "userIdentity", "eventVersion", "a.b.1"),
    *("\ud800", "", "\0", "userClientIp", "UserClientIp", "@devo_environment"),
)
_TIMES = (
    *("2023-01-05T00:00:01Z", "2023-01-05T00:59:59Z", "2023-01-05 00:00:00.5+08:00"),
    *("", "now", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", 17, None),
)


class Odd(NamedTuple):
    """JSON text, and the value that must arrive for it."""

    text: str
    value: Any


def odd_text(dice: random.Random) -> Odd:
    """Return a string, its characters written plainly or escaped."""
    characters = dice.choices(_CHARACTERS, k=dice.randrange(8))
    return _string("".join(characters), dice)


def _string(value: str, dice: random.Random) -> Odd:
    if dice.random() < 0.5:
        return Odd(json.dumps(value), json.loads(json.dumps(value)))
    plain = json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace")
    text = plain.decode()
    return Odd(text, json.loads(text))


def odd_value(dice: random.Random, depth: int = 0) -> Odd:
    """Return any value, nested up to four levels."""
    kind = dice.randrange(4 if depth > 3 else 6)
    if kind == 0:
        return odd_text(dice)
    if kind == 1:
        return Odd(*dice.choice(_NUMBERS))
    if kind == 2:
        word = dice.choice(("true", "false", "null"))
        return Odd(word, json.loads(word))
    if kind == 3:
        text = dice.choice((" [ ]", "{ }"))
        return Odd(text, json.loads(text))
    if kind == 4:
        items = [odd_value(dice, depth + 1) for _ in range(dice.randrange(4))]
        text = dice.choice((",", " ,\n")).join(item.text for item in items)
        return Odd(f"[{text}]", [item.value for item in items])
    return _object(dice, depth)


def _object(dice: random.Random, depth: int) -> Odd:
    keys = dice.sample(_KEYS, dice.randrange(4))
    fields = [(_string(key, dice), odd_value(dice, depth + 1)) for key in keys]
    text = ",".join(f"{key.text}: {value.text}" for key, value in fields)
    return Odd(f"{{{text}}}", {key.value: value.value for key, value in fields})


def odd_event(number: int, dice: random.Random) -> Odd:
    """Return an event that differs from all others by its number; often no object."""
    value = odd_value(dice)
    if dice.random() < 0.05:
        return Odd(f"[{number},{value.text}]", [number, value.value])
    fields = [("n", Odd(str(number), number))]
    if dice.random() < 0.9:
        identifier = dice.choice((f"ID-{number}", f"ID-{number // 2}", "", "\ud800"))
        fields.append(("eventId", _string(identifier, dice)))
    if dice.random() < 0.9:
        time = dice.choice(_TIMES)
        fields.append(("eventTime", Odd(json.dumps(time), time)))
    fields.append((dice.choice(_KEYS), value))
    text = ",".join(f"{json.dumps(key)}:{one.text}" for key, one in fields)
    return Odd(f"{{{text}}}", {key: one.value for key, one in fields})


def mangled(data: bytes, dice: random.Random) -> bytes:
    """Return bytes with a few of them changed, cut, doubled or put elsewhere."""
    for _ in range(dice.randrange(1, 4)):
        at, to = sorted(dice.choices(range(len(data) + 1), k=2))
        piece = data[at:to][:200]
        data = dice.choice(
            (
                data[:at] + bytes([dice.randrange(256)]) + data[at + 1 :],
                data[:at] + data[at + len(piece) :],
                data[:at] + piece + data[at:],
                data[:at]
                + dice.choice((b"\0", b"\xff", b'"', b"[[[", b"}"))
                + data[at:],
                data[:to],
            )
        )
    return data
