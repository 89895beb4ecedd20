"""Projects whose modules import the SDK as `agent.inputs` and its siblings."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

import pytest

from devocollectorsdk.inputs import collector_puller_abstract
from devocollectorsdk.legacy import install
from devocollectorsdk.message.message import Message
from fakes.modules import ScriptedPuller, build

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

OLDER_MODULE = """
from agent.inputs.collector_puller_abstract import CollectorPullerAbstract
from agent.inputs.collector_puller_setup_abstract import CollectorPullerSetupAbstract
from agent.message.message import Message


class OldPuller(CollectorPullerAbstract):
    calls = []

    def create_setup_instance(
        self, setup_class_name, autosetup_enabled, collector_variables
    ):
        self.calls.append((setup_class_name, autosetup_enabled))
        return globals()[setup_class_name](
            self, collector_variables, autosetup_enabled, self.input_id,
            self.input_name, self.input_config, self.input_definition,
            self.service_name, self.service_type, self.service_config,
            self.service_definition, self.module_name, self.module_config,
            self.module_definition, self.persistence_object, self.internal_queue,
            self.submodule_name
        )

    def init_variables(self, *arguments):
        self.collector_variables["seen"] = self.getName()

    def pre_pull(self, retrieving_timestamp):
        pass

    def pull(self, retrieving_timestamp):
        with self.rate_limiter:
            self.output_queue.put([Message(retrieving_timestamp, "my.app.a.b", "x")])
        self.running_flag = False

    def pull_pause(self, wait=None):
        pass

    def pull_stop(self):
        pass


class OldSetup(CollectorPullerSetupAbstract):
    def setup(self, execution_timestamp):
        pass
"""


@pytest.fixture
def project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Any]]:
    """Give a function that writes a project's files and imports `agent.modules`."""

    def make(files: dict[str, str]) -> Any:
        for name, text in files.items():
            file = tmp_path / name
            for folder in (*reversed(file.relative_to(tmp_path).parents[:-1]),):
                (tmp_path / folder).mkdir(exist_ok=True)
                (tmp_path / folder / "__init__.py").touch()
            file.write_text(text, encoding="utf-8")
        importlib.invalidate_caches()
        return importlib.import_module("agent.modules")

    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    install()
    install()
    yield make
    for name in [each for each in sys.modules if each.partition(".")[0] == "agent"]:
        del sys.modules[name]


def _older(project: Callable[..., Any]) -> Any:
    return project(
        {
            "agent/modules/old/pulling.py": OLDER_MODULE,
            "agent/modules/old/__init__.py": "from .pulling import OldPuller, OldSetup",
            "agent/modules/__init__.py": "from .old import *",
        }
    )


def test_module_makes_its_setup_itself(project: Callable[..., Any]) -> None:
    """It is called once, and the setup shares variables, names and submodule."""
    modules = _older(project)

    puller = build(
        modules.OldPuller,
        setup_class=modules.OldSetup,
        input_config={"autoconfig": {"enabled": True}},
        submodule="eu",
    )

    assert puller.initialization_error is None
    assert puller.calls == [("OldSetup", True)]
    setup = puller.setup_instance
    assert setup.collector_variables is puller.collector_variables
    assert setup.submodule_name == "eu"
    assert setup.name.endswith(
        "(collector,alibaba#alibaba_1,actiontrail#predefined,eu)"
    )
    assert setup.execute_only_setup_and_exit is False


def test_older_and_newer_names_mean_one_thing(project: Callable[..., Any]) -> None:
    """A message made by either name is a message; a puller of both is a puller."""
    modules = _older(project)
    older = importlib.import_module("agent.inputs.collector_puller_abstract")

    assert importlib.import_module("agent.message.message").Message is Message
    assert issubclass(
        modules.OldPuller, collector_puller_abstract.CollectorPullerAbstract
    )
    assert "create_setup_instance" in older.CollectorPullerAbstract.__abstractmethods__
    puller = build(modules.OldPuller)
    puller.run()
    [[message]] = puller.output_queue.items
    assert isinstance(message, Message)


def test_project_comes_before_what_the_sdk_lends(project: Callable[..., Any]) -> None:
    """Only what the project's own package lacks is answered for."""
    project(
        {
            "agent/modules/__init__.py": "",
            "agent/commons/own.py": "HERE = 1",
            "agent/message/message.py": "Message = 'mine'",
        }
    )

    assert importlib.import_module("agent.commons.own").HERE == 1
    assert importlib.import_module("agent.message.message").Message == "mine"
    utils = importlib.import_module("agent.commons.collector_utils")
    assert utils.CollectorUtils.collector_name == "collector"
    inputs = importlib.import_module("agent.inputs")
    assert not hasattr(inputs, "CollectorPullerAbstract")


@pytest.mark.parametrize(
    "name", ["agent.unknown", "agent.inputs.unknown", "agent.message.message.deeper"]
)
def test_other_names_are_missing(project: Callable[..., Any], name: str) -> None:
    """A misspelt import fails as it would anywhere."""
    project({"agent/modules/__init__.py": ""})

    with pytest.raises(ModuleNotFoundError):
        importlib.import_module(name)


def test_newer_layout_never_asks_the_module_for_its_setup(
    project: Callable[..., Any],
) -> None:
    """There the class is looked up by name, also in a module that has the method."""
    modules = project(
        {
            "agent/modules/new.py": (
                "from fakes.modules import ScriptedPuller, ScriptedSetup\n"
                "class NewPuller(ScriptedPuller):\n"
                "    def create_setup_instance(self, *arguments):\n"
                "        raise AssertionError\n"
                "class NewSetup(ScriptedSetup): pass\n"
            ),
            "agent/modules/__init__.py": "from .new import NewPuller, NewSetup",
        }
    )

    class Parent:
        """A host that leaves the search to the SDK."""

        def wake_up(self) -> None:
            """Nobody watches."""

    puller = build(modules.NewPuller, setup_class=modules.NewSetup, parent=Parent())

    assert type(puller.setup_instance) is modules.NewSetup


@pytest.mark.parametrize(
    ("rate", "expected"),
    [
        (5, [(1, 5)]),
        (2.5, [(1, 2)]),
        (0.3, [(4, 1)]),
        (-1, []),
        (None, []),
    ],
)
def test_requests_per_second_is_a_limit_in_the_older_layout_alone(
    project: Callable[..., Any], rate: float | None, expected: list[tuple[int, int]]
) -> None:
    """In the newer one it is handed to the module, which may heed it."""
    modules = _older(project)
    config = {"requests_per_second": rate}

    older = build(modules.OldPuller, service_config=config)

    assert [(x.period_s, x.number) for x in older.rate_limiters] == expected
    newer = build(ScriptedPuller, service_config=config)
    assert newer.rate_limiters == []
    assert newer.collector_variables.get("requests_per_second") == rate


@pytest.mark.parametrize("rate", [0, "5", True, float("inf")])
def test_requests_per_second_that_means_nothing_is_refused(
    project: Callable[..., Any], rate: object
) -> None:
    """The error names the setting."""
    modules = _older(project)

    with pytest.raises(ValueError, match="requests_per_second must be"):
        build(modules.OldPuller, service_config={"requests_per_second": rate})
