"""LookupEvents: parameters to one page of events.

It knows nothing of HTTP, signatures or faults.

Source: vendor documentation of LookupEvents. What it leaves open (inclusive
bounds, the page size without MaxResults, lone StartTime) is a knob or is marked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from collector_emulators.actiontrail.errors import ApiError
from collector_emulators.actiontrail.filters import Filters, matcher, read_filters
from collector_emulators.actiontrail.store import Span
from collector_emulators.actiontrail.tokens import (
    Resume,
    TokenSeal,
    query_fingerprint,
)
from collector_emulators.clock import parse_instant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from collector_emulators.actiontrail.knobs import Knobs
    from collector_emulators.actiontrail.store import EventStore, Place, Row
    from collector_emulators.clock import DataClock

MAX_PAGE_SIZE: Final = 50
DEFAULT_WINDOW_S: Final = 7 * 86_400.0
DAY_S: Final = 86_400.0

_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@dataclass(frozen=True, slots=True)
class Page:
    """One page before it becomes JSON.

    Attributes:
        resume: What was asked for.
        asked: Token of the request, "" for a first page.
        rows: Events in the order of the answer.
        after: Place the next page starts behind.
        has_token: Whether the answer carries a NextToken.
        token: A token to give in place of a new one, "" for none.
    """

    resume: Resume
    asked: str
    rows: tuple[Row, ...]
    after: Place | None
    has_token: bool
    token: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """Validated parameters, the same for every page."""

    filters: Filters
    forward: bool
    limit: int
    fingerprint: bytes


class Lookup:
    """Answers LookupEvents from a store."""

    def __init__(self, store: EventStore, clock: DataClock, knobs: Knobs) -> None:
        self._store = store
        self._clock = clock
        self._knobs = knobs
        self._seal = TokenSeal()

    def query(self, parameters: Mapping[str, str], account_id: str) -> Query:
        """Check the parameters that are not the window's.

        Raises:
            ApiError: If one of them is wrong.
        """
        direction = parameters.get("Direction", "BACKWARD")
        if direction not in {"FORWARD", "BACKWARD"}:
            raise ApiError(code="InvalidQueryParameter")
        return Query(
            filters=read_filters(parameters),
            forward=direction == "FORWARD",
            limit=self._limit(parameters.get("MaxResults")),
            fingerprint=query_fingerprint(parameters, account_id),
        )

    def page(self, parameters: Mapping[str, str], query: Query) -> Page:
        """Return the page `parameters` ask for.

        Raises:
            ApiError: If window or token are wrong.
        """
        now = self._clock.seconds()
        token = parameters.get("NextToken", "")
        resume = (
            self._resume(token, query, now) if token else self._open(parameters, now)
        )
        view = self._store.view(query.filters, matcher(query.filters))
        rows = view.read(self._span(resume, query, now), query.limit + 1)
        shown = rows[: query.limit]
        more = len(rows) > query.limit
        return Page(
            resume=resume,
            asked=token,
            rows=shown,
            after=shown[-1].place if shown else resume.after,
            has_token=more or (bool(shown) and self._knobs.token_on_last_page),
        )

    def token(self, page: Page, query: Query) -> str:
        """Return the NextToken of `page`, "" when it has none."""
        if not page.has_token or page.token:
            return page.token
        issued = page.resume._replace(after=page.after, issued_at=self._clock.seconds())
        return self._seal.make(issued, query.fingerprint)

    def _span(self, resume: Resume, query: Query, now: float) -> Span:
        return Span(
            start=max(resume.start, now // 1 - self._knobs.retention_days * DAY_S),
            end=resume.end,
            bounds=self._knobs.bounds,
            forward=query.forward,
            after=resume.after,
            horizon=resume.opened_at if self._knobs.snapshot else now,
        )

    def _limit(self, text: str | None) -> int:
        if text is None:
            return self._knobs.default_page_size
        if not re.fullmatch("[0-9]{1,4}", text) or not 1 <= int(text) <= MAX_PAGE_SIZE:
            raise ApiError(code="InvalidQueryParameter")
        return int(text)

    def _resume(self, token: str, query: Query, now: float) -> Resume:
        resume = self._seal.open(token, query.fingerprint)
        knobs, life_s = self._knobs, self._knobs.token_ttl_s
        if resume is None or (life_s is not None and now > resume.issued_at + life_s):
            raise ApiError(code=knobs.token_error, message="The NextToken is invalid.")
        return resume

    def _open(self, parameters: Mapping[str, str], now: float) -> Resume:
        given = parameters.get("StartTime"), parameters.get("EndTime")
        if given == (None, None):
            return Resume(now // 1 - DEFAULT_WINDOW_S, now // 1, now, now, None)
        if None in given:
            # Not documented which code: both or neither is all that is said.
            raise ApiError(code="InvalidParameterCombination")
        start = _instant(given[0], "InvalidParameterStartTime")
        end = _instant(given[1], "InvalidParameterEndTime")
        self._check(start, end, now)
        return Resume(start, end, now, now, None)

    def _check(self, start: float, end: float, now: float) -> None:
        knobs = self._knobs
        if end <= start:
            raise ApiError(code="InvalidParameterCombination")
        too_old = start < now // 1 - knobs.retention_days * DAY_S
        if too_old and knobs.too_old_error is not None:
            raise ApiError(code=knobs.too_old_error)
        if (
            knobs.max_span_days is not None
            and end - start > knobs.max_span_days * DAY_S
        ):
            raise ApiError(code=knobs.span_error)


def _instant(text: str | None, code: str) -> float:
    if text is None or not _INSTANT.fullmatch(text):
        raise ApiError(code=code)
    try:
        return parse_instant(text)
    except ValueError as err:
        raise ApiError(code=code) from err
