"""Lines, pieces and tags, without any socket."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector_host.delivery.transports.framing import (
    PIECE_BYTES,
    check_tag,
    pieces,
)

ANY_LINES = st.lists(
    st.binary(max_size=9).filter(lambda line: b"\n" not in line),
    min_size=1,
    max_size=40,
)


def test_pieces_joins_whole_lines_up_to_the_limit() -> None:
    """A line that would pass the limit starts the next piece; none is split."""
    made = list(pieces(b"h: ", b"aaa\nbbb\nccc", limit_bytes=14))

    assert made == [b"h: aaa\nh: bbb\n", b"h: ccc\n"]


def test_pieces_gives_a_larger_line_a_piece_of_its_own() -> None:
    """A message above the limit travels alone, its neighbours around it."""
    made = list(pieces(b"h: ", b"a\n" + b"b" * 20 + b"\nc", limit_bytes=14))

    assert made == [b"h: a\n", b"h: " + b"b" * 20 + b"\n", b"h: c\n"]


@pytest.mark.parametrize(("length", "count"), [(0, 1), (1, 2)])
def test_pieces_boundary_is_exact(length: int, count: int) -> None:
    """With long headers, what is exactly 64 KiB is one piece; a byte more makes two."""
    header = b"h" * (PIECE_BYTES // 4)
    half = PIECE_BYTES // 2 - len(header) - 1

    made = list(pieces(header, b"a" * half + b"\n" + b"b" * (half + length)))

    assert len(made) == count
    assert b"".join(made).count(b"\n") == 2


def test_pieces_of_an_empty_message_are_its_header() -> None:
    """An empty message is a message."""
    assert list(pieces(b"h: ", b"")) == [b"h: \n"]


@given(ANY_LINES, st.integers(1, 60))
def test_pieces_are_nearly_as_full_as_whole_lines_allow(
    lines: list[bytes], limit_bytes: int
) -> None:
    """Each line has its header, in order; a sixteenth of a piece may stay empty."""
    framed = [b"h: " + line + b"\n" for line in lines]

    made = list(pieces(b"h: ", b"\n".join(lines), limit_bytes=limit_bytes))

    assert b"".join(made) == b"".join(framed)
    assert all(len(piece) <= limit_bytes or piece.count(b"\n") == 1 for piece in made)
    for piece, following in pairwise(made):
        next_line = following[: following.index(b"\n") + 1]
        assert len(piece + next_line) > limit_bytes - limit_bytes // 16


@pytest.mark.parametrize(
    "tag",
    ["my.app", "cloud.alibaba.log_service.events", "a.b-c.d.e.f.g", "x" * 1022 + ".y"],
)
def test_good_tag_passes(tag: str) -> None:
    """Two levels and more, up to 1,024 bytes, are a tag."""
    check_tag(tag)


@pytest.mark.parametrize("tag", ["my.app\n", "my.", ".my", "x" * 1023 + ".y"])
def test_bad_tag_is_refused(tag: str) -> None:
    """Empty levels, other characters and more than 1,024 bytes are no tag."""
    with pytest.raises(ValueError, match="tag"):
        check_tag(tag)
