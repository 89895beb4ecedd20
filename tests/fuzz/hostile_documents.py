"""Configurations that accidents and attackers make of right ones, from a seed.

It knows nothing of the product.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fuzz.hostile_json import mangled

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

_WORDS = (
    *(b"null", b"~", b"yes", b"-1", b"1e999", b".nan", b"0x" + b"f" * 3000, b"1:2:3"),
    *(b"[]", b"{}", b"{a: b}", b"[x, y]", b"'", b'"', b"!x", b"!!int x", b"!!set {}"),
    *(b"*a", b"&a x", b"<<: *a", b"? [k]", b"- - -", b"|\n  x", b">-\n  y", b"@", b"%"),
    *(b"${NAME}", b"${", b"${file:/etc/shadow}", b"${X:-}", b"$$", b"${file:}"),
    *(b"\0", b"\xff\xfe", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xc2\x85", b"\xf0\x9f"),
    *(
        b"\t",
        b"\r",
        b"---\n",
        b"...\n",
        b"%YAML 9.9\n---\n",
        b"2023-13-45",
        b"9" * 5000,
    ),
    *(b"\xe2\x80\xa8", b"x" * 5000, b"1_000", b"0o17", b"=", b"\\"),
)


def _word(data: bytes, dice: random.Random) -> bytes:
    """Put something in the place of a word."""
    words = data.split(b" ")
    words[dice.randrange(len(words))] = dice.choice(_WORDS)
    return b" ".join(words)


def _value(data: bytes, dice: random.Random) -> bytes:
    """Put something in the place of a value."""
    lines = data.split(b"\n")
    at = dice.randrange(len(lines))
    key, colon, _ = lines[at].partition(b": ")
    lines[at] = key + colon + dice.choice(_WORDS)
    return b"\n".join(lines)


def _lines(data: bytes, dice: random.Random) -> bytes:
    """Remove, double, move or indent lines."""
    lines = data.split(b"\n")
    at, to = dice.choices(range(len(lines)), k=2)
    change = dice.randrange(4)
    if change == 0:
        del lines[at]
    elif change == 1:
        lines.insert(to, lines[at])
    elif change == 2:
        lines.insert(to, lines.pop(at))
    else:
        lines[at] = b" " * dice.randrange(1, 5) + lines[at]
    return b"\n".join(lines)


def _key(data: bytes, dice: random.Random) -> bytes:
    """Misspell a key."""
    places = [at for at in range(1, len(data) - 1) if data[at : at + 1] == b":"]
    if not places:
        return data
    at = dice.choice(places)
    return data[: at - 1] + dice.choice((b"", b"x", b"-", b"\xc3\xa9")) + data[at:]


def _bomb(data: bytes, dice: random.Random) -> bytes:
    """Add a structure that is small as text and large or deep as data."""
    depth = dice.choice((20, 60, 3000))
    bombs = (
        b"[" * depth,
        b"[" * depth + b"]" * depth,
        b"{a: " * depth + b"}" * depth,
        b"- " * depth + b"x",
        b"\n".join(b" " * n + b"a:" for n in range(min(depth, 200))),
        b"&a [" + b",".join([b"x"] * depth) + b"]\nb: [" + b"*a," * 90 + b"]",
        b"&a {<<: *a}",
        b"".join(b"k%d: 1\n" % n for n in range(depth)),
    )
    place = dice.choice((b"bomb: ", b"", b"\ninputs: ", b"\nglobals: "))
    return dice.choice((data + b"\n", b"")) + place + dice.choice(bombs)


def _bytes(data: bytes, dice: random.Random) -> bytes:
    """Write it in another encoding, or as no text at all."""
    if dice.random() < 0.5:
        return dice.randbytes(dice.randrange(300))
    name = dice.choice(("utf-16", "utf-16-le", "utf-32", "cp1252", "utf-8-sig"))
    return data.decode("utf-8", "replace").encode(name, "replace")


_CHANGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    *(_word, _value, _lines, _key, mangled) * 4,
    *(_bomb, _bytes),
)


def hostile_document(data: bytes, dice: random.Random) -> bytes:
    """Return a right configuration after one to three changes."""
    for _ in range(dice.choice((1, 1, 2, 3))):
        data = dice.choice(_CHANGES)(data, dice)
    return data
