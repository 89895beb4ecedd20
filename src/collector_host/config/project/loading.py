"""From a project's files to one checked configuration, or to every mistake at once.

Nothing is imported, started, connected or written.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
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
from collector_host.config.project.modules import check_modules
from collector_host.config.project.reading import (
    for_checks,
    plain_data,
    with_data,
)
from collector_host.config.project.references import resolve_whole
from collector_host.config.project.secrets import secret_values
from collector_host.config.project.typos import unread_keys
from collector_lint import codes as lint_codes
from collector_lint.document import holds_unknown
from collector_lint.findings import shown_key, tidy
from collector_lint.schemas import load_schemas, schemas_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from collector_host.config.catalogue import Catalogue
    from collector_host.config.project.definitions import Definitions
    from collector_lint.document import Document
    from collector_lint.findings import Finding
    from collector_lint.schemas import Schemas

DEFINITIONS: Final = Path("config_internal", "collector_definitions.yaml")
_ROOTS: Final = ("globals", "outputs", "inputs")
_OUTPUT_TYPE: Final = re.compile(r"\$\.outputs\.[^.]+\.type")
_CHECKED_HERE: Final = frozenset({"$.globals.id", "$.globals.name"})


@dataclass(frozen=True, slots=True)
class ProjectConfig:
    """A project's configuration, and what else the start of it needs.

    Attributes:
        config: The configuration in the host's form.
        document: The user's configuration, with the place of everything in it.
        definitions: The project's definitions, and where they stand.
        data: The whole configuration as modules get it; it holds secrets.
        ignored: One line for each setting that is ignored.
        disabled: Inputs that are switched off.
    """

    config: Config
    document: Document
    definitions: Definitions
    data: dict[str, Any]
    ignored: tuple[str, ...]
    disabled: tuple[str, ...]

    @property
    def catalogue(self) -> Catalogue:
        """Return what was made of the definitions."""
        return self.definitions.catalogue


def load_project(  # noqa: PLR0913  (a start needs all of them)
    folder: Path,
    document: Document,
    findings: tuple[Finding, ...],
    *,
    file: Path,
    environment: Mapping[str, str],
    here: bool = True,
) -> ProjectConfig:
    """Check a configuration together with the definitions of its project.

    Args:
        folder: The project's root, absolute.
        document: The user's configuration, see `sources`.
        findings: What was found while it was read.
        file: The configuration's name for messages.
        environment: Variables that `${NAME}` stands for.
        here: Whether the project runs with them; else what they do not tell is unknown.

    Raises:
        ConfigFindingsError: Any of the files has a mistake, or a value is unknown; it
            lists all findings.
    """
    schemas, more = load_schemas(sorted(schemas_folder().glob("*.schema.json")))
    findings += more
    definitions, more = load_definitions(
        folder / DEFINITIONS, schemas, wanted(for_checks(document))
    )
    findings += more
    document, more = resolve_whole(
        document, environment=environment, folder=folder, here=here
    )
    data = plain_data(document)
    document = for_checks(document)
    findings += (*more, *_check_roots(document))
    findings += tuple(project_globals.check_globals(document))
    findings += tuple(project_globals.check_queue_limits(document))
    known = _known_globals()
    findings += tuple(project_globals.misspelt(document, known))
    given = dict(document.mapping(("globals",)))
    adapted, ignored = project_globals.adapted(given, known)
    # The host's own form of the parts whose form is the host's.
    own = with_data(document, {**plain_data(document), "globals": adapted})
    findings += tuple(_check_own(own, folder, schemas))
    if definitions is not None:
        catalogue = definitions.catalogue
        findings += tuple(check_inputs(document, catalogue))
        findings += tuple(check_modules(document, *definitions))
        findings += tuple(unread_keys(document, catalogue, folder))
    findings = tidy(findings)
    if definitions is None or _has_errors(findings) or holds_unknown(data):
        raise ConfigFindingsError(findings)
    catalogue = definitions.catalogue
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
    disabled = disabled_inputs(document)
    return ProjectConfig(config, document, definitions, whole, ignored, disabled)


def _check_roots(document: Document) -> Iterator[Finding]:
    if not isinstance(document.data, dict):
        cause = f"the file must be a mapping of {', '.join(_ROOTS)}"
        yield breach(document, (), config_fault(0, cause))
        return
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
    said = _CHECKED_HERE | {
        f"$.{name}" for name in _ROOTS if not document.mapping((name,))
    }
    if document.mapping(("globals",)).get("persistence") is None:
        said |= {"$.globals.persistence"}
    # The SDK takes any name for an output.
    names = {f"$.outputs.{shown_key(name)}" for name in document.mapping(("outputs",))}
    for finding in schemas.check(document, CONFIG_SCHEMA):
        free = finding.path in names and finding.code == lint_codes.WRONG_FORM
        if free or finding.path in said or finding.path.startswith("$.inputs"):
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
