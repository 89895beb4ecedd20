"""What a ledger keeps, and that a torn line is never taken for a message."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from collector_emulators.relay.ledger import (
    UNPARSED,
    CountingLedger,
    FileLedger,
    MemoryLedger,
    Stored,
    count_by_tag,
    count_messages,
    digest_messages,
    parse_record,
    read_ledger,
)
from emulators.relay.raw_peer import TAG, line

if TYPE_CHECKING:
    from pathlib import Path

ENTRIES = [
    Stored(1, TAG, b'{"a":"b\\nc"}'),
    Stored(1, TAG, b"two\nlines \\n \\\\ and a tab\t."),
    Stored(2, "my.app.x", b"nul \0 bad \xff cr \r"),
    Stored(2, UNPARSED, b""),
    Stored(3, TAG, "\N{PILE OF POO}".encode()),
]


@pytest.mark.parametrize(
    "date", [b"Jan  1 00:00:00", b"2026-11-23 10:00:00.123", b"2026-11-23T10:00:00Z"]
)
def test_a_record_is_parsed_with_every_date_form(date: bytes) -> None:
    """The date may be syslog's or ISO; host and priority are dropped."""
    record = b"<131>%s h-1 my.app.x.y: some: text" % date

    assert parse_record(7, record) == Stored(7, "my.app.x.y", b"some: text")


@pytest.mark.parametrize(
    "record", [b"no header", b"<14>Jan  1 00:00:00 host : empty tag", b""]
)
def test_a_record_without_usable_header_is_kept_whole(record: bytes) -> None:
    """Nothing that arrived disappears: it is stored as unparsed."""
    assert parse_record(1, record) == Stored(1, UNPARSED, record)


def test_a_file_gives_back_exact_messages(tmp_path: Path) -> None:
    """Line feeds, backslashes, NUL and invalid UTF-8 survive the line form."""
    with closing(FileLedger(tmp_path / "ledger", sync=True)) as ledger:
        ledger.append(ENTRIES[:2])
        ledger.append(ENTRIES[2:])

    assert list(read_ledger(tmp_path / "ledger")) == ENTRIES
    assert (tmp_path / "ledger").read_bytes().count(b"\n") == len(ENTRIES)


def test_a_torn_last_line_is_left_out_at_every_length(tmp_path: Path) -> None:
    """However much of the last line a kill left, only whole lines are read."""
    file = tmp_path / "ledger"
    with closing(FileLedger(file)) as ledger:
        ledger.append(ENTRIES[:2])
    whole = file.read_bytes()
    second = whole.index(b"\n") + 1

    for end in range(second, len(whole)):
        file.write_bytes(whole[:end])
        assert list(read_ledger(file)) == ENTRIES[:1]


def test_a_restart_cuts_a_torn_line_off_before_it_appends(tmp_path: Path) -> None:
    """The line after a torn one is not fused with it."""
    file = tmp_path / "ledger"
    with closing(FileLedger(file)) as ledger:
        ledger.append(ENTRIES[:1])
    with file.open("ab") as torn:
        torn.write(b"1\tcloud.alib")

    with closing(FileLedger(file)) as again:
        again.append(ENTRIES[1:2])

    assert list(again.entries()) == ENTRIES[:2]


def test_memory_keeps_entries_in_order() -> None:
    """Entries come back in the order of storing, as a copy."""
    ledger = MemoryLedger()
    ledger.append(ENTRIES[:3])
    before = ledger.entries()
    ledger.append(ENTRIES[3:])

    assert list(before) == ENTRIES[:3]
    assert list(ledger.entries()) == ENTRIES


def test_counting_keeps_a_digest_that_ignores_order_but_not_repetition() -> None:
    """Equal multisets of messages have equal digests, and only those."""
    ledger = CountingLedger()
    ledger.append(ENTRIES[3:])
    ledger.append(ENTRIES[:3])
    sent = [entry.message for entry in ENTRIES]

    assert ledger.count == len(ENTRIES)
    assert ledger.digest == digest_messages(sent)
    assert ledger.digest != digest_messages([*sent, sent[0], sent[0]])
    assert list(ledger.entries()) == []


def test_helpers_count_tags_and_messages() -> None:
    """Repeated messages show as a count above one."""
    entries = [*ENTRIES, ENTRIES[0]]

    assert count_by_tag(entries) == {TAG: 4, "my.app.x": 1, UNPARSED: 1}
    assert count_messages(entries)[ENTRIES[0].message] == 2


def test_a_header_line_of_the_sender_is_understood() -> None:
    """The form the tests send is the form the parser knows."""
    assert parse_record(1, line(b"text")[:-1]) == Stored(1, TAG, b"text")
