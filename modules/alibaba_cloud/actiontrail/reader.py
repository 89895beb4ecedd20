"""From a window to its pages, in order. It knows neither state nor Devo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterator, Optional, Protocol, Set

from ..errors import PullError
from ..problems import PAGE_LOOP

if TYPE_CHECKING:
    from .answers import Page
    from .window import Window


class Pages(Protocol):
    """Gets one page after another."""

    def page(self, window: Window, token: Optional[str]) -> Page:
        """Return the page a token asks for; None asks for the first."""
        ...


def read_pages(pages: Pages, window: Window, *, empty_max: int) -> Iterator[Page]:
    """Yield the pages of a window, oldest events first.

    Only an absent token is the end: a short or an empty page is not.

    Args:
        pages: Gets the pages.
        window: The same for all of them.
        empty_max: Empty pages in a row that are taken for a loop.

    Raises:
        PullError: The service goes in a circle.

    Source:
        Vendor documentation of LookupEvents, NextToken.
    """
    token: Optional[str] = None
    asked: Set[str] = set()
    empty = 0
    while True:
        page = pages.page(window, token)
        yield page
        token = page.token
        if token is None:
            return
        empty = 0 if page.events else empty + 1
        if token in asked or empty >= empty_max:
            cause = f"{len(asked) + 1} pages, the last {empty} without events"
            raise PullError(PAGE_LOOP, cause)
        asked.add(token)
