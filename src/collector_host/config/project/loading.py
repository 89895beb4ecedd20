"""From a project's files to one checked configuration, or to every mistake at once.

Nothing is imported, started, connected or written.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, cast

from collector_host.config.building import build_globals, build_inputs, build_outputs
from collector_host.config.errors import ConfigFindingsError
from collector_host.config.loading import CONFIG_SCHEMA
from collector_host.config.model import Config
from collector_host.config.outputs import check_outputs, check_queue
from collector_host.config.project import globals as project_globals
from collector_host.config.project.definitions import as_unread, load_definitions
from collector_host.config.project.faults import breach, config_fault
from collector_host.config.project.inputs import check_inputs, disabled_inputs, wanted
from collector_host.config.project.reading import plain_data, with_data
from collector_host.config.project.references import resolve_whole
from collector_host.config.project.secrets import secret_values
from collector_host.config.project.typos import unread_keys
from collector_lint import codes as lint_codes
from collector_lint.findings import shown_key, tidy
from collector_lint.schemas import load_schemas, schemas_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from collector_host.config.catalogue import Catalogue
    from collector_lint.document import Document
    from collector_lint.findings import Finding
    from collector_lint.schemas import Schemas

_ROOTS: Final = ("globals", "outputs", "inputs")
_OUTPUT_TYPE: Final = re.compile(r"\$\.outputs\.[^.]+\.type")
_CHECKED_HERE: Final = frozenset(
    {"$.globals.id", "$.globals.name", "$.globals.persistence"}
)


@dataclass(frozen=True, slots=True)
class ProjectConfig:
    """A project's configuration, and what else the start of it needs.

    Attributes:
        config: The configuration in the host's form.
        catalogue: The project's definitions.
        data: The whole configuration as modules get it; it holds secrets.
        ignored: One line for each setting that is ignored.
        disabled: Inputs that are switched off.
    """

    config: Config
    catalogue: Catalogue
    data: dict[str, Any]
    ignored: tuple[str, ...]
    disabled: tuple[str, ...]


def load_project(
    folder: Path,
    document: Document,
    findings: tuple[Finding, ...],
    *,
    file: Path,
    environment: Mapping[str, str],
) -> ProjectConfig:
    """Check a configuration together with the definitions of its project.

    Args:
        folder: The project's root, absolute.
        document: The user's configuration, see `sources`.
        findings: What was found while it was read.
        file: The configuration's name for messages.
        environment: Variables that `${NAME}` stands for.

    Raises:
        ConfigFindingsError: Any of the files has a mistake; it lists all of them.
    """
    schemas, more = load_schemas(sorted(schemas_folder().glob("*.schema.json")))
    findings += more
    definitions = folder / "config_internal" / "collector_definitions.yaml"
    catalogue, more = load_definitions(definitions, schemas, wanted(document))
    findings += more
    document, more = resolve_whole(document, environment=environment, folder=folder)
    findings += (*more, *_check_roots(document))
    findings += tuple(project_globals.check_globals(document))
    findings += tuple(project_globals.check_queue_limits(document))
    known = _known_globals()
    findings += tuple(project_globals.misspelt(document, known))
    data = plain_data(document)
    given = _mapping(data.get("globals"))
    adapted, ignored = project_globals.adapted(given, known)
    # The host's own form of the parts whose form is the host's.
    own = with_data(document, {**data, "globals": adapted})
    findings += tuple(_check_own(own, folder, schemas))
    if catalogue is not None:
        findings += tuple(check_inputs(document, catalogue))
        findings += tuple(unread_keys(document, catalogue, folder))
    findings = tidy(findings)
    if catalogue is None or _has_errors(findings):
        raise ConfigFindingsError(findings)
    inputs = _inputs(data)
    config = Config(
        file=file,
        settings=build_globals(adapted, folder),
        outputs=build_outputs(data["outputs"], folder / "config"),
        inputs=build_inputs(inputs, catalogue),
        secrets=secret_values(catalogue, data),
        warnings=findings,
        definition_globals=catalogue.globals,
    )
    whole = {**data, "inputs": inputs}
    return ProjectConfig(config, catalogue, whole, ignored, disabled_inputs(document))


def _check_roots(document: Document) -> Iterator[Finding]:
    for name in _ROOTS:
        if not document.mapping((name,)):
            cause = f"{name} is missing, empty or no mapping"
            yield breach(document, (name,), config_fault(0, cause))


def _known_globals() -> frozenset[str]:
    """Return the settings of `globals` that the host's own form has."""
    schema = json.loads((schemas_folder() / "config.schema.json").read_bytes())
    return frozenset(schema["$defs"]["globals"]["properties"])


def _check_own(document: Document, folder: Path, schemas: Schemas) -> Iterator[Finding]:
    """Check globals and outputs; a key too many is only a warning."""
    names = document.mapping(("outputs",))
    # The SDK takes any name for an output.
    free = _CHECKED_HERE | {
        f"$.outputs.{shown_key(name)}"
        for name, block in names.items()
        if isinstance(block, dict)
    }
    for finding in schemas.check(document, CONFIG_SCHEMA):
        if finding.path.startswith("$.inputs") or finding.path in free:
            continue
        if finding.code == lint_codes.UNKNOWN_KEY:
            yield as_unread(finding)
        elif finding.code != lint_codes.MISSING_KEY or finding.path.count(".") > 1:
            yield _with_contract_code(finding)
    yield from check_outputs(document, folder / "config")
    yield from check_queue(document)


def _with_contract_code(finding: Finding) -> Finding:
    if _OUTPUT_TYPE.fullmatch(finding.path):
        return replace(finding, message=config_fault(14, finding.message))
    return finding


def _inputs(data: dict[str, Any]) -> dict[str, Any]:
    """Return the inputs as modules get them: with `persistence`, and `id` as text."""
    persistence = _mapping(data["globals"]).get("persistence")
    blocks = {str(name): _mapping(block) for name, block in data["inputs"].items()}
    return {
        name: {**block, "id": block.get("id"), "persistence": persistence}
        if block
        else {"enabled": False, "services": {}}
        for name, block in blocks.items()
    }


def _mapping(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _has_errors(findings: tuple[Finding, ...]) -> bool:
    return any(finding.severity == "error" for finding in findings)
