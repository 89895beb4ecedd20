"""States on a real Redis server: kept, read again, damaged, away."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from collector_emulators.certificates import certificate_paths
from collector_host.errors import StateDamagedError, StateError, StateVersionError
from support.redis_places import Place, changed
from support.redis_server import RedisServer

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

OWNER = "alibaba;alibaba_1;actiontrail;None"
OTHER = "alibaba;alibaba_1;log store ä;None"
STATE: dict[str, Any] = {
    "at": datetime(2023, 1, 10, 10, 46, tzinfo=UTC),
    "ids": ("a", "ß\ud800"),
    7: {"n": float("inf"), "big": 2**80, "none": None},
}


def test_store_gives_back_what_was_committed(place: Place) -> None:
    """Types survive, owners do not mix, and a later host reads the same."""
    store = place.host().store
    store.commit(OWNER, {"n": 1})
    store.commit(OWNER, STATE)
    store.commit(OTHER, {"m": 1})
    store.close()

    later = place.host().store

    assert later.load(OWNER) == STATE
    assert later.load(OTHER) == {"m": 1}
    assert later.load("nobody") is None
    assert later.owners() == (OWNER, OTHER)


def test_store_tells_a_forgotten_state_from_none(place: Place) -> None:
    """A reset is a generation like any other, after which nothing is imported."""
    store = place.host().store
    store.commit(OWNER, {"n": 1})
    store.commit(OWNER, None)

    assert store.load(OWNER) is None
    assert store.owners() == ()
    assert (store.knows(OWNER), store.knows(OTHER)) == (True, False)


def test_states_are_json_that_people_can_read(place: Place) -> None:
    """Both generations lie under documented keys, with a checksum."""
    store = place.host().store
    store.commit(OWNER, {"n": 1})
    store.commit(OWNER, {"n": 2})

    current, previous = (
        json.loads(str(place.client.hget(place.key(what), OWNER)))
        for what in ("states", "previous")
    )

    assert place.key("states") == f"collector:{{{place.settings.collector_id}}}:states"
    assert (current["state"], current["generation"]) == ({"n": 2}, 2)
    assert (previous["state"], previous["generation"]) == ({"n": 1}, 1)
    assert len(current["sha256"]) == 64


def test_closed_store_refuses(place: Place) -> None:
    """Closing twice is fine; using it afterwards is not."""
    store = place.host().store
    store.close()
    store.close()

    with pytest.raises(StateError, match="closed"):
        store.load(OWNER)
    with pytest.raises(StateError, match="closed"):
        store.commit(OWNER, {})


def test_damaged_generation_is_set_aside_and_the_previous_one_used(
    place: Place, warnings_seen: pytest.LogCaptureFixture
) -> None:
    """A changed byte is noticed, said, kept for people, and costs one generation."""
    store = place.host().store
    store.commit(OWNER, {"n": 1})
    store.commit(OWNER, {"n": 2})
    text = str(place.client.hget(place.key("states"), OWNER))
    place.client.hset(place.key("states"), OWNER, text.replace('"n": 2', '"n": 3'))

    assert store.load(OWNER) == {"n": 1}

    store.commit(OWNER, {"n": 4})
    assert store.load(OWNER) == {"n": 4}
    (aside,) = place.client.hkeys(place.key("damaged"))
    assert str(aside).startswith(OWNER)
    assert "the checksum does not match" in warnings_seen.text
    assert "comes again" in warnings_seen.text


def test_two_damaged_generations_are_an_error_that_says_how_to_start_over(
    place: Place,
) -> None:
    """Starting over unasked would skip or repeat events."""
    store = place.host().store
    for what in ("states", "previous"):
        place.client.hset(place.key(what), OWNER, "noise")

    with pytest.raises(StateDamagedError, match="no valid JSON") as caught:
        store.load(OWNER)
    assert "HDEL" in caught.value.hint


def test_state_of_another_owner_is_damage(place: Place) -> None:
    """A document that was copied to a wrong field is not used."""
    store = place.host().store
    store.commit(OTHER, {"m": 1})
    text = str(place.client.hget(place.key("states"), OTHER))
    place.client.hset(place.key("states"), OWNER, text)

    with pytest.raises(StateDamagedError, match="belongs to"):
        store.load(OWNER)


def test_newer_format_is_refused(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """A whole document of a newer version is no damage."""
    store = place.host().store
    with monkeypatch.context() as newer:
        newer.setattr("collector_host.state.document.FORMAT", 2)
        store.commit(OWNER, {"n": 1})

    with pytest.raises(StateVersionError, match="format 2"):
        store.load(OWNER)


def test_stranger_among_the_states_is_left_out_with_a_warning(
    place: Place, warnings_seen: pytest.LogCaptureFixture
) -> None:
    """One odd field does not hide the others."""
    store = place.host().store
    store.commit(OWNER, {"n": 1})
    place.client.hset(place.key("states"), "odd", "noise")

    assert store.owners() == (OWNER,)
    assert "cannot be used" in warnings_seen.text


def test_late_commit_does_not_undo_a_later_one(place: Place) -> None:
    """What was on its way when a connection broke may arrive after its successor."""
    host = place.host()
    host.store.commit(OWNER, {"n": 1})
    host.store.commit(OWNER, {"n": 2})
    newest = place.client.hget(place.key("states"), OWNER)

    # The first commit once more, with its number.
    host.store._lease.guarded(
        _commit_script(), ("states", "previous"), 1, OWNER, "an older document"
    )

    assert place.client.hget(place.key("states"), OWNER) == newest


def _commit_script() -> str:
    from collector_host.state.redis_scripts import COMMIT  # noqa: PLC0415

    return COMMIT


@contextmanager
def _own_server(folder: Path, **settings: str) -> Generator[tuple[RedisServer, Place]]:
    with RedisServer(folder, **settings) as server, Place(server, "one") as place:
        yield server, place


def test_server_that_comes_back_keeps_everything(
    tmp_path: Path, warnings_seen: pytest.LogCaptureFixture
) -> None:
    """While it is away a commit fails and says why; then it works again."""
    settings = {"appendonly": "yes", "appendfsync": "always"}
    with _own_server(tmp_path, **settings) as (server, place):
        host = place.host(lease_s=0.3)
        host.store.commit(OWNER, {"n": 1})
        server.kill()

        with pytest.raises(StateError, match="cannot be reached"):
            host.store.commit(OWNER, {"n": 2})
        server.start()
        _commit_when_possible(host, {"n": 3})

        assert host.store.load(OWNER) == {"n": 3}
        assert not host.lost.is_set()
    assert "commits wait" in warnings_seen.text
    assert "forgotten" not in warnings_seen.text


def test_server_that_forgot_everything_gets_it_again(
    tmp_path: Path, warnings_seen: pytest.LogCaptureFixture
) -> None:
    """A server without a file comes back empty; the host still knows its states."""
    with _own_server(tmp_path) as (server, place):
        host = place.host(lease_s=0.3)
        host.store.commit(OTHER, {"m": 1})
        host.store.commit(OWNER, {"n": 1})
        server.kill()
        server.start()
        _commit_when_possible(host, {"n": 2})
        host.store.close()

        later = place.host().store

        assert later.load(OWNER) == {"n": 2}
        assert later.load(OTHER) == {"m": 1}
    assert "has forgotten commits" in warnings_seen.text


def test_server_that_hangs_for_a_while_takes_everything_in_order(
    place: Place, server: RedisServer, warnings_seen: pytest.LogCaptureFixture
) -> None:
    """What it was sent meanwhile it does when it wakes up; the newest state stays."""
    host = place.host(lease_s=0.3, socket_timeout_s=0.2)
    host.store.commit(OWNER, {"n": 1})
    with server.paused(), pytest.raises(StateError, match="does not answer in time"):
        host.store.commit(OWNER, {"n": 2})

    _commit_when_possible(host, {"n": 3})

    assert host.store.load(OWNER) == {"n": 3}
    assert not host.lost.is_set()
    assert "commits wait" in warnings_seen.text


def test_renewal_gives_back_what_the_server_forgot(place: Place) -> None:
    """A host that has nothing to commit for a while notices it as well."""
    host = place.host(lease_s=0.3)
    host.store.commit(OWNER, {"n": 1})
    text = place.client.hget(place.key("states"), OWNER)
    everything = [place.key(what) for what in ("lease", "holder", "states")]
    place.client.delete(*everything)

    while not place.client.exists(place.key("states")):
        host.store._lease._ending.wait(0.02)

    assert place.client.hget(place.key("states"), OWNER) == text
    host.store.commit(OWNER, {"n": 2})


def test_server_with_tls_is_verified(tmp_path: Path, certificates: Path) -> None:
    """By the authority that is configured, or by the system's; never by none."""
    pair = certificate_paths(certificates)
    with (
        RedisServer(tmp_path, certificates=pair) as server,
        Place(server, "one") as place,
    ):
        store = place.host(ssl=True, ssl_ca=pair.chain).store
        store.commit(OWNER, {"n": 1})
        assert store.load(OWNER) == {"n": 1}

        for wrong in ({"ssl": True}, {}, {"ssl": True, "ssl_ca": tmp_path / "none"}):
            with pytest.raises(StateError, match="cannot be reached"):
                place.host(**wrong)


def _commit_when_possible(host: Any, state: dict[str, Any]) -> None:
    """Commit as the delivery room does: again and again until it works."""
    for _ in range(1000):
        try:
            host.store.commit(OWNER, state)
        except StateError:
            host.store._lease._ending.wait(0.02)
        else:
            return
    pytest.fail("the server did not come back")


def test_full_server_keeps_what_is_committed(place: Place) -> None:
    """It refuses new states; the old one stays, and memory helps."""
    host = place.host()
    host.store.commit(OWNER, {"n": 1})
    with changed(place, {"maxmemory": "1"}):
        with pytest.raises(StateError, match="is full"):
            host.store.commit(OWNER, {"n": 2})
        assert host.store.load(OWNER) == {"n": 1}
    host.store._renewed(1)

    host.store.commit(OWNER, {"n": 3})

    assert host.store.load(OWNER) == {"n": 3}
