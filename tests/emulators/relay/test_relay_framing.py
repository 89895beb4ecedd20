"""Cutting the stream into records, however the network cut it before."""

from __future__ import annotations

import gzip
import itertools

import pytest

from collector_emulators.relay.framing import FramingError, Unframer
from emulators.relay.raw_peer import counted, line

LINE = line(b"one")
MEMBER = gzip.compress(line(b"three") + line(b"four"))
MIXED = LINE + counted(b"two\nlines") + MEMBER + LINE + counted(b"last")
RECORDS = [
    line(b"one")[:-1],
    line(b"two\nlines")[:-1],
    line(b"three")[:-1],
    line(b"four")[:-1],
    line(b"one")[:-1],
    line(b"last")[:-1],
]


def fed_in_pieces(stream: bytes, size: int) -> tuple[Unframer, list[bytes]]:
    """Feed a stream in pieces of `size` bytes."""
    unframer = Unframer()
    records: list[bytes] = []
    for start in range(0, len(stream), size):
        records += unframer.feed(stream[start : start + size])
    return unframer, records


@pytest.mark.parametrize("size", [1, 2, 7, 64, len(MIXED)])
def test_mixed_framings_are_cut_alike_at_every_piece_size(size: int) -> None:
    """Lines, counted records and gzip members may follow each other."""
    unframer, records = fed_in_pieces(MIXED, size)

    assert records == RECORDS
    assert not unframer.broken_off


def test_a_stream_cut_anywhere_yields_a_prefix_and_no_piece_of_a_record() -> None:
    """Only whole records come out; the rest is known to be broken off."""
    parts = [LINE, counted(b"two\nlines"), MEMBER, LINE]
    ends_of_records = set(itertools.accumulate(map(len, parts)))

    for end in range(1, len(MIXED)):
        unframer, records = fed_in_pieces(MIXED[:end], end)

        assert records == RECORDS[: len(records)]
        assert unframer.broken_off == (end not in ends_of_records)


def test_a_line_without_header_is_a_record_of_its_own() -> None:
    """A line feed inside a plain message splits it, as it does at Devo."""
    records = Unframer().feed(line(b"first\nsecond") + b"12 monkeys\n")

    assert records == [line(b"first")[:-1], b"second", b"12 monkeys"]


def test_nul_and_four_byte_characters_pass_unchanged() -> None:
    """No byte but the line feed has a meaning inside a line."""
    message = b"a\0b " + "\N{PILE OF POO}\U0010ffff".encode() + b" \xff\r"

    assert Unframer().feed(line(message)) == [line(message)[:-1]]


def test_a_member_without_final_line_feed_ends_its_last_record() -> None:
    """A complete gzip member leaves no record open."""
    assert Unframer().feed(gzip.compress(LINE[:-1])) == [LINE[:-1]]


def test_a_damaged_member_raises() -> None:
    """A wrong checksum makes the rest of the stream unusable."""
    damaged = bytearray(MEMBER)
    damaged[-6] ^= 0xFF

    with pytest.raises(FramingError, match="damaged"):
        Unframer().feed(bytes(damaged))
