"""The files of an export that are written anew: what it is, and what to do next."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, cast

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from collector_host.config.catalogue import Catalogue, InputDefinition
    from collector_host.config.model import Data
    from collector_host.exporting.offer import About
    from collector_host.exporting.package import Package

_WIDTH: Final = 88
_CATALOGUE_HEAD: Final = """\
# What this collector can read. Written by `collector export-sdk`: change the plugin's
# own definitions instead, and export again.
"""
_CONFIG_HEAD: Final = """\
# An example: every value has to be looked at. What is not wanted is removed, since
# every service that is named here runs. The Devo Collector SDK replaces no variables:
# what is written here is what is used.
"""
_PERSISTENCE: Final[Data] = {
    "type": "filesystem",
    "config": {"directory_name": "state"},
}
_OUTPUT: Final[Data] = {
    "type": "devo_platform",
    "config": {
        "address": "collector-eu.devo.io",
        "port": 443,
        "type": "SSL",
        "chain": "chain.crt",
        "cert": "example.crt",
        "key": "example.key",
    },
}


class _Plain(yaml.SafeDumper):
    """Writes what is there twice twice: readers need not follow references."""

    def ignore_aliases(self, data: Any) -> bool:
        del data
        return True


def catalogue_text(document: Data) -> str:
    """Return `config_internal/collector_definitions.yaml`."""
    return _CATALOGUE_HEAD + _yaml(document)


def config_text(catalogue: Catalogue, schemas: Mapping[str, Data], title: str) -> str:
    """Return `config/config.yaml`, from the examples of the schemas."""
    inputs = {
        name: _example_input(name, one, schemas)
        for name, one in catalogue.inputs.items()
    }
    document = {
        "globals": {
            "debug": False,
            "id": "not_used",
            "name": title.replace(" ", "_"),
            "persistence": _PERSISTENCE,
        },
        "outputs": {"devo_1": _OUTPUT},
        "inputs": inputs,
    }
    return _CONFIG_HEAD + _yaml(document)


def _example_input(
    name: str, definition: InputDefinition, schemas: Mapping[str, Data]
) -> Data:
    example = _example(schemas, definition.definition.get("settings_schema"))
    block = {"id": f"{name}_1", "enabled": True, **(example or {})}
    block["services"] = {
        service: _example(schemas, one.about.get("settings_schema"))
        for service, one in definition.services.items()
    }
    return block


def _example(schemas: Mapping[str, Data], schema_id: object) -> Data | None:
    examples = schemas.get(str(schema_id), {}).get("examples")
    return cast("Data", examples[0]) if examples else None


def metadata_text(about: About, package: Package) -> str:
    """Return `metadata.json`."""
    document = {
        "title": about.name,
        "package_name": about.name,
        "version": about.version,
        "version_description": f"{package.short_name} {about.version}, exported",
        "labels": about.labels,
        "collector_type": "continuous",
        "package_description": about.summary,
        "owner": about.owner,
        "allow_validation": True,
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def initial_text(original: str, package: Package) -> str:
    """Return the package's `__init__.py`, which names the classes in addition.

    The other host looks for classes by name in `agent.modules`, which takes over
    everything that this file names.
    """
    imports = [
        f"from .{module} import {name}" for name, module in package.classes.items()
    ]
    names = [f'    "{name}",' for name in package.classes]
    lines = [*sorted(imports), "", "__all__ = [", *names, "]"]
    start = f"{original.rstrip()}\n\n" if original.strip() else ""
    return start + "\n".join(lines) + "\n"


def modules_text(package: Package) -> str:
    """Return `agent/modules/__init__.py`.

    It has no `__all__`: the other host imports this module again while its classes
    are being made, when the names are not there yet.
    """
    return (
        '"""All pullers and setups of this collector."""\n\n'
        f"from .{package.short_name} import *\n"
    )


def readme_text(about: About, package: Package, catalogue: Catalogue) -> str:
    """Return `README.md`: what to do next."""
    services = "\n".join(
        f"- `{service}` of input `{name}`" + _also(one.about.get("aliases", ()))
        for name, definition in catalogue.inputs.items()
        for service, one in definition.services.items()
    )
    return _README.format(
        title=about.name,
        version=about.version,
        package=package.short_name,
        services=services,
    )


def _also(aliases: tuple[str, ...] | list[str]) -> str:
    names = " or ".join(f"`{alias}`" for alias in aliases)
    return (
        f", also called {names}; name it once, or its events come twice"
        if names
        else ""
    )


def _yaml(document: Data) -> str:
    return yaml.dump(
        document, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=_WIDTH
    )


_README: Final = """\
# {title} {version}, for the Devo Collector SDK

A collector project in the layout of the Devo Collector SDK, written by
`collector export-sdk`.

Services:

{services}

## What to do next

1. Use Python 3.9, with the Devo Collector SDK that Devo gave you installed.
2. Install what the modules need: `python -m pip install -r requirements.txt`.
   Then run `python -m pip check`: where the SDK pins a library that the vendor's
   packages want in another version, it says so.
3. Put the certificates of your Devo domain into `certs/`.
4. Edit `config/config.yaml`: the name of the collector, the output, the credentials
   and the services. Remove the services you do not want.
5. Try the set-up: `devo-collector --config config.yaml --validate`; it sends nothing.
6. Collect: `devo-collector --config config.yaml`.

Run everything in this folder.

## What is where

| Path | What it is |
|---|---|
| `agent/modules/{package}/` | The plugin's modules; only `__init__.py` has additions. |
| `config_internal/collector_definitions.yaml` | All definitions, merged. |
| `config/config.yaml` | An example of your part. An export never replaces it. |
| `schemas/` | JSON Schemas of the settings, states and events. |
| `metadata.json` | Name and version that the SDK logs. |
| `certs/`, `credentials/`, `state/` | Empty; for your files and the SDK's. |

To change the modules, change the plugin and export again with `--force`.

## What is different under that host

- A position is saved when its events are queued, not when they are delivered: a crash
  can lose what was queued. `collector run` has no such gap.
- Settings are checked by the modules only. A misspelt key is not noticed; the schemas
  and `collector check` find it.
- Secrets are masked in its log as `config_obfuscation` says, up to the first of them
  that your configuration does not have. Leave `debug` off where a secret follows.
"""
