"""Keeps secrets out of texts.

It knows values and the shapes of keys, not where they come from.
"""

from __future__ import annotations

import base64
import json
import re
import threading
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MASK: Final = "****"

MIN_LENGTH: Final = 4
"""Shorter texts are left alone: masking every `a` would spoil the log and guard
nothing, as so short a secret can be guessed."""

_MIN_PART_LENGTH: Final = 8
"""Shorter pieces of base64 appear in texts by chance."""

_SHAPES: Final = (
    r"(?<=LTAI)[0-9A-Za-z]{12,30}",  # access key id; what kind of key it is may stay
    r"(?<=STS\.)[0-9A-Za-z]{12,}",  # id of temporary credentials
    r"CAIS[0-9A-Za-z+/=%_-]{60,}",  # security token
    r"(?s:-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*KEY-----|\Z))",
)


class Masker:
    """Replaces secrets in texts by `****`.

    Known values are found as they are, URL-encoded (once or twice), escaped as in
    JSON or by `repr`, and in base64, alone or inside a longer text. Keys of Alibaba
    Cloud and private keys in PEM form are found by their shape.

    Args:
        secrets: Values to hide; see MIN_LENGTH.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._mutex = threading.Lock()
        self._forms: frozenset[str] = frozenset()
        self._pattern = re.compile("|".join(_SHAPES))
        self.add(*secrets)

    def add(self, *secrets: str) -> None:
        """Hide these values from now on, e.g. a token that was just renewed."""
        with self._mutex:
            for secret in secrets:
                self._forms |= frozenset(_forms(secret.strip()))
            # Longest first: a part must not be replaced before the whole.
            known = sorted(self._forms, key=lambda form: (-len(form), form))
            self._pattern = re.compile("|".join([*map(re.escape, known), *_SHAPES]))

    def mask(self, text: str) -> str:
        """Return the text without any secret."""
        return self._pattern.sub(MASK, text)


def _forms(secret: str) -> Iterator[str]:
    """Yield every text under which a secret may appear."""
    if len(secret) < MIN_LENGTH:
        return
    data = secret.encode("utf-8", "surrogatepass")
    once = quote(data, safe="")
    yield from (secret, once, _lower_escapes(once), quote(once, safe=""))
    yield from (quote(data), quote_plus(data))
    yield from (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1])
    yield from (repr(secret)[1:-1], ascii(secret)[1:-1])
    yield from _base64_forms(data)


def _lower_escapes(text: str) -> str:
    return re.sub("%[0-9A-F]{2}", lambda escape: escape[0].lower(), text)


def _base64_forms(data: bytes) -> Iterator[str]:
    """Yield what base64 makes of the data at each of its three alignments.

    Characters that also depend on neighbouring bytes are left out, except in the
    form of the data alone.
    """
    for encoder in (base64.b64encode, base64.urlsafe_b64encode):
        alone = encoder(data).decode()
        yield from (alone, alone.rstrip("="))
        for before in range(3):
            text = encoder(bytes(before) + data).decode()
            first = -(-before * 8 // 6)
            last = (before + len(data)) * 8 // 6
            if last - first >= _MIN_PART_LENGTH:
                yield text[first:last]
