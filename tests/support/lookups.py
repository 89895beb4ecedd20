"""Lookups for tests, and what a receiver has of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from devocollectorsdk.message.lookup_job_factory import LookupJobFactory

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from devocollectorsdk.message.lookup_job import LookupJob


class Upload(NamedTuple):
    """What Devo would make of an upload at its end.

    Attributes:
        action: `FULL` or `INC`.
        rows: Text of each row -> whether it is removed; a row that came twice is one.
    """

    action: str
    rows: dict[str, bool]


def printers(rows: Sequence[Sequence[Any]] = (), **changes: Any) -> LookupJobFactory:
    """Return a factory with rows to initialize with."""
    arguments: dict[str, Any] = {
        "lookup_name": "Printers",
        "headers": ["name", "pages"],
        "key": "name",
        "field_types": ["str", "int"],
    }
    factory = LookupJobFactory(**(arguments | changes))
    factory.add_item_to_list_to_initialize(list(rows))
    return factory


def create(
    rows: Sequence[Sequence[Any]], *, start: bool = True, end: bool = True
) -> LookupJob:
    """Return a job that fills the lookup with rows."""
    return printers(rows).create_job_to_initialize_items(start, end)


def uploads(messages: Iterable[tuple[str, str]]) -> list[Upload]:
    """Read (tag, message) pairs in the order of arrival, as Devo's two tables.

    Raises:
        AssertionError: A row or an end came before its start.
    """
    begun: dict[str, tuple[str, dict[str, bool]]] = {}
    ended: list[Upload] = []
    for tag, message in messages:
        _, _, table, _, *rest = tag.split(".")
        name, _, text = message.partition("|")
        event = text.partition("|")[0]
        if table == "control" and event == "START":
            begun[name] = rest[0], {}
            continue
        assert name in begun, f"{message!r} came before the start of {name}"
        action, rows = begun[name]
        if table == "data":
            rows[text] = rest == ["DELETE"]
        else:
            assert (event, action) == ("END", rest[0])
            ended.append(Upload(action, dict(rows)))
    return ended
