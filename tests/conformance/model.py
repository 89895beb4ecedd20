"""What is expected of a run of a fixture project, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PROJECTS: Final = Path(__file__).parent / "projects"


@dataclass(frozen=True, slots=True)
class At:
    """A message whose date matters, too."""

    timestamp: str
    content: Any


@dataclass(frozen=True, slots=True)
class Some:
    """A table with at least one message, all of which have this content."""

    content: Any


@dataclass(frozen=True, slots=True)
class Fixture:
    """A module of a fixture project, and what it does.

    Attributes:
        puller: Its class.
        rows: Rows of the contract it covers, keys of `CONTRACT`.
        tables: Table -> contents in order: a text, the data of a JSON object, a
            pattern that matches the whole text, or `At`. Nothing else is sent to it.
            `Some` stands for as many messages as there are.
        states: Address -> state at the end; None where nothing may be saved.
        telemetry: Level -> texts of the internal messages it sends, in order.
        log: Patterns of lines, each found after the one before it.
        silent: Patterns that no line has.
    """

    puller: str
    rows: tuple[str, ...]
    tables: Mapping[str, Sequence[Any] | Some] = field(default_factory=dict[str, Any])
    states: Mapping[str, Any] = field(default_factory=dict[str, Any])
    telemetry: Mapping[str, Sequence[Any]] = field(default_factory=dict[str, Any])
    log: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a fixture project.

    Attributes:
        name: Names it in the test's report.
        project: Folder below `projects`.
        fixtures: The modules that run in it.
        code: Exit code.
        config: File below the project's `config`.
        arguments: Further options of `collector run`.
        states: Address -> state that the genuine SDK left before the run.
        hurried: Whether waits are shortened.
        relay: Whether it delivers to a relay over TLS, not to the console.
        inside: Whether it is started by the SDK's own command in the project's folder.
        stopped_at: A signal is sent once the log had all these texts; none without.
    """

    name: str
    project: str
    fixtures: tuple[Fixture, ...]
    code: int = 0
    config: str = "config.yaml"
    arguments: tuple[str, ...] = ()
    states: Mapping[str, Any] = field(default_factory=dict[str, Any])
    hurried: bool = True
    relay: bool = False
    inside: bool = False
    stopped_at: tuple[str, ...] = ()
