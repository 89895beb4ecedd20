"""From a configuration file to one checked configuration, or to every mistake at once.

Nothing is started, connected or written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from collector_host.config.building import build_globals, build_inputs, build_outputs
from collector_host.config.catalogue import load_catalogue
from collector_host.config.errors import ConfigFindingsError
from collector_host.config.inputs import check_inputs
from collector_host.config.model import Config
from collector_host.config.outputs import check_outputs, check_queue
from collector_host.config.secrets import collect_secrets
from collector_lint.findings import tidy
from collector_lint.loader import load as load_document
from collector_lint.references import resolve
from collector_lint.schemas import load_schemas, schemas_folder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from collector_host.config.model import Data
    from collector_lint.document import Document
    from collector_lint.findings import Finding
    from collector_lint.schemas import Schemas

CONFIG_SCHEMA: Final = "urn:alibaba-audit-collector:schema:collector:config:1"


def load(
    path: Path,
    *,
    definitions: Sequence[Path],
    schemas: Sequence[Path],
    secrets: Sequence[str],
    environment: Mapping[str, str],
) -> Config:
    """Load and check a configuration together with everything it rests on.

    Args:
        path: The user's file; `*.json` is read as JSON, everything else as YAML.
        definitions: Catalogues and service definitions of all plugins.
        schemas: JSON Schemas of all plugins; the host's own are added.
        secrets: Dotted paths below an input whose values must never be shown.
        environment: Variables that `${NAME}` stands for.

    Returns:
        What is enabled, with absolute paths, defaults and resolved references.

    Raises:
        ConfigFindingsError: Any of the files has a mistake; it lists all of them.
    """
    folder = path.absolute().parent
    own = sorted(schemas_folder().glob("*.schema.json"))
    known, findings = load_schemas([*own, *schemas])
    catalogue, more = load_catalogue(definitions, known)
    findings += more
    is_complete = not _has_errors(findings)
    document, more = _load_user_file(path, folder, environment)
    findings += more
    if document is not None:
        findings += _check(document, folder, known)
    if document is not None and is_complete:
        # Against half a catalogue most of these findings would be misleading.
        findings += tuple(check_inputs(document, catalogue, known))
    findings = tidy(findings)
    if document is None or _has_errors(findings):
        raise ConfigFindingsError(findings)
    data = cast("Data", document.data)
    return Config(
        file=path,
        settings=build_globals(data["globals"], folder),
        outputs=build_outputs(data["outputs"], folder),
        inputs=build_inputs(data["inputs"], catalogue),
        secrets=collect_secrets(document, catalogue, known, secrets)
        | known.secrets(CONFIG_SCHEMA, data),
        warnings=findings,
        definition_globals=catalogue.globals,
    )


def _load_user_file(
    path: Path, folder: Path, environment: Mapping[str, str]
) -> tuple[Document | None, tuple[Finding, ...]]:
    document, findings = load_document(path)
    if document is None:
        return None, findings
    document, more = resolve(document, environment=environment, folder=folder)
    return document, findings + more


def _check(document: Document, folder: Path, schemas: Schemas) -> tuple[Finding, ...]:
    return (
        *schemas.check(document, CONFIG_SCHEMA),
        *check_outputs(document, folder),
        *check_queue(document),
    )


def _has_errors(findings: Sequence[Finding]) -> bool:
    return any(finding.severity == "error" for finding in findings)
