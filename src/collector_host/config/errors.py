"""The error that carries every mistake of a configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from collector_host.errors import ConfigError

if TYPE_CHECKING:
    from collector_lint.findings import Finding


class ConfigFindingsError(ConfigError):
    """The configuration or a definition has mistakes; all of them are listed.

    Attributes:
        findings: Errors and warnings in order of file and place.
    """

    code: ClassVar[str] = "DC101"

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        errors = sum(finding.severity == "error" for finding in findings)
        noun = "mistake" if errors == 1 else "mistakes"
        lines = "".join(f"\n{finding}" for finding in findings)
        super().__init__(f"{errors} {noun} in the configuration:{lines}")
        self.findings = findings
