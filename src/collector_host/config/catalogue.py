"""Merges catalogues and service definitions into one picture of what can be collected.

It knows nothing of the user's configuration.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast

from collector_host.config import codes
from collector_host.config.unusable import Unusable
from collector_lint.findings import shown_key, tidy
from collector_lint.loader import load
from collector_lint.names import listing, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from collector_host.config.model import Data
    from collector_lint.document import DataPath, Document
    from collector_lint.findings import Finding
    from collector_lint.schemas import Loader, Schemas

CATALOGUE_SCHEMA: Final = "urn:alibaba-audit-collector:schema:collector:catalogue:1"
DEFINITION_SCHEMA: Final = "urn:alibaba-audit-collector:schema:collector:definition:1"

CATCH_ALL: Final = "custom_service"
_DEFINITION_KEYS: Final = frozenset({"input", "service", "definition"})
_NOT_TAKEN_OVER: Final = frozenset({"aliases", "like", "module_properties"})
_SCHEMA_KEYS: Final = ("settings_schema", "state_schema", "event_schema")


@dataclass(frozen=True, slots=True)
class ServiceDefinition:
    """One service that can be collected.

    Attributes:
        definition: What the catalogue holds under the service's name.
        about: What its own file says beside that; empty for a service that is
            written in the catalogue.
    """

    definition: Data
    about: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def modules(self) -> dict[str, Data]:
        """Module definitions by the name of their puller class."""
        return cast("dict[str, Data]", self.definition["modules"])

    def varied(self, about: Mapping[str, Any]) -> ServiceDefinition:
        """Return this service as another file varies it."""
        changes: Data = about.get("module_properties", {})
        modules: dict[str, Data] = {}
        for name, module in self.modules.items():
            properties: Data = module.get("module_properties") or {}
            modules[name] = {**module, "module_properties": {**properties, **changes}}
        kept = {key: self.about[key] for key in self.about.keys() - _NOT_TAKEN_OVER}
        return ServiceDefinition(
            {**self.definition, "modules": modules}, {**kept, **about}
        )


@dataclass(frozen=True, slots=True)
class InputDefinition:
    """One input that can be collected.

    Attributes:
        definition: What the catalogue holds under the input's name, with the
            services of all files.
        services: Services by name.
    """

    definition: Data
    services: dict[str, ServiceDefinition]

    def find(self, name: str) -> ServiceDefinition | None:
        """Return the service a user means by `name`.

        A name stands for itself only where the service is predefined; every other
        name means the catch-all service, if there is one.
        """
        found = self.services.get(self.proper_name(name))
        if found is not None and found.definition["type"] == "predefined":
            return found
        return self.services.get(CATCH_ALL)

    def proper_name(self, name: str) -> str:
        """Return the name of the service that `name` is an alias of, or `name`."""
        return next(
            (
                proper
                for proper, service in self.services.items()
                if name in service.about.get("aliases", ())
            ),
            name,
        )


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What can be collected.

    Attributes:
        globals: What stands in `collector_globals`.
        inputs: Inputs by name.
        unusable: What is described, but with mistakes.
    """

    globals: Data
    inputs: dict[str, InputDefinition]
    unusable: Unusable = field(default_factory=Unusable)


def load_catalogue(
    files: Iterable[Path], schemas: Schemas, *, loader: Loader | None = None
) -> tuple[Catalogue, tuple[Finding, ...]]:
    """Load catalogues and definitions, in any order, and merge them.

    Where two catalogues set the same key of `collector_globals`, the first one wins.

    Args:
        files: Catalogues and definitions.
        schemas: What they are checked against.
        loader: Who loads and checks a file by itself, where that was done before.

    Returns:
        What is free of mistakes, and every finding.
    """
    merge = _Merge(schemas, loader or partial(_load, schemas))
    documents = [merge.load(file) for file in files]
    usable = [document for document in documents if document is not None]
    for document in usable:
        if not _is_definition(document):
            merge.catalogue(document)
    definitions = [document for document in usable if _is_definition(document)]
    # What varies another service comes behind all others, in whatever file that is.
    for document in sorted(definitions, key=lambda one: "like" in one.mapping(())):
        merge.definition(document)
    return Catalogue(merge.globals, merge.inputs, merge.unusable), tidy(merge.findings)


def _is_definition(document: Document) -> bool:
    return not _DEFINITION_KEYS.isdisjoint(document.mapping(()))


def _load(schemas: Schemas, file: Path) -> tuple[Document | None, tuple[Finding, ...]]:
    document, findings = load(file)
    if document is not None:
        kind = DEFINITION_SCHEMA if _is_definition(document) else CATALOGUE_SCHEMA
        findings += schemas.check(document, kind)
    return document, findings


class _Merge:
    def __init__(self, schemas: Schemas, loader: Loader) -> None:
        self._schemas = schemas
        self._load = loader
        self.globals: Data = {}
        self.inputs: dict[str, InputDefinition] = {}
        self.unusable = Unusable()
        self.findings: list[Finding] = []

    def load(self, file: Path) -> Document | None:
        """Load one file; None when its structure cannot be relied on."""
        document, findings = self._load(file)
        self.findings += findings
        if not any(f.severity == "error" for f in findings):
            return document
        self.unusable.add(file, document, is_definition=_is_definition)
        return None

    def catalogue(self, document: Document) -> None:
        given = document.mapping(("collector_globals",))
        self.globals = {**given, **self.globals}
        for name, block in document.mapping(("collector_inputs",)).items():
            path = ("collector_inputs", name)
            if name in self.inputs:
                message = f"input {name} is already described by another file"
                self.findings.append(
                    document.finding(path, codes.INPUT_TWICE, message, at_key=True)
                )
                continue
            self._known_schemas(document, path)
            services = cast("dict[str, Data]", cast("Data", block)["services"])
            # Services of other files come into a copy: nobody may find them in this
            # document, which does not hold them.
            definition = {**cast("Data", block), "services": dict(services)}
            known = {key: ServiceDefinition(each) for key, each in services.items()}
            self.inputs[name] = InputDefinition(definition, known)

    def definition(self, document: Document) -> None:
        about = cast("Data", document.mapping(()))
        self._known_schemas(document, ())
        target = self.inputs.get(about["input"])
        service = about["service"]
        if self._rests_on_unusable(about, target):
            self.unusable.add_definition(about)
        elif target is None:
            near = suggestion(about["input"], self.inputs)
            message = f"no catalogue describes input {shown_key(about['input'])}{near}"
            self._refuse(document, ("input",), codes.INPUT_UNDEFINED, message)
        elif service in target.services:
            message = f"service {service} is already defined by another file"
            self._refuse(document, ("service",), codes.SERVICE_TWICE, message)
        elif "like" in about and about["like"] not in target.services:
            near = suggestion(about["like"], target.services)
            message = f"there is no service {shown_key(about['like'])}{near}"
            self._refuse(document, ("like",), codes.LIKE_UNDEFINED, message)
        else:
            found = (
                target.services[about["like"]].varied(about)
                if "like" in about
                else ServiceDefinition(about["definition"], about)
            )
            target.definition["services"][service] = found.definition
            target.services[service] = found

    def _rests_on_unusable(self, about: Data, target: InputDefinition | None) -> bool:
        """Tell whether what is missing may be in a file that has findings already."""
        if target is None:
            return self.unusable.inputs
        like = about.get("like")
        if like is None or like in target.services:
            return False
        return self.unusable.has_service(about["input"], like)

    def _known_schemas(self, document: Document, path: DataPath) -> None:
        block = document.mapping(path)
        for key in _SCHEMA_KEYS:
            schema_id = block.get(key)
            known = self._schemas.ids | self._schemas.broken
            if schema_id is not None and schema_id not in known:
                near = suggestion(str(schema_id), known)
                hint = "" if near else f"known: {listing(known)}"
                message = f"no schema has this $id{near}"
                where = (*path, key)
                self._refuse(document, where, codes.SCHEMA_UNKNOWN, message, hint)

    def _refuse(
        self,
        document: Document,
        path: DataPath,
        code: str,
        message: str,
        hint: str = "",
    ) -> None:
        self.findings.append(document.finding(path, code, message, hint=hint))
        if code in {codes.INPUT_UNDEFINED, codes.LIKE_UNDEFINED}:
            self.unusable.add_definition(document.mapping(()))
