"""Opens a project laid out for the Devo Collector SDK: its classes and its settings.

It starts nothing, and leaves the log as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from collector_host.config.errors import ConfigFindingsError
from collector_host.config.project.blocks import module_blocks
from collector_host.config.project.loading import ProjectConfig, load_project
from collector_host.config.project.metadata import Metadata, load_metadata
from collector_host.config.project.sources import Sources, load_sources
from collector_host.runtime.project_classes import class_mistakes
from collector_lint.findings import tidy
from devocollectorsdk.legacy.collector_puller_abstract import (
    CollectorPullerAbstract as OlderPuller,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from collector_host.config.model import Config
    from collector_host.plugins.project import Project
    from collector_host.plugins.provider import ClassProvider


@dataclass(frozen=True, slots=True)
class OpenProject:
    """A project that is ready to run.

    Attributes:
        classes: Gives its classes; `agent.modules` is imported at the first one.
        sources: The files its configuration was read from.
        settings: The configuration, and what else its start needs.
        metadata: What it says about itself.
        notice: A warning about that, or "".
    """

    classes: Project
    sources: Sources
    settings: ProjectConfig
    metadata: Metadata
    notice: str

    @property
    def config(self) -> Config:
        """Return the configuration in the host's form."""
        return self.settings.config

    @property
    def notices(self) -> tuple[str, ...]:
        """Return every warning about it, one line each."""
        return (
            *self.settings.ignored,
            *map(str, self.config.warnings),
            *(
                f'The "input" configuration entry for {name} is not enabled'
                for name in self.settings.disabled
            ),
            *([self.notice] if self.notice else []),
        )


def open_project(
    classes: Project,
    sources: Sources,
    environment: Mapping[str, str],
) -> OpenProject:
    """Load a project's configuration.

    Args:
        classes: The project; `enter` it before the first class is asked for.
        sources: Where its configuration is.
        environment: Variables that `${NAME}` stands for.

    Raises:
        ConfigFindingsError: With every mistake found.
    """
    document, findings = load_sources(sources)
    settings = load_project(
        classes.folder, document, findings, file=sources.file, environment=environment
    )
    metadata, notice = load_metadata(classes.folder)
    return OpenProject(classes, sources, settings, metadata, notice)


def check_classes(opened: OpenProject) -> None:
    """Import the classes of everything that is enabled, before anything is started.

    Raises:
        PluginError: `agent.modules` cannot be imported.
        ConfigFindingsError: It lacks classes, or one cannot be built from what is
            configured; it lists all of them.
    """
    opened.classes.load()
    settings = opened.settings
    findings = tidy(
        finding
        for blocks in module_blocks(settings.document, *settings.definitions)
        for finding in class_mistakes(blocks, opened.classes)
    )
    if findings:
        raise ConfigFindingsError(findings)


def check_every_class(config: Config, classes: ClassProvider) -> None:
    """Ask for the class of everything that is enabled.

    Raises:
        PluginError: One is missing.
    """
    for source in config.inputs:
        for service in source.services:
            for module in service.modules:
                puller = classes.puller(module.class_name)
                # In the older layout a puller makes its setup out of its own imports.
                if module.setup_class and not issubclass(puller, OlderPuller):
                    classes.setup(module.setup_class)
                if module.calculator_class:
                    classes.calculator(module.calculator_class)
