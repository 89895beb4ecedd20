"""One catalogue of all definitions, as the Devo Collector SDK reads it.

That host knows neither variants nor aliases, and refuses a catalogue in which nothing
is masked.

Source:
    Interface of the Devo Collector SDK, `config_internal/collector_definitions.yaml`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from collector_host.config.catalogue import load_catalogue
from collector_host.config.errors import ConfigFindingsError
from collector_host.errors import PluginError
from collector_lint.loader import load
from collector_lint.schemas import load_schemas, schemas_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from collector_host.config.catalogue import Catalogue, InputDefinition
    from collector_host.config.model import Data

MASK: Final = "****"

_PERIOD_S: Final = 120
_GLOBALS: Final[Data] = {
    "management_process_execution_period_in_seconds": _PERIOD_S,
    "input_process_execution_periods_in_seconds": _PERIOD_S,
    "output_process_execution_periods_in_seconds": _PERIOD_S,
    "requests_limits": [{"period": "1d", "number_of_requests": -1}],
    "message_batch_size": 100,
    "queue_generate_metrics": False,
}
"""What `collector_globals` must hold; a plugin's own values win."""

_COMBINING: Final = ("allOf", "anyOf", "oneOf")


def read_catalogue(definitions: Sequence[Path], schemas: Sequence[Path]) -> Catalogue:
    """Return a plugin's catalogue with all definitions merged.

    Raises:
        ConfigFindingsError: One of the files has a mistake; it lists all of them.
    """
    known, findings = load_schemas([*sorted(schemas_folder().glob("*.json")), *schemas])
    catalogue, more = load_catalogue(definitions, known)
    findings += more
    if any(finding.severity == "error" for finding in findings):
        raise ConfigFindingsError(findings)
    if not any(one.services for one in catalogue.inputs.values()):
        message = "the plugin defines no service"
        raise PluginError(message)
    return catalogue


def merged(
    catalogue: Catalogue, schemas: Mapping[str, Data], secrets: Sequence[str]
) -> Data:
    """Return the catalogue as one document.

    Args:
        catalogue: All definitions.
        schemas: Schemas by their `$id`.
        secrets: Dotted paths below an input, `*` for any key.
    """
    return {
        "collector_globals": {**_GLOBALS, **catalogue.globals},
        "collector_inputs": {
            name: _input(name, one, schemas, secrets)
            for name, one in catalogue.inputs.items()
        },
    }


def _input(
    name: str,
    definition: InputDefinition,
    schemas: Mapping[str, Data],
    secrets: Sequence[str],
) -> Data:
    services = {key: one.definition for key, one in definition.services.items()}
    aliases = {
        alias: one.definition
        for one in definition.services.values()
        for alias in one.about.get("aliases", ())
    }
    paths = dict.fromkeys(_places([*services, *aliases], secrets))
    paths |= dict.fromkeys(_marked(definition, schemas))
    masking = dict(definition.definition.get("config_obfuscation") or {})
    entries = cast("list[Data]", masking.get("key_value_entries") or [])
    written = {tuple(entry["name"]) for entry in entries}
    added = [
        {"name": list(place), "value": MASK}
        for path in paths
        if (place := ("inputs", name, *path)) not in written
    ]
    masking["key_value_entries"] = [*entries, *added]
    return {
        **definition.definition,
        "config_obfuscation": masking,
        "services": {**services, **aliases},
    }


def _places(
    services: Iterable[str], secrets: Sequence[str]
) -> Iterator[tuple[str, ...]]:
    """Yield the paths of secrets; that host's `*` is for lists, so services by name."""
    names = list(services)
    for secret in secrets:
        match secret.split("."):
            case ["services", "*", *rest]:
                yield from (("services", name, *rest) for name in names)
            case path:
                yield tuple(path)


def _marked(
    definition: InputDefinition, schemas: Mapping[str, Data]
) -> Iterator[tuple[str, ...]]:
    """Yield the paths that schemas mark as secret."""
    own = schemas.get(str(definition.definition.get("settings_schema")))
    yield from _write_only(own or {})
    for name, one in definition.services.items():
        schema = schemas.get(str(one.about.get("settings_schema"))) or {}
        for called in (name, *one.about.get("aliases", ())):
            for path in _write_only(schema):
                yield ("services", called, *path)


def _write_only(schema: Data) -> Iterator[tuple[str, ...]]:
    """Yield the paths of properties marked `writeOnly` in one schema."""
    for name, inner in cast("dict[str, Any]", schema.get("properties") or {}).items():
        if not isinstance(inner, dict):
            continue
        block = cast("Data", inner)
        if block.get("writeOnly"):
            yield (name,)
        yield from ((name, *rest) for rest in _write_only(block))
    for keyword in _COMBINING:
        for inner in cast("list[Any]", schema.get(keyword) or []):
            if isinstance(inner, dict):
                yield from _write_only(cast("Data", inner))


def read_schemas(files: Sequence[Path]) -> dict[str, Data]:
    """Return schemas by their `$id`; files with mistakes are `read_catalogue`'s."""
    documents = (load(file)[0] for file in files)
    data = (cast("Data", one.mapping(())) for one in documents if one is not None)
    return {str(one.get("$id")): one for one in data}
