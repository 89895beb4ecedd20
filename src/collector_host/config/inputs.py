"""Checks inputs and services against the catalogue and their own schemas.

Disabled ones are checked too. It builds nothing and raises nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from collector_host.config import codes
from collector_host.config.submodules import check_submodules
from collector_lint.findings import shown_key
from collector_lint.names import listing, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from collector_host.config.catalogue import (
        Catalogue,
        InputDefinition,
        ServiceDefinition,
    )
    from collector_host.config.model import Data
    from collector_host.config.unusable import Unusable
    from collector_lint.document import DataPath, Document
    from collector_lint.findings import Finding
    from collector_lint.schemas import Schemas

_ROOT: Final = "inputs"
_HOST_KEYS: Final = ("enabled", "types")
"""Keys of a service that the host reads itself."""


def check_inputs(
    document: Document, catalogue: Catalogue, schemas: Schemas
) -> Iterator[Finding]:
    """Yield every mistake below `inputs` that the general schema cannot see."""
    blocks = document.mapping((_ROOT,))
    for name in blocks:
        definition = catalogue.inputs.get(name)
        if definition is not None:
            yield from _check_input(
                document, name, definition, schemas, catalogue.unusable
            )
        elif not catalogue.unusable.inputs:
            yield _unknown(
                document, (_ROOT, name), codes.UNKNOWN_INPUT, catalogue.inputs
            )
    yield from _same_ids(document)
    is_idle = not any(_runs(document, name) for name in blocks)
    # That `services` is empty is told there, and mended there.
    if blocks and is_idle and not any(_is_empty(document, name) for name in blocks):
        message = "no input with an enabled service is enabled"
        yield document.finding((_ROOT,), codes.NO_INPUT, message, at_key=True)


def is_enabled(block: object) -> bool:
    """Return whether an input, a service or an output is, or may be, to be used.

    Only `false` says that it is not: any other value is unknown here, or has a finding
    of its own, and nothing is to be concluded from it.
    """
    if not isinstance(block, dict):
        return True
    return cast("dict[str, object]", block).get("enabled", True) is not False


def selected_modules(
    definition: ServiceDefinition, config: Mapping[str, object]
) -> dict[str, Data]:
    """Return the modules the user's `types` select; without it the default ones."""
    types = config.get("types")
    if not isinstance(types, list):
        mandatory = definition.definition.get("module_type_mandatory") is True
        chosen = definition.modules if not mandatory else {}
        return {k: each for k, each in chosen.items() if each.get("default") is True}
    return {k: each for k, each in definition.modules.items() if each["type"] in types}


def _check_input(
    document: Document,
    name: str,
    definition: InputDefinition,
    schemas: Schemas,
    unusable: Unusable,
) -> Iterator[Finding]:
    path = (_ROOT, name)
    schema_id = definition.definition.get("settings_schema")
    if schema_id in schemas.ids:
        yield from schemas.check(document, schema_id, path)
    for service in document.mapping((*path, "services")):
        where = (*path, "services", service)
        is_described = definition.proper_name(service) in definition.services
        if not is_described and unusable.has_service(name, service):
            continue
        found = definition.find(service)
        if found is None:
            yield _unknown(document, where, codes.UNKNOWN_SERVICE, definition.services)
        else:
            yield from _check_alias(document, where, definition)
            yield from _check_service(document, where, found, schemas)


def _check_alias(
    document: Document, path: DataPath, definition: InputDefinition
) -> Iterator[Finding]:
    """Warn of an older name; refuse it beside the proper one: both are one state."""
    proper = definition.proper_name(str(path[-1]))
    if proper == path[-1]:
        return
    is_twice = proper in document.mapping(path[:-1])
    message = f"this service is called {shown_key(proper)}"
    yield document.finding(
        path,
        codes.SERVICE_ALIAS,
        f"{message}, which is there too" if is_twice else message,
        hint="remove one of them" if is_twice else "rename it; its state is the same",
        severity="error" if is_twice else "warning",
        at_key=True,
    )


def _check_service(
    document: Document, path: DataPath, definition: ServiceDefinition, schemas: Schemas
) -> Iterator[Finding]:
    schema_id = definition.about.get("settings_schema")
    if schema_id in schemas.ids:
        yield from schemas.check(document, schema_id, path, ignored_keys=_HOST_KEYS)
    config = document.mapping(path)
    yield from _check_types(document, path, definition, config.get("types"))
    selected = selected_modules(definition, config)
    yield from check_submodules(document, path, selected.values())
    if "types" not in config and not selected:
        types = {str(each["type"]) for each in definition.modules.values()}
        message = "no module would run"
        hint = f"name some in types: {listing(types)}"
        yield document.finding(path, codes.NO_MODULE, message, hint=hint, at_key=True)


def _check_types(
    document: Document, path: DataPath, definition: ServiceDefinition, types: object
) -> Iterator[Finding]:
    known = {str(each["type"]): each for each in definition.modules.values()}
    given = cast("list[object]", types) if isinstance(types, list) else []
    for index, name in enumerate(given):
        where = (*path, "types", index)
        if isinstance(name, str) and name not in known:
            message = f"unknown module type{suggestion(name, known)}"
            hint = f"known here: {listing(known)}"
            yield document.finding(where, codes.UNKNOWN_TYPE, message, hint=hint)


def _same_ids(document: Document) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for name in document.mapping((_ROOT,)):
        identity = document.mapping((_ROOT, name)).get("id")
        if not isinstance(identity, str | int):
            continue
        other = first.setdefault(str(identity), name)
        if other != name:
            message = f"the id is the same as that of input {shown_key(other)}"
            yield document.finding((_ROOT, name, "id"), codes.DUPLICATE_ID, message)


def _runs(document: Document, name: str) -> bool:
    block = document.mapping((_ROOT, name))
    services = document.mapping((_ROOT, name, "services"))
    return is_enabled(block) and any(is_enabled(each) for each in services.values())


def _is_empty(document: Document, name: str) -> bool:
    block = document.mapping((_ROOT, name))
    return is_enabled(block) and block.get("services") == {}


def _unknown(
    document: Document, path: DataPath, code: str, known: Mapping[str, object]
) -> Finding:
    name = str(path[-1])
    kind = "input" if code == codes.UNKNOWN_INPUT else "service"
    near = suggestion(name, known)
    message = f"unknown {kind} {shown_key(name)}{near}"
    hint = "" if near else f"known here: {listing(known)}"
    return document.finding(path, code, message, hint=hint, at_key=True)
