"""What a stage is told to do: one run of a module, with at most one fault.

Plain values that travel as JSON from the kit to the stage's process.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, Self, TypeAlias

Kind: TypeAlias = Literal["project", "plugin"]
Place: TypeAlias = Literal[
    "stop_in_send",  # ask for a stop once the n-th item is queued, then slow down
    "stop_after_pull",  # ask for a stop once the n-th pull is complete
    "kill_behind_commit",  # SIGKILL once the n-th save is committed
    "raise_in_send",  # the host refuses the n-th item
    "raise_behind_send",  # the n-th item is queued, then the pull is broken off
    "raise_in_setup",  # the n-th call of a setup fails at its end
]


@dataclass(frozen=True, slots=True)
class Target:
    """The modules to run.

    Attributes:
        kind: A project laid out for the SDK, or an installed plugin.
        name: The project's folder, absolute, or the plugin's entry point.
        config: The configuration: of a project the name of a file below `config`, of
            a plugin a path; "" for a project's usual one.
        module: The puller class to run alone; "" for all that are enabled.
    """

    kind: Kind
    name: str
    config: str = ""
    module: str = ""


@dataclass(frozen=True, slots=True)
class Receiver:
    """Where a stage delivers to: a relay on loopback, and the client's files."""

    port: int
    chain: str
    cert: str
    key: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong in a run.

    Attributes:
        place: Where.
        module: Name of the module instance it happens to.
        number: At which passing of that module, from 1.
    """

    place: Place
    module: str
    number: int = 1


@dataclass(frozen=True, slots=True)
class Order:
    """One run.

    Attributes:
        target: What to run.
        receiver: Where to deliver.
        folder: The run's own folder; journal and log are written there.
        state: Folder of the saved states; two lives of one run share it.
        pulls: Pulls every module completes before it is ended.
        limit_s: Real seconds after which a stop is asked for.
        queue_messages: Bound of the delivery queue, or None for the usual one.
        quick_limits: Whether waits of rate limiters are shortened like all others.
        fault: What goes wrong, or None.
        endless: Modules whose pulls never end: nobody waits for them.
    """

    target: Target
    receiver: Receiver
    folder: str
    state: str
    pulls: int
    limit_s: float
    queue_messages: int | None = None
    quick_limits: bool = False
    fault: Fault | None = None
    endless: tuple[str, ...] = ()

    @property
    def journal(self) -> Path:
        """Return the file in which the stage writes down what it sees."""
        return Path(self.folder) / "journal.jsonl"

    def is_due(self, place: Place, module: str, number: int) -> bool:
        """Tell whether the fault is due at a module's passing of a place."""
        return self.fault == Fault(place, module, number)

    def to_json(self) -> str:
        """Return it as text."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read back what `to_json` gave."""
        fields = json.loads(text)
        fault, endless = fields.pop("fault"), tuple(fields.pop("endless"))
        return cls(
            target=Target(**fields.pop("target")),
            receiver=Receiver(**fields.pop("receiver")),
            fault=Fault(**fault) if fault else None,
            endless=endless,
            **fields,
        )
