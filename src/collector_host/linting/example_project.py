"""A small project laid out for the Devo Collector SDK, for the rules' examples."""

from __future__ import annotations

from typing import Final

from collector_lint.example_files import changed

_CONFIG: Final = """\
globals:
  id: not_used
  name: pears
  persistence: {type: filesystem, config: {directory_name: state}}
outputs:
  console_1: {type: console}
inputs:
  fruit:
    id: f1
    services:
      pears:
        picked: 3
"""
_DEFINITIONS: Final = """\
collector_globals:
  management_process_execution_period_in_seconds: 120
collector_inputs:
  fruit:
    config_obfuscation: {key_value_entries: []}
    services:
      pears:
        type: predefined
        modules:
          PearPuller:
            type: pears
            default: true
            setup_class: PearSetup
            module_properties: {picked: 1}
"""
JOB: Final = """\
{"inputs": {"fruit": {"id": "f1", "services": {"pears": {"picked": 3}}}}}
"""
_COLLECTOR: Final = """\
{
  "job_id": "not_used",
  "job_name": "pears",
  "state_store": {"type": "filesystem", "dir": "state"},
  "loggers": [{"type": "console"}]
}
"""
_CLASSES: Final = """\
class PearSetup(CollectorPullerSetupAbstract): ...


class PearPuller(CollectorPullerAbstract):
    def pull(self, retrieving_timestamp): ...
"""


def project(
    config: tuple[str, ...] = (), definitions: tuple[str, ...] = ()
) -> dict[str, str]:
    """Return the project's files.

    Args:
        config: Old and new parts of the configuration, by turns.
        definitions: The same for the definitions.
    """
    return {
        "config/config.yaml": _changed(_CONFIG, config),
        "config_internal/collector_definitions.yaml": _changed(
            _DEFINITIONS, definitions
        ),
        "metadata.json": '{"package_name": "pears", "version": "1.0.0"}\n',
    }


def with_classes(definitions: tuple[str, ...] = ()) -> dict[str, str]:
    """Return the project with the classes that its definitions name."""
    return {
        **project(definitions=definitions),
        "agent/modules/fruit.py": _CLASSES,
    }


def server_pair(old: str = "", new: str = "") -> dict[str, str]:
    """Return the same configuration as a Collector Server's two files.

    Args:
        old: Part of the second file to replace.
        new: What stands there instead.
    """
    return {
        "config/job_config.json": JOB,
        "config/collector_config.json": changed(_COLLECTOR, old, new),
    }


def _changed(text: str, parts: tuple[str, ...]) -> str:
    for old, new in zip(parts[::2], parts[1::2], strict=True):
        text = changed(text, old, new)
    return text
