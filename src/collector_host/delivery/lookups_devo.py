"""How devo-sdk writes headers and rows of lookups; only here is it asked for that.

Only its pure functions are called. Its sending waits five seconds twice in each
upload, in the hope that the start then arrives before the rows and the end behind
them; ours keeps the order on one connection after another, each confirmed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol, cast

from devo.sender.lookup import Lookup

if TYPE_CHECKING:
    from devocollectorsdk.message.lookup_job import LookupJob


class _Functions(Protocol):
    """The part of devo-sdk's untyped `Lookup` that we use."""

    EVENT_START: str
    EVENT_END: str
    ACTION_FULL: str
    ACTION_INC: str
    DATA_TABLE: str
    CONTROL_TABLE: str

    def list_to_headers(
        self, *, headers: list[str], key_index: int, types: list[str]
    ) -> str: ...

    def process_fields(
        self,
        *,
        fields: list[Any],
        key_index: int,
        escape_quotes: bool,
        escape_newline: bool,
    ) -> str: ...


_devo: Final = cast("_Functions", Lookup)


class _Bare:
    """A text that devo-sdk writes as it is, because it is no text to it."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __str__(self) -> str:
        return self._text


_BARE: Final[dict[Any, _Bare]] = {
    None: _Bare(""),
    True: _Bare("true"),
    False: _Bare("false"),
}
"""devo-sdk itself would write `None`, `True` and `False`, names of Python. An empty
field without quotes is what a CSV file has for null."""


class UploadLines:
    """The lines of one job, and the tables they go to."""

    def __init__(self, job: LookupJob) -> None:
        table = job.table
        full = job.action == "INITIALIZE"
        delete = ".DELETE" if job.action == "REMOVE" else ""
        action = _devo.ACTION_FULL if full else _devo.ACTION_INC
        self.control_tag = f"{_devo.CONTROL_TABLE}.{table.name}.{action}"
        self.data_tag = f"{_devo.DATA_TABLE}.{table.name}{delete}"
        self._name = f"{job.upload_id}_{table.name}"
        self._key_index = table.key_index
        self._headers = _devo.list_to_headers(
            headers=list(table.headers),
            key_index=table.key_index,
            types=list(table.types),
        )

    def start(self) -> str:
        """Return the control message that begins the upload."""
        return f"{self._name}|{_devo.EVENT_START}|{self._headers}"

    def end(self) -> str:
        """Return the control message that ends it."""
        return f"{self._name}|{_devo.EVENT_END}|{self._headers}"

    def row(self, values: tuple[Any, ...]) -> str:
        """Return the message of a row: the key, then the other values in order.

        Texts stand in quotes, with quotes in them doubled, unless they are digits
        and points; blanks around them are dropped.
        """
        fields = [
            _BARE[value] if value is None or isinstance(value, bool) else value
            for value in values
        ]
        text = _devo.process_fields(
            fields=fields,
            key_index=self._key_index if len(fields) > 1 else 0,
            escape_quotes=True,
            escape_newline=True,
        )
        return f"{self._name}|{text}"
