"""An exported project under the imitation, and the same services under this host."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from support.imitation_sdk.sources import KEY, TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

HERE: Final = Path(__file__).parent
DIED: Final = 9
TIMEOUT_S: Final = 40
_ADDED: Final = "@devo_pulling_id"


@dataclass(frozen=True)
class Message:
    """What a host sent.

    Attributes:
        date: Its time.
        table: Its table.
        text: Its content.
    """

    date: str
    table: str
    text: str

    @property
    def lasting(self) -> str:
        """The content without the name of the pull, which is another each time."""
        fields = json.loads(self.text)
        del fields[_ADDED]
        return json.dumps(fields)


def by_service(messages: list[Message]) -> dict[str, list[str]]:
    """Return the lasting content of messages, in order, by service."""
    return {
        service: [one.lasting for one in messages if one.table == table]
        for service, table in TABLES.items()
    }


def repetitions(messages: list[Message]) -> dict[str, int]:
    """Return by service how many messages came once more."""
    return {
        service: sum(number - 1 for number in Counter(texts).values())
        for service, texts in by_service(messages).items()
    }


def different(messages: list[Message]) -> dict[str, int]:
    """Return by service how many different messages there are."""
    return {service: len(set(texts)) for service, texts in by_service(messages).items()}


class Imitated:
    """An exported project, run by the imitation.

    Args:
        python: Command of the Python to run it with.
        folder: Where the project goes; its parent holds what was sent.
        files: The project.
    """

    def __init__(self, python: str, folder: Path, files: Mapping[str, bytes]) -> None:
        self._python = python
        self.folder = folder
        self._journal = folder.with_suffix(".journal")
        self._report = folder.with_suffix(".report")
        for path, content in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)

    def configure(
        self,
        services: Mapping[str, Any],
        *,
        persistence: str = "filesystem",
        **source: Any,
    ) -> None:
        """Write the user's configuration."""
        document = {
            "globals": {
                "id": "not_used",
                "name": "example_collector",
                "persistence": {
                    "type": persistence,
                    "config": {"directory_name": "state"},
                },
            },
            "outputs": {"console_1": {"type": "console"}},
            "inputs": {"alibaba": _input(services, source)},
        }
        text = json.dumps(document, indent=1)
        (self.folder / "config/config.yaml").write_text(text)

    def spawn(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start it; its log is read from the process."""
        command = ["-m", "devocollectorsdk.main", "--config", "config.yaml", *arguments]
        places = {
            "IMITATION_JOURNAL": str(self._journal),
            "IMITATION_REPORT": str(self._report),
            "PYTHONPATH": str(HERE),
            # As on a machine where nothing of this project is installed.
            "PYTHONNOUSERSITE": "1",
        }
        return subprocess.Popen(
            [self._python, *command],
            cwd=self.folder,
            env=os.environ | places | environment,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(
        self, *arguments: str, pulls: int = 1, **environment: str
    ) -> tuple[int, str]:
        """Run so many pulls of each module; return exit code and log."""
        environment = {"IMITATION_PULLS": str(pulls)} | environment
        with self.spawn(*arguments, **environment) as process:
            try:
                _, log = process.communicate(timeout=TIMEOUT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        return process.returncode, log

    def sent(self) -> list[Message]:
        """Return everything sent so far, by all runs."""
        text = self._journal.read_text() if self._journal.exists() else ""
        return [Message(*json.loads(line)) for line in text.splitlines()]

    def report(self) -> dict[str, Any]:
        """Return what the last run that came to its end told."""
        return json.loads(self._report.read_text())

    def pickles(self) -> list[Any]:
        """Return the states in the files of this project."""
        files = sorted((self.folder / "state").iterdir())
        return [
            pickle.loads(one.read_bytes())  # noqa: S301  (just written by the test)
            for one in files
            if one.name != ".gitkeep"
        ]


def run_here(folder: Path, *arguments: str) -> list[Message]:
    """Run one pull of each module under this project's host; return what was sent."""
    result = subprocess.run(
        [sys.executable, "-m", "collector_host", "run", "--once", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    return [
        Message(one["message_timestamp"], one["message_tag"], one["message_content"])
        for one in lines
        if one["message_tag"] in TABLES.values()
    ]


class Ours:
    """The same services under this project's own host."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()

    def configure(self, services: Mapping[str, Any], **source: Any) -> None:
        """Write the user's configuration."""
        document = {
            "globals": {"id": "not_used", "name": "example_collector"},
            "outputs": {"console_1": {"type": "console"}},
            "inputs": {"alibaba": _input(services, source)},
        }
        (self.folder / "config.yaml").write_text(json.dumps(document))

    def run(self) -> list[Message]:
        """Run one pull of each module; return what was sent."""
        return run_here(self.folder)

    def states(self) -> dict[str, Any]:
        """Return what is saved, by service."""
        files = (self.folder / "state").glob("alibaba-*.json")
        texts = [one.read_text() for one in files if ".prev." not in one.name]
        documents = [json.loads(text) for text in texts]
        return {one["owner"]: one["state"] for one in documents}


def _input(services: Mapping[str, Any], source: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": "alibaba_1",
        "enabled": True,
        "environment": "prod",
        "requests_per_second": 100,
        "credentials": KEY,
        "services": dict(services),
        **source,
    }
