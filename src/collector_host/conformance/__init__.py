"""The conformance kit: runs a module against the contract with trouble around it.

For plugin authors' own tests, with pytest or without:

    from collector_host.conformance import check_project

    def test_my_collector_conforms():
        report = check_project("path/of/the/project")
        assert report.passed, report
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from collector_host.conformance.kit import Effort, examine
from collector_host.conformance.report import Finding, Report
from collector_host.conformance.rules import RULES, Rule
from collector_host.conformance.stage.orders import Target

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["RULES", "Finding", "Report", "Rule", "check_plugin", "check_project"]


def check_project(  # noqa: PLR0913  (independent settings, by name)
    folder: str | Path,
    *,
    config: str = "",
    module: str = "",
    only: Collection[str] = (),
    limit_s: float = 8.0,
    trials: int = 4,
    quick_limits: bool = False,
    keep: Path | None = None,
) -> Report:
    """Examine a project laid out for the Devo Collector SDK.

    Every run has a copy of the folder, a state of its own and a receiver of its own:
    the configured outputs and state are not touched. The source is the configured one.

    Args:
        folder: The project's root.
        config: Name of a file below its `config`; by default `config.yaml`.
        module: The puller class to run alone; by default all that are enabled run.
        only: Rules to judge, e.g. `["KT601"]`; all when empty.
        limit_s: Seconds a run may take before the kit stops it.
        trials: Modules, or commits, that a fault is tried at, at most.
        quick_limits: Whether waits of the module's rate limiters are shortened as all
            other waits are. Only where the source is a stand-in.
        keep: Folder for the journals and logs of all runs.

    Raises:
        ConfigError: The project cannot be run at all.
    """
    target = Target("project", str(Path(folder).absolute()), config, module)
    return examine(target, Effort(only, limit_s, trials, quick_limits, keep))


def check_plugin(  # noqa: PLR0913  (independent settings, by name)
    name: str,
    *,
    config: str | Path,
    module: str = "",
    only: Collection[str] = (),
    limit_s: float = 8.0,
    trials: int = 4,
    quick_limits: bool = False,
    keep: Path | None = None,
) -> Report:
    """Examine an installed plugin of the host's entry-point group.

    Args:
        name: Its entry point, e.g. `alibaba_cloud`.
        config: Path of a configuration that enables its services.
        module: As for `check_project`, and so are the rest.
        only: Rules to judge.
        limit_s: Seconds a run may take before the kit stops it.
        trials: Modules, or commits, that a fault is tried at, at most.
        quick_limits: Whether waits of rate limiters are shortened.
        keep: Folder for the journals and logs of all runs.

    Raises:
        ConfigError: The plugin cannot be run at all.
    """
    target = Target("plugin", name, str(Path(config).absolute()), module)
    return examine(target, Effort(only, limit_s, trials, quick_limits, keep))
