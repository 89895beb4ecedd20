"""The blocks of a project's two documents that settings of one module come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from collector_host.config.inputs import is_enabled, selected_modules
from collector_host.config.project.faults import breach

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from collector_host.config.catalogue import Catalogue, ServiceDefinition
    from collector_lint.document import DataPath, Document
    from collector_lint.findings import Finding

GLOBALS = "collector_globals"
INPUTS = "collector_inputs"


@dataclass(frozen=True, slots=True)
class Block:
    """A mapping of a document, which may be missing or something else."""

    document: Document
    path: DataPath

    @property
    def data(self) -> Mapping[str, object]:
        """What stands there; an empty mapping if none does."""
        return self.document.mapping(self.path)

    def below(self, *keys: str) -> Block:
        """Return a block within this one."""
        return Block(self.document, (*self.path, *keys))

    def is_mapping(self) -> bool:
        """Tell whether a mapping stands there, or nothing."""
        given = self.document.mapping(self.path[:-1]).get(cast("str", self.path[-1]))
        return not given or isinstance(given, dict)

    def wrong(self, message: str, *keys: str | int, hint: str = "") -> Finding:
        """Return the finding of a broken rule at a value within, or at the block."""
        where = (*self.path, *keys)
        return breach(self.document, where, message, hint=hint, at_key=False)


@dataclass(frozen=True, slots=True)
class ModuleBlocks:
    """Where the settings of one module of one service stand.

    Attributes:
        definition_globals: `collector_globals` of the definitions.
        input_definition: The input's block there.
        module: The module's.
        source: The user's input.
        service: The user's service of it.
    """

    definition_globals: Block
    input_definition: Block
    module: Block
    source: Block
    service: Block


def module_blocks(
    user: Document, definitions: Document, catalogue: Catalogue
) -> Iterator[ModuleBlocks]:
    """Yield the blocks of every module that would run.

    Args:
        user: The user's configuration.
        definitions: The project's definitions.
        catalogue: What was made of them.
    """
    for name, block in user.mapping(("inputs",)).items():
        definition = catalogue.inputs.get(name)
        if definition is None or not is_enabled(block):
            continue
        source = Block(user, ("inputs", name))
        about = Block(definitions, (INPUTS, name))
        for service, config in source.below("services").data.items():
            found = definition.find(service)
            if found is None or not is_enabled(config):
                continue
            settings = source.below("services", service)
            key = _key(definition.services, found)
            for module in selected_modules(found, settings.data):
                yield ModuleBlocks(
                    definition_globals=Block(definitions, (GLOBALS,)),
                    input_definition=about,
                    module=about.below("services", key, "modules", module),
                    source=source,
                    service=settings,
                )


def _key(services: Mapping[str, ServiceDefinition], found: ServiceDefinition) -> str:
    """Return the name of a service in the definitions: a user's may be another."""
    return next(name for name, each in services.items() if each is found)
