"""The exported project under a host like the Devo Collector SDK's, over sockets.

It runs on the Python of these tests, and on Python 3.9 where there is one.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from collector_emulators.faults import Fault
from support.imitation_sdk.hosts import (
    DIED,
    TIMEOUT_S,
    Imitated,
    Message,
    Ours,
    by_service,
    different,
    repetitions,
    run_here,
)
from support.imitation_sdk.pythons import OLD, PYTHONS, THIS, interpreter
from support.imitation_sdk.sources import (
    ACCESS,
    KEY,
    PAGE,
    PART,
    PART_AT_MOST,
    STORE,
    TRAIL,
    Sources,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

COUNT, MORE = 150, 30
_SETUP_FAILED = 254
_PULLER = "{}(alibaba,alibaba_1,{},predefined)"
_SETUP = "{}(example_collector,alibaba#alibaba_1,{}#predefined)"
_SERVICES = {
    TRAIL: ("ActionTrailStandardPuller", "ActionTrailBasePullerSetup"),
    STORE: ("LogServiceStandardPuller", "LogServiceBasePullerSetup"),
    ACCESS: ("LogServiceStandardPuller", "LogServiceBasePullerSetup"),
}


@pytest.fixture(name="imitated", params=PYTHONS)
def _imitated(
    request: pytest.FixtureRequest, tmp_path: Path, project: Mapping[str, bytes]
) -> Imitated:
    """Return the exported project, to be run on some Python."""
    return Imitated(interpreter(request.param), tmp_path / "project", project)


@pytest.mark.timeout(300)
def test_messages_and_states_are_those_of_this_host(
    imitated: Imitated, tmp_path: Path, project: Mapping[str, bytes]
) -> None:
    """Same texts, order, thread names and states; then exactly what is new, no more."""
    here = Ours(tmp_path / "here")
    with Sources(count=COUNT) as sources:
        for host in (imitated, here):
            host.configure(sources.services())
        code, log = imitated.run()
        expected = here.run()
        states = here.states()
        first, report = imitated.sent(), imitated.report()
        sources.fill(MORE, minutes=(8, 5))
        imitated.configure(sources.services(**{TRAIL: {"settle_time_in_seconds": 60}}))
        again, log_again = imitated.run()
        second = imitated.sent()[len(first) :]

    assert (code, again) == (0, 0), log + log_again
    assert _comparable(first) == _comparable(expected)
    assert different(first) == dict.fromkeys(_SERVICES, COUNT)
    assert not any(repetitions(first).values())
    assert different(second) == dict.fromkeys(_SERVICES, MORE)
    assert not any(repetitions(imitated.sent()).values())
    _assert_same_run(report, states)
    files = {path[:-3] for path in project if path.endswith(".py")}
    modules = {path.removesuffix("/__init__").replace("/", ".") for path in files}
    assert modules <= set(report["imported"])
    assert all(set(one) == set(states[name]) for name, one in _states(imitated))


@pytest.mark.timeout(300)
def test_exported_project_runs_here_as_any_other(
    tmp_path: Path, project: Mapping[str, bytes]
) -> None:
    """What was written for the other host is a project that this one runs, too."""
    exported = Imitated(interpreter(THIS), tmp_path / "project", project)
    here = Ours(tmp_path / "here")
    with Sources(count=COUNT) as sources:
        for host in (exported, here):
            host.configure(sources.services())
        sent = run_here(tmp_path, "--project", str(exported.folder))
        again = run_here(tmp_path, "--project", str(exported.folder))
        expected = here.run()

    assert _comparable(sent) == _comparable(expected)
    assert again == []


def _comparable(messages: list[Message]) -> dict[str, Any]:
    """Return what must be equal; two shards are read side by side in no fixed order."""
    found = by_service(messages)
    return {**found, STORE: Counter(found[STORE])}


def _assert_same_run(report: Mapping[str, Any], states: Mapping[str, Any]) -> None:
    names = {
        _PULLER.format(puller, service) for service, (puller, _) in _SERVICES.items()
    }
    setups = {
        _SETUP.format(setup, service) for service, (_, setup) in _SERVICES.items()
    }
    assert set(report["threads"]) == names
    assert set(report["setups"]) == setups
    assert report["pulls"] == dict.fromkeys(names, 1)
    tops = {name.partition(".")[0] for name in report["imported"]}
    assert not {"collector_host", "alibaba_cloud", "pluggy"} & tops
    assert set(report["states"]) == set(states)
    for owner, state in states.items():
        assert set(report["states"][owner]) == set(state)


def _states(imitated: Imitated) -> list[tuple[str, Any]]:
    """Return the states that the last run left, by address."""
    states: dict[str, Any] = imitated.report()["states"]
    assert sorted(map(str, imitated.pickles())) == sorted(map(str, states.values()))
    return list(states.items())


@pytest.mark.timeout(300)
def test_changed_start_resets_and_types_choose(imitated: Imitated) -> None:
    """The service whose start was changed begins there; the other goes on."""
    with Sources(count=COUNT) as sources:
        imitated.configure(sources.services())
        _, log = imitated.run()
        first = imitated.sent()
        earlier = f"{sources.start - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"
        services = sources.services(
            **{TRAIL: {"initial_start_time_in_utc": earlier, "types": [TRAIL]}}
        )
        imitated.configure({TRAIL: services[TRAIL], STORE: services[STORE]})
        code, log_again = imitated.run()
        imitated.configure({TRAIL: {**services[TRAIL], "types": ["another"]}})
        refused, log_refused = imitated.run()

    assert code == 0, log + log_again
    again = by_service(imitated.sent()[len(first) :])
    assert again == {TRAIL: by_service(first)[TRAIL], STORE: [], ACCESS: []}
    assert "Detected initial start time in UTC change" in log_again
    assert refused == 255
    assert "no module of actiontrail is active" in log_refused


@pytest.mark.parametrize(
    ("python", "persistence", "place"),
    [
        pytest.param(OLD, "filesystem", "put:100", id="3.9-file-sent"),
        pytest.param(THIS, "redis", "save:7", id="this-server-saved"),
    ],
)
@pytest.mark.timeout(300)
def test_death_and_stop_lose_nothing(
    python: str,
    persistence: str,
    place: str,
    tmp_path: Path,
    project: Mapping[str, bytes],
) -> None:
    """After a death at most what one save covers comes again; after a stop nothing.

    What was put counts as delivered: what that host's own queue loses is not shown.
    """
    imitated = Imitated(interpreter(python), tmp_path / "project", project)
    parts = {"records_per_save": PART}
    with Sources(count=COUNT) as sources:
        services = sources.services(**{STORE: parts, ACCESS: parts})
        imitated.configure(services, persistence=persistence)
        died, log = imitated.run(IMITATION_DIE=place)
        first = len(imitated.sent())
        stopped, log_stopped = imitated.run(IMITATION_TERMINATE="put:1")
        second = len(imitated.sent())
        code, log_last = imitated.run()
        sent = imitated.sent()

    assert (died, stopped, code) == (DIED, 0, 0), log + log_stopped + log_last
    assert "The pull ends early" in log_stopped
    assert first < second < len(sent)
    assert different(sent) == dict.fromkeys(_SERVICES, COUNT)
    assert not any(repetitions(sent[first:]).values())
    again = repetitions(sent)
    assert again[TRAIL] <= PAGE
    assert again[STORE] <= PART_AT_MOST
    assert again[ACCESS] <= PART_AT_MOST


@pytest.mark.timeout(300)
def test_setup_tells_good_credentials_from_wrong_ones(imitated: Imitated) -> None:
    """`--validate` gives the plugin's own error with its remedy, and sends nothing."""
    wrong = {**KEY, "access_key_secret": "wrong-secret"}
    with Sources(count=1) as sources:
        imitated.configure(sources.services(), credentials=wrong)
        refused, log = imitated.run("--validate")
        imitated.configure(sources.services())
        accepted, log_good = imitated.run("--validate")

    assert refused == _SETUP_FAILED, log
    assert accepted == 0, log_good
    assert log.count("SetupError [CODE:0100]") >= len(_SERVICES)
    assert "ApiError [CODE:0413]" in log
    assert "wrong-secret" not in log
    assert imitated.sent() == []


@pytest.mark.timeout(300)
def test_missing_setting_is_named(imitated: Imitated) -> None:
    """The module says which one before that host gives up on the service."""
    with Sources(count=1) as sources:
        services = sources.services()
        del services[STORE]["project"]
        imitated.configure({STORE: services[STORE]})
        code, log = imitated.run()

    assert code == 255
    assert "InitVariablesError [CODE:0002]" in log
    assert "project" in log


def test_submodules_have_names_and_states_of_their_own(
    tmp_path: Path, project: Mapping[str, bytes]
) -> None:
    """A list of Log Stores gives a thread and a state to each of them."""
    imitated = Imitated(interpreter(THIS), tmp_path / "project", project)
    with Sources(count=10) as sources:
        settings = sources.services()[STORE]
        del settings["logstore"]
        imitated.configure({STORE: {**settings, "logstores": ["events", "access"]}})
        code, log = imitated.run()

    assert code == 0, log
    puller = _PULLER.format(_SERVICES[STORE][0], STORE)[:-1]
    report = imitated.report()
    assert report["threads"] == [f"{puller},access)", f"{puller},events)"]
    assert list(report["states"]) == [
        f"alibaba;alibaba_1;{STORE};{name}" for name in ("events", "access")
    ]
    assert len(imitated.sent()) == 20


def test_stop_ends_every_wait(tmp_path: Path, project: Mapping[str, bytes]) -> None:
    """A module that waits before a repetition, or before the next pull, ends at once.

    That host pulls again as soon as the setup has succeeded, however often a pull
    fails; the module spares the service.
    """
    imitated = Imitated(interpreter(THIS), tmp_path / "project", project)
    patient = {"retry_initial_in_seconds": 600, "retry_maximum_in_seconds": 600}
    awaited = {"Call 2 for one page failed", "The last pull failed; the next one"}
    with Sources(count=1) as sources:
        trouble = {"code": "ServiceUnavailable"}
        behind_setup = frozenset(range(2, 10))
        sources.trail.faults.set([Fault("error", behind_setup, options=trouble)])
        refusal = {"type": "log", "code": "Strange", "status": 400, "message": "?"}
        sources.stores.faults.set([Fault("error", options=refusal)])
        services = sources.services(**{TRAIL: patient})
        imitated.configure({name: services[name] for name in (TRAIL, STORE)})
        with imitated.spawn() as process:
            assert process.stderr is not None
            try:
                for line in process.stderr:
                    awaited -= {text for text in awaited if text in line}
                    if not awaited:
                        break
                process.terminate()
                _, log = process.communicate(timeout=TIMEOUT_S)
            finally:
                process.kill()

    assert not awaited
    assert process.returncode == 0, log
    assert imitated.sent() == []
