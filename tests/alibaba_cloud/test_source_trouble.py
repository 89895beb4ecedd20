"""Trouble with key, clock, quota and network: what is done, said, and never said."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from collector_emulators.accounts import AccessKey
from collector_emulators.faults import Fault
from fakes.actiontrail import KEY
from support.mutants import source as mutants
from support.source import Collector, codes, source_emulator, trail, trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from collector_emulators.actiontrail.emulator import ActionTrailEmulator

DENIED = {"actiontrail:LookupEvents": "ExplicitDeny"}
CANARY = "c4n4ry"


@pytest.fixture(name="source")
def _source() -> Iterator[ActionTrailEmulator]:
    with source_emulator() as emulator:
        emulator.load(trail())
        yield emulator


def _all_once(collector: Collector) -> bool:
    return Counter(collector.ids()) == {one["eventId"]: 1 for one in trail()}


@pytest.mark.parametrize(
    ("change", "mend", "number"),
    [
        ({"denied": DENIED}, {"denied": {}}, "0415"),
        ({"active": False}, {"active": True}, "0412"),
        ({"secret": "other"}, {"secret": KEY["access_key_secret"]}, "0413"),
    ],
    ids=["permission", "disabled key", "secret"],
)
def test_right_taken_in_mid_window_and_given_back(
    source: ActionTrailEmulator,
    change: dict[str, Any],
    mend: dict[str, Any],
    number: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The service stops and says so; an hour later it goes on where it was."""
    collector = Collector(source)
    collector.at[0.9] = lambda: source.accounts.change("example-id", **change)
    collector.at[3600] = lambda: source.accounts.change("example-id", **mend)

    collector.run(pulls=3)

    assert collector.completed == 3
    assert _all_once(collector)
    assert not collector.passed(trail())
    lines = trouble(caplog.records)
    assert set(codes(lines)) == {number}
    refused = [call for call in source.ledger.calls() if call.verdict != "ok"]
    assert len(lines) == len(refused) <= 8


def test_clock_that_is_wrong_is_said_in_words_and_mended_by_itself(
    source: ActionTrailEmulator, caplog: pytest.LogCaptureFixture
) -> None:
    """Twenty minutes of difference: the line says clock, not signature."""
    collector = Collector(source)
    source.clock.shift_s = 1200
    collector.at[600] = lambda: setattr(source.clock, "shift_s", 0.0)

    collector.run()

    lines = trouble(caplog.records)
    assert _all_once(collector)
    assert lines
    assert all("this machine's clock is wrong" in line for line in lines)
    assert all("synchronise the clock" in line for line in lines)


@pytest.mark.parametrize("retry_after_ms", [None, 700, 30_000])
@pytest.mark.parametrize("status", [400, 429])
def test_storm_of_throttling_is_outlasted(
    source: ActionTrailEmulator,
    status: int,
    retry_after_ms: int | None,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Half an hour of refusals: few calls, one line each, then all of it."""
    options = {"code": "Throttling.User", "status": status}
    options |= {"retry_after_ms": retry_after_ms} if retry_after_ms else {}
    collector = Collector(source)
    storm = [Fault("error", options=options)]
    collector.at[0.9] = lambda: source.faults.set(storm)
    collector.at[1800] = lambda: source.faults.set([])

    collector.run()

    refused = [call for call in source.ledger.calls() if call.verdict != "ok"]
    assert _all_once(collector)
    assert not collector.passed(trail())
    assert len(trouble(caplog.records)) == len(refused) <= 120


def _waits_under_a_mad_header(source: ActionTrailEmulator) -> float:
    options = {"code": "Throttling.User", "retry_after_ms": 10**15}
    source.faults.set([Fault("error", at_calls=frozenset({3}), options=options)])
    collector = Collector(source)
    collector.run(hours=1)
    return max(collector.clock.waits)


def test_wait_that_the_service_asks_for_is_bounded(source: ActionTrailEmulator) -> None:
    """A wrong header must not end the reading for thirty thousand years."""
    assert _waits_under_a_mad_header(source) <= 900


def test_without_the_bound_the_wait_never_ends(
    source: ActionTrailEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test above would find a header that is honoured without a bound."""
    mutants.wait_is_as_long_as_asked(monkeypatch.setattr)

    assert _waits_under_a_mad_header(source) > 10**9


def _renew(source: ActionTrailEmulator, path: Path, token: str) -> None:
    """Replace the temporary key, at the service and in the file."""
    secret = KEY["access_key_secret"]
    source.accounts.add(AccessKey("sts-id", secret, security_token=token))
    key = {**KEY, "access_key_id": "sts-id", "security_token": token}
    path.write_text(json.dumps(key), encoding="utf-8")


def test_temporary_key_that_expires_in_mid_window_is_renewed_without_a_gap(
    source: ActionTrailEmulator, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The file is renewed a moment after the old token ended."""
    path = tmp_path / "key.json"
    _renew(source, path, "first")
    collector = Collector(source, credentials={"type": "file", "path": str(path)})

    def expire() -> None:
        source.accounts.change("sts-id", expires_at=1.0)

    collector.at[0.9] = expire
    collector.at[60] = lambda: _renew(source, path, "second")

    collector.run()

    assert _all_once(collector)
    assert not collector.passed(trail())
    assert set(codes(trouble(caplog.records))) == {"0410"}


def test_rotated_key_counts_at_once(
    source: ActionTrailEmulator, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The new key is in the file before the old one is disabled: no trouble at all."""
    path = tmp_path / "key.json"
    path.write_text(json.dumps(KEY), encoding="utf-8")
    collector = Collector(source, credentials={"type": "file", "path": str(path)})

    def rotate() -> None:
        source.accounts.add(AccessKey("new-id", "new-secret"))
        new = {"access_key_id": "new-id", "access_key_secret": "new-secret"}
        path.write_text(json.dumps(new), encoding="utf-8")
        source.accounts.change("example-id", active=False)

    collector.at[0.9] = rotate

    collector.run()

    assert _all_once(collector)
    assert trouble(caplog.records) == []
    assert {call.key_id for call in source.ledger.calls()} == {"example-id", "new-id"}


class _TwoKeys:
    """Credentials that are what they were until they are fetched again."""

    def __init__(self, source: ActionTrailEmulator) -> None:
        self._source, self.fetched = source, 0

    def fetch(self) -> Callable[[], Any]:
        from alibaba_cloud.credentials import Credentials  # noqa: PLC0415

        self.fetched += 1
        token = f"token-{self.fetched}"
        secret = KEY["access_key_secret"]
        self._source.accounts.add(AccessKey("sts-id", secret, security_token=token))
        found = Credentials("sts-id", secret, token, "sts", "static_sts")
        return lambda: found


def _with_held_credentials(
    source: ActionTrailEmulator, monkeypatch: pytest.MonkeyPatch
) -> Collector:
    """Return a collector whose credentials are fetched once and then held."""
    from alibaba_cloud import credentials  # noqa: PLC0415

    keys = _TwoKeys(source)
    monkeypatch.setattr(credentials, "_open_default_chain", keys.fetch)
    collector = Collector(source, credentials={"type": "default"})
    collector.at[0.9] = lambda: source.accounts.change("sts-id", expires_at=1.0)
    return collector


def test_held_credentials_are_fetched_again_once(
    source: ActionTrailEmulator,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """One refusal, one line, and the same pull goes on with the new key."""
    collector = _with_held_credentials(source, monkeypatch)

    collector.run()

    assert _all_once(collector)
    assert codes(trouble(caplog.records)) == ["0410"]


def test_without_a_new_fetch_the_service_stays_stopped(
    source: ActionTrailEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test above would find a client that repeats with the refused key."""
    mutants.credentials_are_never_fetched_again(monkeypatch.setattr)
    collector = _with_held_credentials(source, monkeypatch)

    collector.run(hours=1)

    assert collector.completed == 0


def test_service_that_is_away_is_named_with_the_reason(
    source: ActionTrailEmulator, caplog: pytest.LogCaptureFixture
) -> None:
    """The line ends with why, not in the middle of the request's address."""
    source.refuse(60)
    collector = Collector(source)
    collector.at[30] = source.listen

    collector.run()

    assert _all_once(collector)
    assert "Connection refused" in trouble(caplog.records)[0]
    assert "StartTime" not in caplog.text


PROXIES = [
    f"http://user:{CANARY}/x@127.0.0.1:9",
    f"http://user:{CANARY}@127.0.0.1:port",
    f"http://user:{CANARY}@[::bad:1",
    f"http://user:{CANARY}@",
    f"http://{CANARY}:99999",
    f"socks5://user:{CANARY}@127.0.0.1:9",
    f"http://user:x?{CANARY}@127.0.0.1:9",
    f"http://user:{CANARY}@127.0.0.1:9",
]


def _lines_with_a_proxy(
    source: ActionTrailEmulator, proxy: str, caplog: pytest.LogCaptureFixture
) -> str:
    caplog.set_level("DEBUG")
    service = {"endpoint": "https://actiontrail.invalid", "proxy": proxy}
    Collector(source, service=service).run(hours=0.01)
    assert "SetupError [CODE:0100]" in caplog.text
    return caplog.text


@pytest.mark.parametrize("proxy", PROXIES)
def test_password_of_a_proxy_is_in_no_line(
    proxy: str, source: ActionTrailEmulator, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither for an address that is none, nor for one that nobody answers."""
    assert CANARY not in _lines_with_a_proxy(source, proxy, caplog)


@pytest.mark.parametrize("proxy", [PROXIES[4], PROXIES[0]])
def test_without_a_check_the_libraries_quote_the_proxy(
    proxy: str,
    source: ActionTrailEmulator,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The test above would find it."""
    mutants.proxies_are_not_checked(monkeypatch.setattr)

    assert CANARY in _lines_with_a_proxy(source, proxy, caplog)


_KEY_FILES = {
    "no json": f"{CANARY} {CANARY}",
    "deep": "[" * 100_000 + f'"{CANARY}"',
    "list": f'["{CANARY}"]',
    "number": f'{{"access_key_id":"{CANARY}","access_key_secret":1}}',
    "line feed": f'{{"access_key_id":"{CANARY}\\n","access_key_secret":"{CANARY}"}}',
    "letters": f'{{"access_key_id":"i","access_key_secret":"{CANARY}\u4e2d"}}',
    "token": f'{{"access_key_id":"i","access_key_secret":"s",'
    f'"security_token":"{CANARY}\\nx"}}',
    "token of another type": f'{{"access_key_id":"i","access_key_secret":"s",'
    f'"security_token":["{CANARY}"]}}',
}


@pytest.mark.parametrize("content", _KEY_FILES.values(), ids=_KEY_FILES)
def test_key_file_that_cannot_be_used_is_named_and_not_quoted(
    content: str,
    source: ActionTrailEmulator,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The service says that there are no credentials, and where it looked."""
    caplog.set_level("DEBUG")
    path = tmp_path / "key.json"
    path.write_text(content, encoding="utf-8")

    Collector(source, credentials={"type": "file", "path": str(path)}).run(hours=0.01)

    assert set(codes(trouble(caplog.records))) == {"0416"}
    assert str(path) in caplog.text
    assert CANARY not in caplog.text
    assert source.ledger.calls() == []


@pytest.mark.parametrize("code", ["Throttling.User", "NoPermission", "InternalError"])
def test_trouble_of_one_account_leaves_another_alone(
    source: ActionTrailEmulator, code: str
) -> None:
    """Same process, clock and address: neither pace nor credentials are shared."""
    storm = [Fault("error", options={"code": code, "retry_after_ms": 600_000})]
    source.faults.set(storm)
    troubled = Collector(source)
    troubled.run(hours=1)
    source.faults.set([])
    source.accounts.add(AccessKey("other-id", "other-secret"))
    other = {"access_key_id": "other-id", "access_key_secret": "other-secret"}
    before = len(troubled.clock.waits)

    fine = Collector(source, credentials=other, clock=troubled.clock)
    fine.run(pulls=1)

    assert troubled.completed == 0
    assert _all_once(fine)
    assert max(troubled.clock.waits[before:]) <= 1
