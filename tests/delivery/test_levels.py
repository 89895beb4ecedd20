"""How the level of confirmation is learned, and when a peer is too weak."""

from __future__ import annotations

import pytest

from collector_host.delivery.items import Level
from collector_host.delivery.levels import LevelPolicy
from collector_host.errors import UnconfirmedError, WeakPeerError
from fakes.clocks import ManualClock


def _policy(setting: Level | None = None) -> tuple[LevelPolicy, ManualClock]:
    clock = ManualClock()
    return LevelPolicy("devo_1", setting, clock), clock


def test_auto_takes_the_level_learned() -> None:
    """What the empty connection showed is what every confirmation must reach."""
    policy, _ = _policy()

    policy.learn(lambda: Level.EOF)

    assert policy.required is Level.EOF


def test_auto_never_falls_back() -> None:
    """A peer that once answered close_notify is not believed a bare end."""
    policy, clock = _policy()
    policy.learn(lambda: Level.EOF)
    policy.saw(Level.CLOSE_NOTIFY)
    clock.advance(10_000)

    policy.learn(lambda: Level.EOF)

    assert policy.required is Level.CLOSE_NOTIFY


def test_weak_level_is_asked_for_again_after_a_while() -> None:
    """One slow answer at the start does not weaken the promise for ever."""
    policy, clock = _policy()
    policy.learn(lambda: Level.EOF)
    clock.advance(899)
    policy.learn(lambda: Level.CLOSE_NOTIFY)
    assert policy.required is Level.EOF

    clock.advance(1)
    policy.learn(lambda: Level.CLOSE_NOTIFY)

    assert policy.required is Level.CLOSE_NOTIFY


def test_setting_above_the_peer_is_an_error_that_names_both() -> None:
    """The operator learns what was asked, what is given, and where to change it."""
    policy, _ = _policy(Level.CLOSE_NOTIFY)

    with pytest.raises(WeakPeerError) as caught:
        policy.learn(lambda: Level.EOF)

    assert str(caught.value) == (
        '[DC504] output "devo_1": the receiver proves eof, but delivery.confirm asks'
        " for close_notify; nothing is sent (lower delivery.confirm or use a receiver"
        " that answers TLS closes)"
    )


def test_weak_peer_is_asked_again_next_time() -> None:
    """A replaced receiver is accepted without a restart."""
    policy, _ = _policy(Level.CLOSE_NOTIFY)
    with pytest.raises(WeakPeerError):
        policy.learn(lambda: Level.EOF)

    assert policy.learn(lambda: Level.CLOSE_NOTIFY) is Level.CLOSE_NOTIFY


def test_setting_below_the_peer_is_kept() -> None:
    """An explicit setting is what confirmations must reach, no more."""
    policy, _ = _policy(Level.EOF)

    policy.learn(lambda: Level.CLOSE_NOTIFY)

    assert policy.required is Level.EOF


def _no_clean_end() -> Level:
    message = "no proof from the receiver: it reset the connection"
    raise UnconfirmedError(message)


@pytest.mark.parametrize("setting", [None, Level.EOF, Level.CLOSE_NOTIFY])
def test_probe_without_a_clean_end_is_a_failure_and_teaches_nothing(
    setting: Level | None,
) -> None:
    """A receiver that is just dying must never be believed the less for it."""
    policy, _ = _policy(setting)

    with pytest.raises(UnconfirmedError, match="needs confirm: tcp_acked"):
        policy.learn(_no_clean_end)

    assert policy.learned is None
    assert policy.learn(lambda: Level.CLOSE_NOTIFY) is Level.CLOSE_NOTIFY


@pytest.mark.parametrize("setting", [Level.SENT, Level.TCP_ACKED])
def test_weak_setting_needs_no_answer_from_the_peer(setting: Level) -> None:
    """Who accepts a mute receiver in writing gets what it asks for."""
    policy, _ = _policy(setting)

    assert policy.learn(_no_clean_end) is setting
    assert policy.required is setting
