"""Small projects in the layout of the Devo Collector SDK, written for a test."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

TIMEOUT_S = 50
REPOSITORY = Path(__file__).parents[2]
EXAMPLE = REPOSITORY / "examples" / "sdk-project"

CONFIG = """\
globals:
  id: not_used
  name: test_collector
  send_internal_messages: false
  persistence: {type: filesystem, config: {directory_name: state}}
outputs:
  console_1: {type: console}
inputs:
  fruit:
    id: f1
    enabled: true
    services:
      apples:
"""
DEFINITIONS = """\
collector_globals:
  management_process_execution_period_in_seconds: 120
collector_inputs:
  fruit:
    config_obfuscation:
      key_value_entries:
        - {name: [inputs, fruit, credentials, password], value: "****"}
    services:
      apples:
        type: predefined
        modules:
          ApplePuller:
            type: apples
            default: true
            setup_class: AppleSetup
            request_period_in_seconds: 1
      custom_service:
        type: custom
        modules:
          ApplePuller: {type: any, default: true}
"""
MODULES = """\
from devocollectorsdk.inputs.collector_puller_abstract import CollectorPullerAbstract
from devocollectorsdk.inputs.collector_puller_setup_abstract import (
    CollectorPullerSetupAbstract,
)


class AppleSetup(CollectorPullerSetupAbstract):
    def setup(self, execution_timestamp):
        password = (self.input_config.get("credentials") or {}).get("password", "right")
        if password == "wrong":
            raise RuntimeError("the orchard refuses the password")


class ApplePuller(CollectorPullerAbstract):
    def init_variables(
        self, input_config, input_definition, service_config, service_definition,
        module_config, module_definition, submodule_config,
    ):
        self.settings = service_config or {}

    def pre_pull(self, retrieving_timestamp):
        self.state = self.persistence_object.load_state() or {"number": 0}

    def pull(self, retrieving_timestamp):
        for _ in range(self.settings.get("apples_per_pull", 3)):
            self.state["number"] += 1
            self.send_standard_message(
                retrieving_timestamp,
                "my.app.fruit.apples",
                {"apple": self.state["number"], "production": self.production_mode},
            )
        self.persistence_object.save_state(self.state)
        if not self.settings.get("endless"):
            self.running_flag = False

    def pull_pause(self, wait=None):
        pass

    def pull_stop(self):
        pass
"""


class SdkProject:
    """A project in a folder of its own.

    Args:
        folder: Where it is written; it may exist.
        config: Content of `config/config.yaml`.
        definitions: Content of `config_internal/collector_definitions.yaml`.
        modules: Source of the package `agent.modules`.
    """

    def __init__(
        self,
        folder: Path,
        *,
        config: str = CONFIG,
        definitions: str = DEFINITIONS,
        modules: str = MODULES,
    ) -> None:
        self.folder = folder
        self.write("config/config.yaml", config)
        self.write("config_internal/collector_definitions.yaml", definitions)
        self.write("agent/__init__.py", "")
        self.write("agent/modules/__init__.py", "from .orchard import *\n")
        self.write("agent/modules/orchard.py", modules)
        self.write(
            "metadata.json",
            json.dumps({"package_name": "orchard", "version": "1.2.3", "owner": "us"}),
        )

    def write(self, name: str, text: str) -> Path:
        """Write a file below the folder."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def spawn(
        self, *arguments: str, inside: bool = False, **environment: str
    ) -> subprocess.Popen[str]:
        """Start the collector from elsewhere, or the SDK's own command inside."""
        program = (
            ["-m", "devocollectorsdk.main"]
            if inside
            else ["-m", "collector_host", "run", "--project", str(self.folder)]
        )
        return subprocess.Popen(
            [sys.executable, *program, *arguments],
            cwd=self.folder if inside else self.folder.parent,
            env=os.environ | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, inside: bool = False, **environment: str) -> Run:
        """Run to the end."""
        with self.spawn(*arguments, inside=inside, **environment) as process:
            try:
                out, log = process.communicate(timeout=TIMEOUT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        return Run(process.returncode, out, log)


class Run:
    """What a run left behind.

    Attributes:
        code: Exit code.
        log: Everything on stderr.
        messages: What the console output wrote, by line.
    """

    def __init__(self, code: int, out: str, log: str) -> None:
        self.code = code
        self.log = log
        self.messages: list[dict[str, Any]] = [
            json.loads(line) for line in out.splitlines()
        ]

    def contents(self, tag: str) -> list[dict[str, Any]]:
        """Return the contents of the messages of one table, in order."""
        return [
            json.loads(one["message_content"])
            for one in self.messages
            if one["message_tag"] == tag
        ]
