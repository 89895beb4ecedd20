"""NextToken: opaque, bound to its query, and usable more than once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from alibabacloud_tea_openapi.exceptions import ClientException

from collector_emulators.clock import format_instant
from emulators.actiontrail.vendor import NOW, event, lookup

if TYPE_CHECKING:
    from alibabacloud_actiontrail20200706.client import Client

    from collector_emulators.actiontrail import ActionTrailEmulator


@pytest.fixture
def token(emulator: ActionTrailEmulator, client: Client) -> str:
    """A token behind the first of three events."""
    emulator.load(event(f"e{n}", ago_s=10 - n) for n in range(3))
    return lookup(client, max_results="1").next_token


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"max_results": "2"}, id="size"),
        pytest.param({"direction": "BACKWARD"}, id="direction"),
        pytest.param({"end_time": format_instant(NOW - 1)}, id="window"),
    ],
)
def test_token_refuses_another_query(
    client: Client, token: str, change: dict[str, Any]
) -> None:
    """Every other parameter must be as in the request the token came from."""
    with pytest.raises(ClientException) as caught:
        lookup(client, **{"max_results": "1", "next_token": token, **change})

    assert caught.value.code == "InvalidQueryParameter"


@pytest.mark.parametrize("broken", ["A" * 40, "not base64!", "YWJj"])
def test_token_that_was_not_given_is_refused(client: Client, broken: str) -> None:
    """A token nobody issued is a wrong parameter."""
    with pytest.raises(ClientException) as caught:
        lookup(client, max_results="1", next_token=broken)

    assert caught.value.code == "InvalidQueryParameter"


def test_tampered_token_is_refused(client: Client, token: str) -> None:
    """Changing one character of a token makes it worthless."""
    other = "B" if token[20] == "A" else "A"

    with pytest.raises(ClientException) as caught:
        lookup(client, max_results="1", next_token=token[:20] + other + token[21:])

    assert caught.value.code == "InvalidQueryParameter"


def test_token_works_again(client: Client, token: str) -> None:
    """A client that lost the answer may ask with the same token once more."""
    first = lookup(client, max_results="1", next_token=token)
    again = lookup(client, max_results="1", next_token=token)

    assert [e["eventId"] for e in first.events] == ["e1"]
    assert again.events == first.events


def test_expired_token_has_the_code_of_the_knob(
    emulator: ActionTrailEmulator, client: Client, token: str
) -> None:
    """A token can be made to expire in virtual time, with any code."""
    emulator.knobs.update({"token_ttl_s": 30, "token_error": "TimeRangeExceeded"})

    emulator.data_clock.advance(30)
    assert lookup(client, max_results="1", next_token=token).events
    emulator.data_clock.advance(1)
    with pytest.raises(ClientException) as caught:
        lookup(client, max_results="1", next_token=token)

    assert caught.value.code == "TimeRangeExceeded"
