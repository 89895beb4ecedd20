"""What a Redis server keeps, allows and says is looked at before it is relied on."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from collector_host.errors import StateError
from support.redis_places import Place, changed

if TYPE_CHECKING:
    from collections.abc import Iterator

OWNER = "alibaba;alibaba_1;actiontrail;None"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"appendonly": "no"}, "keeps no append-only file"),
        ({"appendfsync": "no"}, "half a minute"),
        ({"maxmemory-policy": "allkeys-lru"}, "may drop states"),
        ({"maxmemory-policy": "volatile-ttl"}, "may drop the lease"),
    ],
)
def test_server_that_may_forget_is_warned_of(
    changes: dict[str, str],
    says: str,
    place: Place,
    warnings_seen: pytest.LogCaptureFixture,
) -> None:
    """The warning says what can be lost; a server that keeps all is silent."""
    place.host().store.close()
    assert warnings_seen.text == ""
    with changed(place, changes):
        place.host()

        assert says in warnings_seen.text


def test_append_only_file_can_be_demanded(place: Place) -> None:
    """Then a server without one is refused, and the hint says how to mend it."""
    place.host(require_aof=True).store.close()
    with (
        changed(place, {"appendonly": "no"}),
        pytest.raises(StateError, match="require_aof") as caught,
    ):
        place.host(require_aof=True)
    assert "CONFIG SET appendonly yes" in caught.value.hint


@pytest.fixture
def user(place: Place) -> Iterator[dict[str, str]]:
    """A user as managed servers have them: no CONFIG, no INFO."""
    place.client.execute_command(
        *("ACL", "SETUSER", "limited", "on", ">example-secret", "~*", "&*", "+@all"),
        *("-config", "-info"),
    )
    yield {"username": "limited", "password": "example-secret"}
    place.client.execute_command("ACL", "DELUSER", "limited")


def test_server_that_does_not_tell_is_said_to(
    place: Place, user: dict[str, str], warnings_seen: pytest.LogCaptureFixture
) -> None:
    """Not knowing is neither taken for yes nor for no."""
    place.host(**user).store.commit(OWNER, {"n": 1})

    assert "does not say whether" in warnings_seen.text


def test_demand_that_cannot_be_checked_is_not_met(
    place: Place, user: dict[str, str]
) -> None:
    """Who demands a file wants to know that it is there."""
    with pytest.raises(StateError, match="does not say"):
        place.host(**user, require_aof=True)


def test_info_tells_where_config_is_forbidden(
    place: Place, user: dict[str, str], warnings_seen: pytest.LogCaptureFixture
) -> None:
    """Managed servers mostly allow that one."""
    place.client.execute_command("ACL", "SETUSER", "limited", "+info")

    place.host(**user, require_aof=True)

    assert warnings_seen.text == ""


@pytest.mark.usefixtures("user")
def test_password_is_in_no_message(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither a refusal nor the settings' own text shows it."""
    caplog.set_level(logging.DEBUG)
    wrong = {"username": "limited", "password": "wrong-secret"}

    with pytest.raises(StateError, match="refuses the credentials") as caught:
        place.host(**wrong)

    assert "secret" not in f"{caught.value} {caught.value.__cause__!r} {caplog.text}"
    assert "secret" not in repr(place.settings)


def test_user_without_rights_is_told_so(place: Place, user: dict[str, str]) -> None:
    """A command that is not allowed is named by the server's own words."""
    place.client.execute_command("ACL", "SETUSER", "limited", "-evalsha", "-eval")

    with pytest.raises(StateError, match="does not allow a command"):
        place.host(**user)


def test_server_that_is_not_there_is_an_error_at_the_start(place: Place) -> None:
    """It names the place and what to look at."""
    with pytest.raises(StateError, match=r"Redis at 127\.0\.0\.1:1, ") as caught:
        place.host(port=1)
    assert "check host" in caught.value.hint
