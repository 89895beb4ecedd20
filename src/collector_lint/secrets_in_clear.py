"""Tells secrets that stand in a configuration itself.

What is said of one never quotes it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from collector_lint.document import leaves

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.document import DataPath, Document
    from collector_lint.findings import Finding

_WORDS: Final = (
    "password|passwd|passphrase|pwd|secret|token|api[_-]?key|private[_-]?key|"
    "secret[_-]?key|secret[_-]?access[_-]?key"
)
_KEY: Final = re.compile(rf"(?:^|[_.-])(?:{_WORDS})$", re.IGNORECASE)
_CAMEL: Final = re.compile(
    r"(?<=[a-z0-9])(?:Password|Passphrase|Secret|Token|ApiKey|PrivateKey|SecretKey)$"
)
_REFERENCE: Final = re.compile(
    r"\$\{(?P<body>[A-Za-z_][A-Za-z0-9_]*(?::-(?P<default>[^{}]*))?|file:[^{}]*)\}"
)
_STANDS_FOR: Final = "\N{REPLACEMENT CHARACTER}"
"""Takes the place of what a reference stands for, which is not known here."""
_IN_ADDRESS: Final = re.compile(
    r"\b[A-Za-z][A-Za-z0-9+.-]*://[^/?#\s@:]*:(?P<secret>[^/?#\s]+)@[^/?#\s@]"
)
_PRIVATE: Final = re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----")


@dataclass(frozen=True, slots=True)
class Clear:
    """A secret in clear text.

    Attributes:
        message: What is wrong.
        hint: What to write instead.
    """

    message: str
    hint: str = "write ${NAME} or ${file:path}"


_HERE: Final = Clear("a secret stands here in clear text")
_DEFAULT: Final = Clear(
    "the default of a reference is a secret in clear text", "leave the default out"
)
_ADDRESS: Final = Clear(
    "a password stands in this address in clear text",
    "write ${NAME} for the password, or for the whole address",
)
_PEM: Final = Clear(
    "a private key stands here in clear text", "name a file, or write ${file:path}"
)


def secret_in_clear(path: DataPath, value: object) -> Clear | None:
    """Tell what secret a value holds beside references, or None.

    Args:
        path: Where the value is; some keys tell that theirs is a secret.
        value: A scalar as it is written.
    """
    if isinstance(value, bool) or value is None or value == "":
        return None
    text = str(value)
    if _PRIVATE.search(text):
        return _PEM
    if _holds_password(text):
        return _ADDRESS
    if not _is_key_of_secret(path[-1] if path else ""):
        return None
    if "${" not in text:
        return _HERE
    # Beside a reference there may be a word such as Bearer.
    defaults = (match["default"] for match in _REFERENCE.finditer(text))
    return _DEFAULT if any(defaults) else None


def secrets_in_clear(document: Document, code: str) -> Iterator[Finding]:
    """Yield a finding of a rule for every secret that a document holds itself."""
    for path, value in leaves(document.data):
        found = secret_in_clear(path, value)
        if found is not None:
            yield document.finding(
                path, code, found.message, hint=found.hint, severity="warning"
            )


def is_secret_in_clear(path: DataPath, value: object) -> bool:
    """Tell whether a value holds a secret that is no reference."""
    return secret_in_clear(path, value) is not None


def _is_key_of_secret(key: str | int) -> bool:
    if not isinstance(key, str):
        return False
    return bool(_KEY.search(key) or _CAMEL.search(key))


def _holds_password(text: str) -> bool:
    """Tell whether an address in a text, or in a default, names a password."""
    if "://" not in text:
        return False
    plain = _REFERENCE.sub(lambda match: match["default"] or _STANDS_FOR, text)
    return any(
        _STANDS_FOR not in match["secret"] for match in _IN_ADDRESS.finditer(plain)
    )
