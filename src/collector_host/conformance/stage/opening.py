"""Opens what is to be run: its configuration, its classes, its own source."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from collector_host.config.loading import load
from collector_host.config.model import DeliverySettings, DevoPlatform, Output
from collector_host.config.project.loading import load_project
from collector_host.config.project.metadata import load_metadata
from collector_host.config.project.reading import plain_data, with_data
from collector_host.config.project.sources import Sources, load_sources
from collector_host.errors import ConfigError, PluginError
from collector_host.exporting.package import hook_files
from collector_host.plugins.manager import Plugins
from collector_host.plugins.project import Project
from collector_host.plugins.spec import NAME
from devocollectorsdk.commons.collector_utils import CollectorUtils

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_host.config.model import Config, Input, Service
    from collector_host.conformance.stage.orders import Order, Target
    from collector_host.plugins.provider import ClassProvider

_OUTPUT = "conformance"
_CONSOLE = {"console_1": {"type": "console"}}


@dataclass(frozen=True, slots=True)
class Opened:
    """What is to be run.

    Attributes:
        config: The configuration, outputs and state still the author's.
        classes: Gives its classes.
        roots: Folders of its own source.
        packages: First parts of the names of its own Python modules.
    """

    config: Config
    classes: ClassProvider
    roots: tuple[Path, ...]
    packages: tuple[str, ...]


def open_target(target: Target) -> Opened:
    """Open a project or a plugin.

    Raises:
        ConfigError: With every mistake found.
        PluginError: Classes or the plugin cannot be used.
    """
    opened = _open_project(target) if target.kind == "project" else _open_plugin(target)
    return replace(opened, config=_only(opened.config, target.module))


def _only(config: Config, class_name: str) -> Config:
    """Return a configuration in which one module is enabled, or all if none is named.

    Raises:
        ConfigError: It is not enabled as it is.
    """
    if not class_name:
        return config
    inputs = tuple(
        replace(source, services=services)
        for source in config.inputs
        if (services := tuple(_services(source, class_name)))
    )
    if not inputs:
        message = f"the configuration enables no module {class_name}"
        raise ConfigError(message)
    return replace(config, inputs=inputs)


def _services(source: Input, class_name: str) -> Iterator[Service]:
    for service in source.services:
        modules = tuple(m for m in service.modules if m.class_name == class_name)
        if modules:
            yield replace(service, modules=modules)


def adapted(config: Config, order: Order) -> Config:
    """Return the configuration with the kit's receiver and a state of the run's own.

    A short interval of confirmation and small windows make many commits of a run.
    """
    receiver = order.receiver
    output = Output(
        name=_OUTPUT,
        type="devo_platform",
        required=True,
        senders=1,
        config=DevoPlatform(
            "127.0.0.1",
            receiver.port,
            Path(receiver.chain),
            Path(receiver.cert),
            Path(receiver.key),
        ),
        delivery=DeliverySettings(
            confirm_interval_s=0.05,
            confirm_events_min=1,
            confirm_events_max=1 if order.queue_messages == 1 else 1_000,
            retry_initial_s=0.05,
            retry_maximum_s=0.2,
        ),
    )
    given = config.settings
    settings = replace(
        given,
        state_directory=Path(order.state),
        persistence="filesystem",
        redis=None,
        send_internal_messages=False,
        queue_max_messages=order.queue_messages or given.queue_max_messages,
    )
    return replace(config, outputs=(output,), settings=settings)


def _open_project(target: Target) -> Opened:
    project = Project(Path(target.name))
    project.enter()
    sources = Sources.of(
        project.folder, whole=target.config or None, job=None, collector=None
    )
    document, findings = load_sources(sources)
    # The kit has a receiver of its own: no certificate of the author's is needed.
    document = with_data(document, {**plain_data(document), "outputs": _CONSOLE})
    settings = load_project(
        project.folder, document, findings, file=sources.file, environment=os.environ
    )
    _name_collector(settings.config)
    metadata, _ = load_metadata(project.folder)
    CollectorUtils.collector_version = metadata.version
    CollectorUtils.collector_owner = metadata.owner
    return Opened(settings.config, project, (project.folder,), ("agent",))


def _open_plugin(target: Target) -> Opened:
    # Every plugin is there, as in a real run: a configuration may use several.
    plugins = Plugins.installed()
    if target.name not in plugins.names:
        message = f"there is no plugin {target.name}"
        known = ", ".join(plugins.names) or "none"
        raise PluginError(message, hint=f"installed are: {known}")
    config = load(
        Path(target.config),
        definitions=plugins.definitions,
        schemas=plugins.schemas,
        secrets=plugins.secrets,
        environment=os.environ,
    )
    _name_collector(config)
    folders = plugin_folders(target.name)
    return Opened(config, plugins, tuple(folders.values()), tuple(folders))


def plugin_folders(name: str) -> dict[str, Path]:
    """Return the packages a plugin's classes are in, and their folders, by name.

    Raises:
        PluginError: The plugin cannot be loaded or has no source.
    """
    offered = Plugins.only(name).classes
    packages = sorted({each.partition(".")[0] for each in offered.values()})
    return {package: _folder(package) for package in packages}


def hooks_of(name: str) -> set[Path]:
    """Return the files of a plugin that its modules never import: its hooks'.

    Raises:
        PluginError: The plugin cannot be loaded or has no source.
    """
    offered = Plugins.only(name).classes
    modules = {each.partition(":")[0] for each in offered.values()}
    [entry] = importlib.metadata.entry_points(group=NAME, name=name)
    return {
        file
        for package in plugin_folders(name)
        for file in hook_files(package, entry.module, modules)
    }


def _folder(package: str) -> Path:
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        message = f"the package {package} has no source"
        raise PluginError(message)
    return Path(found.origin).parent


def _name_collector(config: Config) -> None:
    CollectorUtils.collector_name = config.settings.name
    CollectorUtils.collector_id = config.settings.id
