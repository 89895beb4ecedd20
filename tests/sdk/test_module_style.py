"""A module as such modules are written, on real threads."""

from __future__ import annotations

import importlib
import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from devocollectorsdk.commons.clock import SystemClock
from devocollectorsdk.message.message import Message
from fakes.modules import build

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILES = {
    "agent/__init__.py": "",
    "agent/modules/__init__.py": "from .vendor import *\n",
    "agent/modules/vendor/__init__.py": (
        "from .vendor_puller import VendorPuller\n"
        "from .vendor_setup import VendorSetup\n"
    ),
    "agent/modules/vendor/vendor_setup.py": '''
from datetime import datetime

from devocollectorsdk.inputs.collector_puller_setup_abstract import (
    CollectorPullerSetupAbstract)


class VendorSetup(CollectorPullerSetupAbstract):

    def setup(self, execution_timestamp: datetime):
        """Get a token."""
        with self.parent_thread.rate_limiter:
            self.setup_variables["runs"] = self.setup_variables.get("runs", 0) + 1
            self.collector_variables["token"] = f"t-{self.setup_variables['runs']}"
        self.log_debug(f"{self.getName()} got a token")
''',
    "agent/modules/vendor/vendor_puller.py": """
import json
import logging
from datetime import datetime, timezone

from devocollectorsdk.commons.collector_utils import CollectorUtils
from devocollectorsdk.commons.obfuscation_utils import ObfuscationUtils
from devocollectorsdk.inputs.collector_puller_abstract import CollectorPullerAbstract
from devocollectorsdk.message.message import Message
from devocollectorsdk.ratelimiter.collector_rate_limiter_controller import (
    CollectorRateLimiterController)

log = logging.getLogger(__name__)


class VendorException(Exception):

    def __init__(self, code: int, cause: str):
        super().__init__(code, cause)
        self.code = code
        self.cause = cause

    def __str__(self):
        return f"{self.__class__.__name__}[CODE:{self.code:04d}] {self.cause}"


class VendorPuller(CollectorPullerAbstract):

    def init_variables(self, input_config, input_definition, service_config,
                       service_definition, module_config, module_definition,
                       submodule_config):
        self.__limiter: CollectorRateLimiterController = self.rate_limiter
        self.collector_variables["tag"] = module_definition["module_properties"]["tag"]
        log.debug(f"{self.getName()} -> collector: {CollectorUtils.collector_name}")

    def pre_pull(self, retrieving_timestamp: datetime):
        if not self.persistence_object.load_state():
            self.persistence_object.save_state({"page": 0}, no_log_traces=True)

    def pull(self, retrieving_timestamp: datetime):
        state = self.persistence_object.load_state(no_log_traces=True)
        for event in self.__pages(state["page"]):
            if self.is_command_in_progress():
                break
            state["page"] += 1
            self.__send(event, state["page"])
            self.persistence_object.save_state(state, no_log_traces=True)
        if state["page"] == 1:
            raise VendorException(1, "the token has expired")
        self.running_flag = False

    def __pages(self, page: int):
        with self.__limiter:
            token = self.collector_variables["token"]
            return [{"page": page, "token": token, "user": {"mail": "ann@example.com"}}]

    def __send(self, event: dict, page: int):
        tag = self.collector_variables["tag"]
        masked = ObfuscationUtils.process_json(event, [{"name": ["user", "*"]}])
        self.send_standard_message(1672880523, tag, event)
        self.send_standard_messages("date", tag, [json.dumps(masked), masked])
        now = datetime(2023, 1, 5, tzinfo=timezone.utc)
        self.output_queue.put([Message(now, tag, "a"), Message(now, tag, "b")])
        self.send_internal_collector_message({"page": page}, level="info")

    def pull_pause(self, wait: bool = None):
        pass

    def pull_stop(self):
        pass
""",
}


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Import a project's `agent.modules`."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield importlib.import_module("agent.modules")
    for name in [each for each in sys.modules if each.partition(".")[0] == "agent"]:
        del sys.modules[name]


class _ServiceThread:
    """As little of a host as a module can tell; setups come from `agent.modules`."""

    clock = SystemClock()

    def wake_up(self) -> None:
        """Nobody watches."""


def test_module_runs_unchanged(modules: Any) -> None:
    """Set-up, pre-pull, a pull that fails, the set-up again, a pull that ends it."""
    puller = build(
        modules.VendorPuller,
        setup_class=modules.VendorSetup,
        definition={
            "module_properties": {"tag": "my.app.vendor.events"},
            "requests_limits": [{"period": "1d", "number_of_requests": -1}],
            "obfuscation_data": [{"name": ["token"], "string_patterns": ["t-(.*)"]}],
        },
        input_config={"environment": "prod"},
        parent=_ServiceThread(),
    )
    puller.pull_retries_maximum_wait_time_in_sec = 0.01

    puller.start()
    puller.join(20)
    puller.setup_instance.join(20)

    assert not puller.is_alive()
    assert not puller.setup_instance.is_alive()
    assert puller.persistence_object.state == {"page": 2}
    assert puller.setup_instance.setup_variables == {"runs": 2}
    sent = [message for item in puller.output_queue.items for message in item]
    assert all(isinstance(message, Message) for message in sent)
    contents = [message.content for message in sent]
    mask, masked_token = "****SANITIZED****", "t-****SANITIZED****"
    for page, token in enumerate(["t-1", "t-2"]):
        event, text, masked, *plain = contents[page * 5 :][:5]
        user = {"mail": "ann@example.com"}
        expected = {"page": page, "token": masked_token, "user": user}
        assert json.loads(event) == {**expected, "@devo_environment": "prod"}
        expected = {"page": page, "token": token, "user": {"mail": mask}}
        assert json.loads(text) == expected
        expected = {**expected, "token": masked_token}
        assert json.loads(masked) == {**expected, "@devo_environment": "prod"}
        assert plain == ["a", "b"]
    assert [message.timestamp for message in sent][:5] == [
        "2023-01-05 01:02:03.000",
        "date",
        "date",
        "2023-01-05 00:00:00.000",
        "2023-01-05 00:00:00.000",
    ]
    assert len(puller.internal_queue.items) >= 2
