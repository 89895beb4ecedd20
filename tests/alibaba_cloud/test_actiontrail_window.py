"""Windows: which interval is read next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alibaba_cloud.actiontrail.window import (
    Window,
    adapted,
    end_of_previous_second,
    next_window,
)

BASE = datetime(2023, 1, 10, 10, 36, 5, tzinfo=UTC)
MONTH = timedelta(days=30)
_instants = st.datetimes(
    datetime(2022, 12, 1),  # noqa: DTZ001  (the strategy adds the zone)
    datetime(2023, 3, 1),  # noqa: DTZ001  (the strategy adds the zone)
    timezones=st.just(UTC),
)


def test_end_of_previous_second_is_that_of_the_guide() -> None:
    """10:36:05.078809 gives 10:36:04.999999."""
    end = end_of_previous_second(BASE.replace(microsecond=78809))

    assert end.isoformat() == "2023-01-10T10:36:04.999999+00:00"


def test_query_begins_one_second_before_the_position() -> None:
    """The bounds of a query are whole seconds, the lower one a second early."""
    window = Window(BASE.replace(microsecond=999999), BASE + timedelta(minutes=1))

    assert window.start_text == "2023-01-10T10:36:04Z"
    assert window.end_text == "2023-01-10T10:37:05Z"


@pytest.mark.parametrize("ahead_s", [0, 1, 3600], ids=["same", "future", "far"])
def test_no_window_when_nothing_has_settled(ahead_s: int) -> None:
    """A position at or after the end gives no window, and so no call."""
    end = end_of_previous_second(BASE)
    position = end + timedelta(seconds=ahead_s)

    assert next_window(position, end, MONTH) is None


@settings(max_examples=60)
@given(_instants, _instants, st.timedeltas(timedelta(minutes=1), MONTH))
def test_windows_cover_everything_up_to_the_end(
    position: datetime, now: datetime, longest: timedelta
) -> None:
    """Window follows window without a hole, none too long, up to the end."""
    end = end_of_previous_second(now)
    longest = max(longest, timedelta(days=2))

    while (window := next_window(position, end, longest)) is not None:
        start_wire = datetime.fromisoformat(window.start_text)
        end_wire = datetime.fromisoformat(window.end_text)
        assert window.start == position
        assert start_wire < position < window.end <= end
        assert start_wire < end_wire <= start_wire + longest
        position = window.end

    assert position.replace(microsecond=0) >= end.replace(microsecond=0)


@pytest.mark.parametrize(
    ("pages", "expected"),
    [(401, 15), (400, 30), (100, 30), (99, 30)],
    ids=["halved", "full", "kept", "not-above-the-longest"],
)
def test_size_follows_the_number_of_pages(pages: int, expected: int) -> None:
    """Too many pages halve the next window; few let it grow up to the longest."""
    size = adapted(
        MONTH,
        pages,
        pages_max=400,
        shortest=timedelta(hours=1),
        longest=MONTH,
    )

    assert size == timedelta(days=expected)


def test_size_grows_back_and_never_falls_below_the_shortest() -> None:
    """An hour stays an hour under load, and doubles without."""
    hour = timedelta(hours=1)

    crowded = adapted(hour, 1000, pages_max=400, shortest=hour, longest=MONTH)
    quiet = adapted(hour, 1, pages_max=400, shortest=hour, longest=MONTH)

    assert (crowded, quiet) == (hour, 2 * hour)
