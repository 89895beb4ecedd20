"""The schemas of host and plugins as they are published, each complete in itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from collector_host.config.catalogue import load_catalogue
from collector_host.config.errors import ConfigFindingsError
from collector_host.config.user_schema import CONFIG_SCHEMA, user_schema
from collector_lint.findings import tidy
from collector_lint.publishing.bundle import bundle, short_name
from collector_lint.publishing.editing import with_references
from collector_lint.schemas import load_schemas, schemas_folder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from collector_host.config.catalogue import Catalogue

USER_CONFIG: Final = "config"
"""Name of the schema of a whole user configuration."""


@dataclass(frozen=True, slots=True)
class Published:
    """What is installed, as schemas.

    Attributes:
        catalogue: What can be collected.
        contents: Every schema as its file says it, by `$id`.
    """

    catalogue: Catalogue
    contents: Mapping[str, dict[str, Any]]

    @property
    def ids(self) -> dict[str, str]:
        """The `$id` of every schema by its short name, in order of names.

        Two schemas of one short name are called by their `$id`.
        """
        names = [short_name(each) for each in self.contents]
        found = {
            each if names.count(short_name(each)) > 1 else short_name(each): each
            for each in self.contents
        }
        return dict(sorted(found.items()))

    def user_schema(self) -> dict[str, Any]:
        """Return one schema of a whole configuration after references are resolved."""
        return user_schema(self.catalogue, self.contents)

    def schema(self, name: str) -> dict[str, Any]:
        """Return a schema that needs no other one.

        `config` is the whole of what users write, as they write it: the settings of
        every installed input and service are in it, and references may stand for
        values.

        Args:
            name: A short name.

        Raises:
            KeyError: There is none of this name.
        """
        schema_id = self.ids[name]
        if schema_id == CONFIG_SCHEMA:
            return with_references(self.user_schema())
        return bundle(self.contents[schema_id], self.contents)


def load_published(
    *, definitions: Sequence[Path], schemas: Sequence[Path]
) -> Published:
    """Load the host's own schemas and what plugins bring.

    Args:
        definitions: Catalogues and service definitions of all plugins.
        schemas: JSON Schemas of all plugins.

    Raises:
        ConfigFindingsError: One of the files has a mistake.
    """
    own = sorted(schemas_folder().glob("*.schema.json"))
    known, findings = load_schemas([*own, *schemas])
    catalogue, more = load_catalogue(definitions, known)
    errors = [each for each in (*findings, *more) if each.severity == "error"]
    if errors:
        raise ConfigFindingsError(tidy(errors))
    return Published(catalogue, known.contents)
