"""Opens what is to be run: its configuration, its classes, its own source."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from collector_host.config.loading import load
from collector_host.config.model import DeliverySettings, DevoPlatform, Output
from collector_host.config.project.reading import plain_data, with_data
from collector_host.config.project.loading import load_project
from collector_host.config.project.sources import Sources, load_sources
from collector_host.errors import PluginError
from collector_host.plugins.manager import Plugins
from collector_host.plugins.project import Project
from devocollectorsdk.commons.collector_utils import CollectorUtils

if TYPE_CHECKING:
    from collector_host.conformance.stage.orders import Order, Target
    from collector_host.config.model import Config
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
    if target.kind == "project":
        return _open_project(target)
    return _open_plugin(target)


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
    offered = Plugins.only(target.name).classes
    packages = sorted({each.partition(".")[0] for each in offered.values()})
    roots = tuple(_folder(package) for package in packages)
    return Opened(config, plugins, roots, tuple(packages))


def _folder(package: str) -> Path:
    import importlib.util  # noqa: PLC0415  (rare)

    found = importlib.util.find_spec(package)
    origin: Any = found.origin if found else None
    if origin is None:
        message = f"the package {package} has no source"
        raise PluginError(message)
    return Path(origin).parent


def _name_collector(config: Config) -> None:
    CollectorUtils.collector_name = config.settings.name
    CollectorUtils.collector_id = config.settings.id
