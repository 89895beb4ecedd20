"""The bytes of one generation of one owner's state, and the proof that they are whole.

It knows nothing of folders or of other generations. The checksum is the last key
and covers the text without it; this stays so in every later format, because it is
tested before the format number is believed.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from collector_host.errors import StateVersionError
from collector_host.state.encoding import decode, encode

FORMAT: Final = 1
_CUT_SHORT: Final = ("Unterminated string starting at",)


class DamagedDocumentError(Exception):
    """The bytes are not what was once written; the text says how that shows."""


@dataclass(frozen=True, slots=True)
class Document:
    """One generation of one owner's state.

    Attributes:
        owner: Whose state it is.
        generation: Counts the commits of this owner, from 1. A commit that
            failed at its last step and the one after it share a number.
        saved_at: When it was committed, UTC.
        state: The state, or None when it was forgotten on purpose.
    """

    owner: str
    generation: int
    saved_at: datetime
    state: dict[str, Any] | None


def render(document: Document) -> bytes:
    """Return the document as indented JSON in UTF-8, checksum included."""
    fields = {
        "format": FORMAT,
        "generation": document.generation,
        "owner": encode(document.owner),
        "saved_at": document.saved_at.isoformat(),
        "state": encode(document.state),
    }
    return _text(fields | {"sha256": _checksum(fields)})


def parse(data: bytes, *, owner: str | None = None) -> Document:
    """Read what `render` wrote.

    Args:
        data: All bytes of a file.
        owner: Whose state is expected; None takes any.

    Raises:
        DamagedDocumentError: A byte differs from what was written, or the document
            belongs to another owner.
        StateVersionError: It is whole, but of a newer format.
    """
    try:
        document = _document(_verified(data))
    except (
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        RecursionError,
    ) as error:
        raise DamagedDocumentError(_reason(error)) from error
    if owner not in {None, document.owner}:
        message = f"it belongs to {document.owner!r}"
        raise DamagedDocumentError(message)
    return document


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        if not error.doc.strip():
            return "it is empty"
        if error.pos >= len(error.doc.rstrip()) or error.msg in _CUT_SHORT:
            return f"it is cut short at line {error.lineno} column {error.colno}"
        return f"no valid JSON at line {error.lineno} column {error.colno}"
    if isinstance(error, KeyError):
        return f"the key {error.args[0]} is missing"
    if isinstance(error, UnicodeDecodeError):
        return f"no valid UTF-8 at byte {error.start}"
    return str(error) or type(error).__name__


def _text(fields: dict[str, Any]) -> bytes:
    text = json.dumps(fields, ensure_ascii=False, allow_nan=False, indent=2)
    return f"{text}\n".encode()


def _checksum(fields: dict[str, Any]) -> str:
    return hashlib.sha256(_text(fields)).hexdigest()


def _verified(data: bytes) -> dict[str, Any]:
    read: object = json.loads(data.decode())
    if not isinstance(read, dict):
        message = "it is no mapping"
        raise ValueError(message)  # noqa: TRY004  (data, not a caller's mistake)
    fields = cast("dict[str, Any]", read)
    # Spaces and doubled keys do not survive parsing, so a checksum of the parsed
    # content alone would not notice a change there.
    if _text(fields) != data:
        message = "it is not in the form this program writes"
        raise ValueError(message)
    found = fields.pop("sha256")
    if found != _checksum(fields):
        message = "the checksum does not match the content"
        raise ValueError(message)
    return fields


def _document(fields: dict[str, Any]) -> Document:
    if fields["format"] > FORMAT:
        message = (
            f"the state has format {fields['format']}, this version reads {FORMAT}"
        )
        raise StateVersionError(
            message, hint="run the version that wrote it, or a newer one"
        )
    return Document(
        owner=decode(fields["owner"]),
        generation=fields["generation"],
        saved_at=datetime.fromisoformat(fields["saved_at"]),
        state=decode(fields["state"]),
    )
