"""Lookup jobs as messages of Devo's two tables."""

from __future__ import annotations

import csv
from typing import Any

import pytest
from devo.sender.lookup import Lookup
from hypothesis import given, settings
from hypothesis import strategies as st

from collector_host.delivery import lookups
from collector_host.delivery.items import LookupPart
from collector_host.delivery.lookups import Lookups
from collector_host.delivery.messages import MessageRules
from collector_host.errors import RefusedError
from collector_host.telemetry.counters import Counters
from devocollectorsdk.message.lookup_job import LookupJob
from fakes.clocks import ManualClock
from support.lookups import create, printers, uploads

CONTROL, DATA = "my.lookup.control.Printers", "my.lookup.data.Printers"
HEADERS = '[{"name":{"type":"str","key":true}},{"pages":{"type":"int"}}]'


def _parts(job: LookupJob, max_event_bytes: int = 1000) -> list[LookupPart]:
    rules = MessageRules(max_event_bytes, Counters(ManualClock()))
    return list(Lookups(rules).parts(job))


def _messages(job: LookupJob) -> list[tuple[str, str]]:
    """Return (tag, message without the name of the upload)."""
    prefix = f"{job.upload_id}_{job.lookup_name}|"
    found = [
        (draft.tag, message.decode())
        for part in _parts(job)
        for draft in part.drafts
        for message in draft.block.messages
    ]
    assert all(message.startswith(prefix) for _, message in found)
    return [(tag, message.removeprefix(prefix)) for tag, message in found]


def test_create_replaces_everything_between_start_and_end() -> None:
    """The control messages carry the columns, the key first."""
    assert _messages(create([["a", 1], ["b", 2]])) == [
        (f"{CONTROL}.FULL", f"START|{HEADERS}"),
        (DATA, '"a",1'),
        (DATA, '"b",2'),
        (f"{CONTROL}.FULL", f"END|{HEADERS}"),
    ]


def test_modify_and_remove_are_increments() -> None:
    """Removed rows go to a table of their own, whole or as their key."""
    factory = printers()
    factory.add_item_to_list_to_modify([["a", 1]])
    factory.add_item_to_list_to_remove([["b"], ["c", 3]])

    modify = factory.create_job_to_modify_items(send_start=True, send_end=True)
    remove = factory.create_job_to_remove_items(send_start=True, send_end=True)

    assert [tag for tag, _ in _messages(modify)] == [
        f"{CONTROL}.INC", DATA, f"{CONTROL}.INC",
    ]  # fmt: skip
    assert _messages(remove)[1:3] == [
        (f"{DATA}.DELETE", '"b"'),
        (f"{DATA}.DELETE", '"c",3'),
    ]


def test_page_of_an_upload_has_no_end_and_the_next_no_start() -> None:
    """What was asked for is sent, nothing else; an empty middle is nothing."""
    assert [text for _, text in _messages(create([["a", 1]], end=False))] == [
        f"START|{HEADERS}", '"a",1',
    ]  # fmt: skip
    assert [text for _, text in _messages(create([], start=False))] == [
        f"END|{HEADERS}"
    ]
    assert _messages(create([], start=False, end=False)) == []


def test_values_are_written_as_devo_reads_them() -> None:
    """Quotes are doubled, line feeds escaped, null is empty; the key comes first."""
    factory = printers(
        headers=["n", "text", "key", "size", "on", "at"],
        key="key",
        field_types=["int8", "str", "str", "float", "bool", "ip4"],
    )
    rows: list[list[Any]] = [
        [7, 'a "b", c', "k|1", 0.5, True, "10.0.0.1"],
        [None, None, "k2", None, False, None],
        [-1, "", "0042", 3, None, None],
        [0, "zeile\nü", "k4", 1e30, None, None],
    ]
    assert factory.add_item_to_list_to_modify(rows) == [0, []]

    job = factory.create_job_to_modify_items(send_start=True, send_end=True)

    messages = _messages(job)
    assert [text for _, text in messages[1:-1]] == [
        '"k|1",7,"a ""b"", c",0.5,true,10.0.0.1',
        '"k2",,,,false,',
        '0042,-1,"",3,,',
        r'"k4",0,"zeile\nü",1e+30,,',
    ]
    assert messages[0][1].startswith(
        'START|[{"key":{"type":"str","key":true}},{"n":{"type":"int8"}},{"text":'
    )


@given(
    st.lists(
        st.text() | st.text('", \n|1.', max_size=8) | st.none(), min_size=2, max_size=2
    )
)
@settings(max_examples=200)
def test_any_text_comes_back_out_of_its_row(values: list[str | None]) -> None:
    """As CSV, a row has as many fields as headers, and every one of them whole."""
    factory = printers(headers=["k", "a", "b"], key="k", field_types=["str"] * 3)
    factory.add_item_to_list_to_modify(["key", *values])

    job = factory.create_job_to_modify_items(send_start=False, send_end=False)

    [(_, text)] = _messages(job)
    [fields] = csv.reader([text], strict=True)
    expected = [(value or "").strip().replace("\n", "\\n") for value in values]
    utf8 = [value.encode("utf-8", "backslashreplace").decode() for value in expected]
    assert fields == ["key", *utf8]


def test_messages_are_those_of_devo_sdk() -> None:
    """Its own class, with a connection that notes, sends the same."""
    noted: list[tuple[str, str]] = []

    class Noting:
        tag = ""

        def send(self, tag: str, msg: str) -> None:
            noted.append((tag, msg))

    factory = printers(headers=["pages", "name"], field_types=["int", "str"])
    factory.add_item_to_list_to_remove([[1, "a"], [2, ' "b" ']])
    job = factory.create_job_to_remove_items(send_start=True, send_end=True)
    devo: Any = Lookup("Printers", con=Noting(), delay=0, escape_quotes=True)
    devo.lookup_id = job.upload_id
    settings: Any = {
        "headers": ["pages", "name"], "key_index": 1, "action": "INC",
        "types": ["int", "str"],
    }  # fmt: skip

    with pytest.warns(DeprecationWarning, match="my.lookup.data"):
        devo.send_headers(event="START", **settings)
    for row in job.rows:
        devo.send_data_line(fields=list(row), key_index=1, delete=True)
    devo.send_headers(event="END", **settings)

    ours = [
        (draft.tag, message.decode())
        for part in _parts(job)
        for draft in part.drafts
        for message in draft.block.messages
    ]
    assert ours == noted


def test_a_large_lookup_is_made_piece_by_piece() -> None:
    """100,000 rows never are in memory as messages all at once."""
    job = create([[f"printer {n:06}, {'x' * 60}", n] for n in range(100_000)])
    rules = MessageRules(1000, Counters(ManualClock()))

    sizes, batches, rows = [], [], 0
    for part in Lookups(rules).parts(job):
        sizes.append(part.size_bytes)
        batches += [draft.block.events for draft in part.drafts]
        rows += part.events

    assert rows == 100_002
    assert len(sizes) == 3
    assert max(sizes) <= lookups.PART_BYTES
    assert max(batches) == 1000


def test_parts_of_a_large_lookup_are_one_upload(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Only the first begins it, only the last ends it, and none is out of order."""
    monkeypatch.setattr(lookups, "PART_BYTES", 100_000)
    rows = [[f"{n:04} {'x' * 60}", n] for n in range(5000)]
    job = create(rows)

    parts = _parts(job)

    assert len(parts) > 3
    assert {part.upload for part in parts} == {job.upload_id}
    assert [part.is_last for part in parts] == [False] * (len(parts) - 1) + [True]
    [upload] = uploads(
        (draft.tag, message.decode())
        for part in parts
        for draft in part.drafts
        for message in draft.block.messages
    )
    assert [int(row.rpartition(",")[2]) for row in upload.rows] == list(range(5000))


def test_row_too_large_to_be_sent_whole_is_refused() -> None:
    """Cut, as an event is, it would be another row."""
    fits, over = "x" * 100, "x" * 1000

    with pytest.raises(RefusedError, match='"Printers" has too large a row: 10') as got:
        _parts(create([[fits, 1], [over, 2]]))

    assert "max_event_bytes is 1000" in str(got.value)
    assert "leave the row out" in got.value.hint
