"""Which files a project's configuration is read from, and what they become together.

Two forms: one whole file below `config`, or the pair of files a Collector Server
provides. Where both files of the pair exist, they win.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from collector_host.config.errors import ConfigFindingsError
from collector_host.config.project import codes
from collector_host.config.project.faults import config_fault
from collector_host.config.project.reading import read
from collector_host.config.project.server_pair import paired
from collector_lint import codes as lint_codes
from collector_lint.document import START, finding_at
from collector_lint.findings import tidy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.document import Document
    from collector_lint.findings import Finding

JOB_FILE: Final = Path("/etc/devo/job/job_config.json")
GLOBAL_FILE: Final = Path("/etc/devo/collector/collector_config.json")
_BELOW: Final = "--config names a file below the project's folder config"
_PAIR: Final = "the two files of a Collector Server go together: name both"
_USUAL: Final = ("config.yaml", "config.json")


@dataclass(frozen=True, slots=True)
class Sources:
    """Files as they were asked for, and those found.

    Attributes:
        whole: The whole configuration, or None when none was named and none is there.
        job: The Collector Server's file of inputs.
        collector: Its file of everything else.
        job_is_default: Whether `job` is where it usually is.
        collector_is_default: Likewise.
    """

    whole: Path | None
    job: Path
    collector: Path
    job_is_default: bool
    collector_is_default: bool

    @classmethod
    def of(
        cls,
        folder: Path,
        *,
        whole: str | None,
        job: str | None,
        collector: str | None,
    ) -> Sources:
        """Return the files that the command line's options mean.

        Args:
            folder: The project's root, absolute.
            whole: Name of a file below `config`; by default `config.yaml` there.
            job: The file of inputs, or None for the usual place.
            collector: The other file, or None for the usual place.
        """
        places = folder / "config"
        names = (whole,) if whole else _USUAL
        found = [places / name for name in names if whole or (places / name).is_file()]
        return cls(
            whole=found[0] if found else None,
            job=folder / job if job else JOB_FILE,
            collector=folder / collector if collector else GLOBAL_FILE,
            job_is_default=not job,
            collector_is_default=not collector,
        )

    @property
    def is_pair(self) -> bool:
        """Tell whether the Collector Server's pair is there, and so wins."""
        return self.job.is_file() and self.collector.is_file()

    @property
    def file(self) -> Path:
        """Return the file by which the configuration is called in messages."""
        return self.job if self.is_pair or self.whole is None else self.whole


def load_sources(sources: Sources) -> tuple[Document, tuple[Finding, ...]]:
    """Read the configuration.

    Returns:
        One document, and what was found while it was read, no error among it.

    Raises:
        ConfigFindingsError: A file is missing or cannot be read.
    """
    missing = tuple(_missing(sources))
    if missing:
        raise ConfigFindingsError(missing)
    if sources.is_pair:
        job, findings = _read(sources.job)
        other, more = _read(sources.collector)
        document, wrong = paired(job, other)
        findings = tidy((*findings, *more, *wrong))
        if any(each.severity == "error" for each in wrong):
            raise ConfigFindingsError(findings)
        return document, findings
    assert sources.whole is not None  # noqa: S101  (else it is missing)
    return _read(sources.whole)


def _missing(sources: Sources) -> Iterator[Finding]:
    named = not (sources.job_is_default and sources.collector_is_default)
    if named and not sources.job.is_file():
        yield _absent(sources.job, 4, _PAIR if sources.job_is_default else "")
    if named and not sources.collector.is_file():
        hint = _PAIR if sources.collector_is_default else ""
        yield _absent(sources.collector, 5, hint)
    if sources.is_pair:
        return
    if sources.whole is None:
        cause = "there is no configuration"
        hint = "write config/config.yaml, or name a file there with --config"
        yield _finding(Path("config/config.yaml"), 6, cause, hint)
    elif not sources.whole.is_file():
        yield _absent(sources.whole, 3 if not sources.whole.exists() else 2, _BELOW)


def _absent(file: Path, number: int, hint: str = "") -> Finding:
    state = "is not a file" if file.exists() else "does not exist"
    return _finding(file, number, f"{file} {state}", hint)


def _finding(file: Path, number: int, cause: str, hint: str = "") -> Finding:
    message = config_fault(number, cause)
    return finding_at(str(file), START, codes.CONTRACT, message, hint=hint)


def _read(file: Path) -> tuple[Document, tuple[Finding, ...]]:
    document, findings = read(file)
    wrong = [finding for finding in findings if finding.severity == "error"]
    if document is None or wrong:
        tagged = any(finding.code == lint_codes.TAG for finding in wrong)
        yaml_number = 7 if tagged else 8
        number = 9 if file.suffix == ".json" else yaml_number
        cause = f"{file} cannot be read: see the other findings"
        raise ConfigFindingsError(tidy((*findings, _finding(file, number, cause))))
    return document, findings
