"""The whole export, in memory: path in the project -> content.

The same plugin gives the same bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from collector_host.exporting import texts
from collector_host.exporting.merged import merged, read_catalogue, read_schemas
from collector_host.exporting.package import find_package

if TYPE_CHECKING:
    from collector_host.exporting.offer import Offer

CONFIG: Final = "config/config.yaml"
_EMPTY_FOLDERS: Final = ("certs", "credentials", "state")


def build_project(offer: Offer) -> dict[str, bytes]:
    """Return the files of the project; nothing is written.

    Raises:
        PluginError: The plugin cannot be exported.
        ConfigFindingsError: One of its definitions or schemas has a mistake.
    """
    plugins = offer.plugins
    offered = [*plugins.definitions, *plugins.schemas]
    package = find_package(plugins.classes, offer.module, offered)
    catalogue = read_catalogue(plugins.definitions, plugins.schemas)
    schemas = read_schemas(plugins.schemas)

    below = f"agent/modules/{package.short_name}"
    files = {
        f"{below}/{path}": (package.folder / path).read_bytes()
        for path in package.files
    }
    initial = (package.folder / "__init__.py").read_text(encoding="utf-8")
    files |= {f"schemas/{one.name}": one.read_bytes() for one in plugins.schemas}
    files |= {f"{folder}/.gitkeep": b"" for folder in _EMPTY_FOLDERS}
    written = {
        "agent/__init__.py": '"""The modules of this collector."""\n',
        "agent/modules/__init__.py": texts.modules_text(package),
        f"{below}/__init__.py": texts.initial_text(initial, package),
        "config_internal/collector_definitions.yaml": texts.catalogue_text(
            merged(catalogue, schemas, plugins.secrets)
        ),
        CONFIG: texts.config_text(catalogue, schemas, offer.about.name),
        "metadata.json": texts.metadata_text(offer.about, package),
        "requirements.txt": "".join(f"{one}\n" for one in plugins.requirements),
        "README.md": texts.readme_text(offer.about, package, catalogue),
    }
    if offer.license is not None:
        written["LICENSE"] = offer.license
    files |= {path: text.encode() for path, text in written.items()}
    return dict(sorted(files.items()))
