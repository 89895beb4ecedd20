"""Checks the inputs of a project's configuration by the SDK's contract.

Only what is enabled is checked: the SDK never looks at the rest. Keys of an input or a
service are the modules' own; those that nothing reads are warned of elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from collector_host.config.catalogue import CATCH_ALL
from collector_host.config.inputs import is_enabled, selected_modules
from collector_host.config.project import codes
from collector_host.config.project.faults import breach, config_fault, sdk_fault
from collector_host.config.submodules import check_submodules
from collector_lint.document import Unknown
from collector_lint.findings import shown_key
from collector_lint.names import listing, suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from collector_host.config.catalogue import (
        Catalogue,
        InputDefinition,
        ServiceDefinition,
    )
    from collector_lint.document import DataPath, Document
    from collector_lint.findings import Finding

ROOT: Final = "inputs"
MAPPING: Final = "services: {name: {…}}, a mapping with one at least"


def check_inputs(document: Document, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield every mistake below `inputs`."""
    for name, block in document.mapping((ROOT,)).items():
        yield from _check_switches(document, (ROOT, name))
        if is_enabled(block):
            yield from _check_input(document, (ROOT, name), catalogue)
    yield from _weak_ids(document)


def _check_switches(document: Document, path: DataPath) -> Iterator[Finding]:
    """Yield what is neither on nor off: taken for off, it would collect nothing."""
    services = document.mapping((*path, "services"))
    for place in (path, *((*path, "services", name) for name in services)):
        enabled = document.mapping(place).get("enabled", True)
        if not isinstance(enabled, bool | Unknown):
            cause = "enabled must be true or false"
            yield breach(document, (*place, "enabled"), config_fault(0, cause))


def wanted(document: Document) -> Callable[[str, str | None], bool]:
    """Return a function that tells whether an input, or a service of it, is enabled.

    Any service of the user may turn out to mean the catch-all service.
    """

    def is_wanted(name: str, service: str | None) -> bool:
        path = (ROOT, name)
        if name not in document.mapping((ROOT,)):
            return False
        if not is_enabled(document.mapping(path)):
            return False
        services = document.mapping((*path, "services"))
        if service is None or service == CATCH_ALL:
            return True
        return service in services and is_enabled(services[service])

    return is_wanted


def disabled_inputs(document: Document) -> tuple[str, ...]:
    """Return the names of inputs that are switched off."""
    blocks = document.mapping((ROOT,))
    return tuple(name for name, block in blocks.items() if not is_enabled(block))


def _check_input(
    document: Document, path: DataPath, catalogue: Catalogue
) -> Iterator[Finding]:
    name = str(path[-1])
    definition = catalogue.inputs.get(name)
    if definition is None:
        near = suggestion(name, catalogue.inputs)
        cause = f"No input definitions found for input name: {shown_key(name)}{near}"
        hint = "" if near else f"known here: {listing(catalogue.inputs)}"
        yield breach(document, path, sdk_fault("input", 1030, cause), hint=hint)
        return
    if not document.mapping(path):
        cause = f"input {shown_key(name)} is empty or no mapping"
        yield breach(document, path, sdk_fault("input", 1040, cause))
        return
    services = document.mapping((*path, "services"))
    if not services:
        cause = f"No services found for input name: {shown_key(name)}"
        message = sdk_fault("input_thread", 50, cause)
        yield breach(document, (*path, "services"), message, hint=MAPPING)
    for service, block in services.items():
        if is_enabled(block):
            yield from _check_service(
                document, (*path, "services", service), definition
            )


def _check_service(
    document: Document, path: DataPath, definition: InputDefinition
) -> Iterator[Finding]:
    name = str(path[-1])
    block = document.mapping(path[:-1]).get(name)
    if block is not None and not isinstance(block, dict):
        cause = f"service {shown_key(name)} must be empty or a mapping"
        yield breach(document, path, config_fault(0, cause))
        return
    found = definition.find(name)
    if found is None:
        near = suggestion(name, definition.services)
        cause = f"No service definitions found for service name: {shown_key(name)}"
        hint = "" if near else f"known here: {listing(definition.services)}"
        message = sdk_fault("input_thread", 51, f"{cause}{near}")
        yield breach(document, path, message, hint=hint)
        return
    config = document.mapping(path)
    types = config.get("types")
    if types is not None and not isinstance(types, list):
        message = sdk_fault("service", 1, "types must be a list")
        yield breach(document, (*path, "types"), message, hint="types: [type_1]")
        return
    names = cast("list[object]", types or [])
    yield from _check_types(document, path, found, names)
    yield from _check_selection(document, path, found)


def _check_types(
    document: Document,
    path: DataPath,
    definition: ServiceDefinition,
    given: list[object],
) -> Iterator[Finding]:
    known = {str(each["type"]) for each in definition.modules.values()}
    for index, name in enumerate(given):
        if str(name) not in known:
            message = f"unknown module type{suggestion(str(name), known)}"
            yield document.finding(
                (*path, "types", index),
                codes.TYPE_UNUSED,
                message,
                hint=f"known here: {listing(known)}",
                severity="warning",
            )


def _check_selection(
    document: Document, path: DataPath, definition: ServiceDefinition
) -> Iterator[Finding]:
    selected = selected_modules(definition, document.mapping(path))
    if selected:
        yield from check_submodules(document, path, selected.values())
        return
    types = {str(each["type"]) for each in definition.modules.values()}
    hint = f"name some in types: {listing(types)}"
    if definition.definition.get("module_type_mandatory") is True:
        number, cause = 101, "types is mandatory for this service"
    else:
        number, cause = 20, "no module would run"
    yield breach(document, path, sdk_fault("service", number, cause), hint=hint)


def _weak_ids(document: Document) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for name, block in document.mapping((ROOT,)).items():
        path = (ROOT, name)
        if not is_enabled(block) or not document.mapping(path):
            continue
        identity = document.mapping(path).get("id")
        if identity is None or identity == "":
            message = "the input has no id, a part of the address of its state"
            hint = "give it a short one, e.g. id: a1"
            yield _weak(document, path, message, hint)
            continue
        other = first.setdefault(str(identity), name)
        if other != name:
            message = f"the id is the same as that of input {shown_key(other)}"
            yield _weak(document, (*path, "id"), message, "give each its own")


def _weak(document: Document, path: DataPath, message: str, hint: str) -> Finding:
    return document.finding(
        path, codes.WEAK_ID, message, hint=hint, at_key=True, severity="warning"
    )
