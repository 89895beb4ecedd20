"""Plain runs: what a module does when nothing goes wrong."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from collector_host.conformance.scenarios.part import Known
from collector_host.conformance.source_look import look
from collector_host.conformance.stage.opening import hooks_of, plugin_folders
from collector_host.conformance.truth import Truth
from collector_host.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from collector_host.conformance.runs import Arrived, Life, Stages
    from collector_host.conformance.scenarios.part import Part
    from collector_host.conformance.stage.journal import Event, What
    from collector_host.conformance.stage.orders import Target

_FAILED: Final[tuple[tuple[What, str, str], ...]] = (
    ("init_failed", "KT101", "init_variables raised"),
    ("setup_failed", "KT102", "setup raised"),
    ("pre_pull_failed", "KT103", "pre_pull raised"),
    ("pull_failed", "KT104", "pull raised"),
    ("wrong_type", "KT902", "the host cannot take"),
    ("foreign", "KT903", "it uses"),
    ("left_alive", "KT404", "a thread is still alive at the end:"),
    ("stop_raised", "KT403", "it raised in"),
)
"""Events of a plain life that are a breach each, by rule."""
_FAILS: Final = "the pulls of its module fail in a plain run"
_ENDLESS: Final = "the pull of its module does not come to its end"


def plain_runs(stages: Stages, trials: int) -> Known:
    """Run twice with nothing wrong, and learn what is delivered.

    Raises:
        ConfigError: The target cannot be run at all.
    """
    first, one = _plain_run(stages, 1)
    _, two = _plain_run(stages, 2)
    stages.expect_endless(endless(first))
    return _learned(stages, first, (one, two), trials)


def looked_again(known: Known) -> Known | None:
    """Run once more; return what is known then, or None if nothing new is.

    A source that changes slowly gives the same to two runs in a row, and something
    else a little later.
    """
    life, delivered = _plain_run(known.stages, len(known.samples) + 1)
    difference = known.truth.difference(delivered)
    if not life.count("over") or not (difference.lost or difference.unexpected):
        return None
    samples = (*known.samples, delivered)
    return _learned(known.stages, known.plain, samples, known.trials)


def _plain_run(stages: Stages, number: int) -> tuple[Life, Sequence[Arrived]]:
    with stages.run(f"plain-{number}") as run:
        life = run.live()
        for event in life.all("refused_target"):
            raise ConfigError(event.text)
        return life, run.arrived()


def _learned(
    stages: Stages, life: Life, samples: tuple[Sequence[Arrived], ...], trials: int
) -> Known:
    truth = Truth.of(*samples)
    truth = truth.without(_tables_of(life, _hopeless(life)), _FAILS)
    truth = truth.without(_tables_of(life, endless(life)), _ENDLESS)
    truth = truth.unordered(_fed_by_several(life))
    return Known(stages, truth, life, samples, trials)


def judge_plain(known: Known, part: Part) -> None:
    """Judge what was seen in the plain runs."""
    life = known.plain
    for what, rule, seen in _FAILED:
        for module, text in _different(life.all(what)):
            part.find(rule, f"{seen} {text}", module=module)
    _judge_changes(life, part)
    _judge_states(known, part)
    if not life.count("over"):
        part.find("KT106", f"the process ended with {life.code} in the midst of it")
    for module in endless(life):
        seen = "its pull had not ended when the time of a run was up"
        part.find("KT105", seen, module=module)
    for module in open_pulls(life, "closed") if life.count("closed") else ():
        seen = "its pull went on after the stop until the host left it behind"
        part.find("KT401", seen, module=module)
    part.figures |= {
        "pulls": life.count("pull_ended"),
        "messages": sum(len(table.keys) for table in known.truth.tables.values()),
        "saves": life.count("saved"),
        "commits": life.count("committed"),
    }
    part.notes += known.truth.notes()


def judge_source(target: Target, part: Part) -> None:
    """Judge what the source of a target reaches for."""
    if target.kind == "project":
        sources, hooks = {"agent": Path(target.name) / "agent"}, set[Path]()
    else:
        sources, hooks = plugin_folders(target.name), hooks_of(target.name)
    for package, folder in sources.items():
        for text in look(folder.parent, (package,), without=hooks):
            part.find("KT903", f"it uses {text}")


def _fed_by_several(life: Life) -> set[str]:
    """Return the tables that several threads feed at a time: chance orders them."""
    feeders: dict[str, set[tuple[str, str]]] = {}
    several: set[str] = set()
    for event in life.events:
        if event.what == "pull_began":
            for found in feeders.values():
                found -= {each for each in found if each[0] == event.module}
        elif event.what == "sent":
            for table in event.tables:
                found = feeders.setdefault(table, set())
                found.add((event.module, event.thread))
                if len(found) > 1:
                    several.add(table)
    return several


def _tables_of(life: Life, modules: Collection[str]) -> set[str]:
    sent = (event for event in life.all("sent") if event.module in modules)
    return {table for event in sent for table in event.tables}


def _hopeless(life: Life) -> set[str]:
    """Return the modules that never completed a pull and failed."""
    failed = {event.module for event in life.all("pull_failed")}
    return failed - {event.module for event in life.all("pull_ended")}


def _judge_changes(life: Life, part: Part) -> None:
    for module, text in _different(life.all("changed")):
        kind, _, place = text.partition(": ")
        if kind == "shared":
            rule = "KT803" if place.startswith("class ") else "KT806"
            part.find(rule, f"{place} is another than before the run", module=module)
        else:
            part.find("KT901", f"{place} was changed", module=module)


def _judge_states(known: Known, part: Part) -> None:
    life = known.plain
    rules = {"lost": "KT801", "changed": "KT802"}
    for module, text in _different(life.all("save_failed")):
        kind, _, rest = text.partition(": ")
        if kind == "refused":
            part.find("KT804", f"save_state raised {rest}", module=module)
        else:
            way, _, what = rest.partition(" ")
            part.find(rules[way], what, module=module)
    for module, _ in _different(life.all("loaded_changed")):
        part.find("KT805", "the state that was loaded is another now", module=module)
    sent = {event.module for event in life.all("sent")}
    saved = {event.module for event in life.all("saved")}
    ended = {event.module for event in life.all("pull_ended")}
    for module in sorted((sent & ended) - saved):
        part.find("KT502", "it sent messages and saved no state", module=module)


def saves_before_sends(life: Life) -> dict[str, int]:
    """Return how many items a module sent behind the last save of one pull.

    Returns:
        Module -> the most of any pull; only modules that save out of order.
    """
    behind: dict[str, int] = {}
    saved: set[str] = set()
    worst: dict[str, int] = {}
    for event in life.events:
        name = event.module
        if event.what == "pull_began":
            behind[name] = 0
            saved.discard(name)
        elif event.what == "saved":
            behind[name] = 0
            saved.add(name)
        elif event.what == "sent":
            behind[name] = behind.get(name, 0) + 1
        elif event.what == "pull_ended" and name in saved and behind[name]:
            worst[name] = max(worst.get(name, 0), behind[name])
    return worst


def _different(events: Iterable[Event]) -> list[tuple[str, str]]:
    """Return module and text of the events, each pair once, sorted."""
    return sorted({(event.module, event.text) for event in events})


def open_pulls(life: Life, at: What) -> list[str]:
    """Return the modules that were in a pull at the first event of a kind."""
    pulling: set[str] = set()
    for event in life.events:
        if event.what == at:
            break
        if event.what == "pull_began":
            pulling.add(event.module)
        elif event.what in {"pull_ended", "pull_failed"}:
            pulling.discard(event.module)
    return sorted(pulling)


def endless(life: Life) -> list[str]:
    """Return the modules that were still in a pull when the time was up."""
    at: What = "limit_reached"
    return open_pulls(life, at) if life.count(at) else []
