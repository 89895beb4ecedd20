"""Characters of a text that nobody sees, or takes for others.

It knows neither files nor schemas.
"""

from __future__ import annotations

import unicodedata


def called(character: str) -> str:
    """Return what a character is called, e.g. `a no-break space (U+00A0)`."""
    if character == "\t":
        return "a tab"
    name = unicodedata.name(character, "a character").lower()
    number = f"U+{ord(character):04X}"
    article = "" if name.startswith("a ") else "an " if name[0] in "aeiou" else "a "
    return f"{article}{name} ({number})"


def oddness(text: str) -> str:
    """Say which character of a text is most likely none that was meant, or "".

    Only one character is told, and only where it is a blank at an end or none of
    ASCII: the text itself may be a secret.
    """
    if text != text.lstrip():
        return "it begins with a blank"
    if text != text.rstrip():
        end = "line feed" if text.endswith("\n") else "blank"
        return f"it ends with a {end}"
    odd = next((at for at, each in enumerate(text) if not each.isascii()), None)
    if odd is None:
        return ""
    return f"its character {odd + 1} is {called(text[odd])}"
