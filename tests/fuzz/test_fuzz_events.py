"""Random events and pages through parse, sieve, shaper and message rules.

No page crashes anything, and what is delivered is what the service gave.
"""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import pytest

from alibaba_cloud.actiontrail.answers import Page, parse_page
from alibaba_cloud.actiontrail.shaper import Shaper
from alibaba_cloud.errors import ApiError
from collector_host.delivery.messages import MessageRules
from collector_host.telemetry.counters import Counters
from fakes.actiontrail import FakeHost, FakeModule, settings
from fakes.clocks import ManualClock
from fuzz.hostile_json import Odd, mangled, odd_event
from support.mutants import source as mutants
from support.source import NOW

if TYPE_CHECKING:
    from collections.abc import Callable

    from alibaba_cloud.actiontrail.window import Window

PAGE = 50
RULES = MessageRules(1024 * 1024, Counters(ManualClock()))
OURS = frozenset({"@devo_pulling_id", "@devo_environment"})


class _Pages:
    """A source that gives prepared pages once."""

    def __init__(self, bodies: list[bytes]) -> None:
        self._bodies = bodies

    def fetch(self, window: Window, token: str | None, page_size: int) -> Page:
        del window, page_size
        number = int(token or 0)
        body = self._bodies[number] if number < len(self._bodies) else b'{"Events":[]}'
        return parse_page(body, 200, with_token=token is not None)

    def refresh_credentials(self) -> None:
        """Nothing is held."""


def _bodies(events: list[Odd]) -> list[bytes]:
    pages = [events[at : at + PAGE] for at in range(0, len(events), PAGE)]
    return [
        b'{"RequestId":"R","Events":[%b],"NextToken":"%d"}'
        % (",".join(event.text for event in page).encode(), number)
        for number, page in enumerate(pages, 1)
    ]


def _delivered(bodies: list[bytes]) -> list[bytes]:
    """Pull all pages once, and return the messages as the receiver gets them."""
    host, messages = FakeHost(), list[bytes]()

    def send(texts: list[str]) -> None:
        for batch in RULES.batches(texts):
            messages.extend(batch.messages)

    host.send = send
    source: Any = _Pages(bodies)
    chosen = settings({"late_events": {"enabled": False}})
    FakeModule(source, host, ManualClock(NOW), chosen).pull()
    return messages


def _without_ours(found: Any, event: Any) -> Any:
    if not isinstance(found, dict):
        return found
    kept = OURS & event.keys() if isinstance(event, dict) else frozenset[str]()
    return {key: one for key, one in found.items() if key not in OURS - kept}


def _silent_changes(seed: int, size: int) -> int:
    """Return how many of so many events did not arrive as they were given."""
    dice = random.Random(seed)  # noqa: S311 - replayable, no secrets
    events = [odd_event(number, dice) for number in range(size)]
    messages = _delivered(_bodies(events))
    assert all(b"\n" not in line for line in messages)
    found = [json.loads(line) for line in messages]
    pairs = zip(found, events, strict=False)
    wrong = sum(_differs(one, event.value) for one, event in pairs)
    return wrong + abs(len(found) - len(events))


def _differs(found: Any, value: Any) -> bool:
    # As text, because True equals 1 and 0.0 equals -0.0.
    return json.dumps(_without_ours(found, value)) != json.dumps(value)


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Nobody reads the lines of so many pages."""
    caplog.set_level("ERROR", "alibaba_cloud")


PART = 1_000
"""Events of one pull: all of them share a few seconds, which a state remembers."""


@pytest.mark.parametrize("seed", range(4))
def test_no_event_of_a_hundred_thousand_is_changed_silently(seed: int) -> None:
    """Delivered is what was given, except our keys, in order, none twice."""
    parts = range(seed * 100, seed * 100 + 25_000 // PART)

    assert sum(_silent_changes(part, PART) for part in parts) == 0


@pytest.mark.chaos
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(100, 110))
def test_no_event_of_a_million_is_changed_silently(seed: int) -> None:
    """The same for a million."""
    parts = range(seed * 100, seed * 100 + 100_000 // PART)

    assert sum(_silent_changes(part, PART) for part in parts) == 0


@pytest.mark.parametrize(
    "mutant",
    [
        mutants.json_as_python_reads_it,
        mutants.surrogates_are_replaced,
        mutants.our_keys_win,
    ],
)
def test_campaign_finds_a_silent_change(
    mutant: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rounding parser, a lossy encoder and overwritten keys show within a page."""
    mutant(monkeypatch.setattr)

    try:
        changes = _silent_changes(0, 1000)
    except ValueError:
        return
    assert changes > 0


def _mangled_pages(seed: int, size: int) -> int:
    """Parse mangled pages, deliver what they hold; return how many were readable."""
    dice = random.Random(seed)  # noqa: S311 - replayable, no secrets
    shaper = Shaper("1672884000.000000", "prod")
    readable = 0
    for number in range(size):
        [body] = _bodies([odd_event(number, dice) for _ in range(3)])
        try:
            page = parse_page(mangled(body, dice), 200, with_token=number % 2 == 0)
        except ApiError:
            continue
        readable += 1
        for event in page.events:
            line = RULES.encode(shaper.shape(event))
            assert not _differs(json.loads(line), event)
    return readable


@pytest.mark.parametrize("seed", range(2))
def test_mangled_page_is_an_error_or_a_page(seed: int) -> None:
    """Whatever the bytes are: our error, or events that can be delivered."""
    assert 0 < _mangled_pages(seed, 2_500) < 2_500


@pytest.mark.chaos
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(100, 110))
def test_mangled_page_of_many_is_an_error_or_a_page(seed: int) -> None:
    """The same for a hundred thousand pages."""
    assert 0 < _mangled_pages(seed, 10_000) < 10_000
