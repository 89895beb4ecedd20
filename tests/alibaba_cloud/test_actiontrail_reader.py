"""Reading a window: pages in order, and an end for every loop."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from alibaba_cloud.actiontrail.answers import Page
from alibaba_cloud.actiontrail.reader import read_pages
from alibaba_cloud.actiontrail.window import Window
from alibaba_cloud.errors import PullError
from fakes.actiontrail import START

if TYPE_CHECKING:
    from collections.abc import Sequence

WINDOW = Window(START, START + timedelta(hours=1))
_EVENT: list[Any] = [{"eventId": "A"}]


class _Script:
    """Gives the pages it was told, the last one for ever."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self._pages = list(pages)
        self.tokens: list[str | None] = []

    def page(self, window: Window, token: str | None) -> Page:
        assert window is WINDOW
        self.tokens.append(token)
        return self._pages.pop(0) if len(self._pages) > 1 else self._pages[0]


def test_pages_are_read_until_there_is_no_token() -> None:
    """Neither a short nor an empty page is the end."""
    script = _Script([Page(_EVENT, "1"), Page([], "2"), Page(_EVENT, None)])

    pages = list(read_pages(script, WINDOW, empty_max=10))

    assert [len(page.events) for page in pages] == [1, 0, 1]
    assert script.tokens == [None, "1", "2"]


def test_repeated_token_is_a_loop() -> None:
    """The pull ends after three calls at most; what was read is not thrown away."""
    script = _Script([Page(_EVENT, "1")])
    read: list[Page] = []

    with pytest.raises(PullError, match=r"CODE:0300"):
        read.extend(read_pages(script, WINDOW, empty_max=10))

    assert len(script.tokens) == 2
    assert len(read) == 2


def test_empty_pages_without_end_are_a_loop() -> None:
    """Ever new tokens to ever empty pages end as well."""
    script = _Script([Page([], str(number)) for number in range(99)])

    with pytest.raises(PullError, match=r"CODE:0300"):
        list(read_pages(script, WINDOW, empty_max=10))

    assert len(script.tokens) == 10
