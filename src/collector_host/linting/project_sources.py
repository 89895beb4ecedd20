"""Which configurations a project has: a whole file, pairs for a Collector Server.

A start is told which to take; the linter looks at all of them, by the same code.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

from collector_host.config.project import sources as places
from collector_host.config.project.sources import Sources

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.target import Target

_PAIR_NAMES: Final = (places.JOB_FILE.name, places.GLOBAL_FILE.name)
_NOWHERE: Final = Path("/nowhere")
_LEVELS: Final = ("", "*/", "*/*/")
"""How deep below a project's folder the files of a Collector Server are looked for."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Where the two files of a Collector Server are, or would be.

    Attributes:
        job: The inputs.
        collector: Everything else.
    """

    job: Path
    collector: Path

    @property
    def missing(self) -> Path | None:
        """The file without which the other is half of a pair, or None."""
        there = (self.job.is_file(), self.collector.is_file())
        return {(True, False): self.collector, (False, True): self.job}.get(there)


def project_sources(project: Target, *, here: bool) -> list[Sources]:
    """Return every configuration of a project; where one was named, that alone.

    Args:
        project: The project, or a file of it.
        here: Whether the usual places of a Collector Server count, too.
    """
    folder, whole = project.folder, _whole(project)
    found = [
        Sources.of(folder, whole=None, job=str(pair.job), collector=str(pair.collector))
        for pair in pairs(folder, here=here)
        if pair.missing is None
    ]
    nowhere = str(_NOWHERE)
    one = Sources.of(folder, whole=whole, job=nowhere, collector=nowhere)
    if one.whole is None and found:
        return found
    one = replace(one, job_is_default=True, collector_is_default=True)
    return [one] if whole else [one, *found]


def pairs(folder: Path, *, here: bool) -> Iterator[Pair]:
    """Yield every pair of which at least one file is there.

    The files are beside each other, or in `job` and `collector` beside each other.
    """
    usual = Pair(places.JOB_FILE, places.GLOBAL_FILE)
    if here and (usual.job.is_file() or usual.collector.is_file()):
        yield usual
    files = chain.from_iterable(
        folder.glob(f"{level}{name.name}")
        for level in _LEVELS
        for name in (usual.job, usual.collector)
    )
    yield from sorted(
        {_pair(file) for file in files if file.is_file()},
        key=lambda pair: (pair.job, pair.collector),
    )


def _whole(project: Target) -> str | None:
    """Return which configuration was named, in `config`; a file of a pair is none."""
    if not project.part or Path(project.part).name in _PAIR_NAMES:
        return None
    file = Path(os.path.abspath(project.part))  # noqa: PTH100  (links are kept)
    folder = project.folder / "config"
    return str(file.relative_to(folder)) if file.is_relative_to(folder) else None


def _pair(file: Path) -> Pair:
    job, collector = places.JOB_FILE, places.GLOBAL_FILE
    beside = Pair(file.parent / job.name, file.parent / collector.name)
    folders = {job.parent.name, collector.parent.name}
    if beside.missing is None or file.parent.name not in folders:
        return beside
    above = file.parent.parent
    return Pair(
        above / job.parent.name / job.name,
        above / collector.parent.name / collector.name,
    )
