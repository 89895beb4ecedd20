"""Checks a project's definitions by the SDK's contract and makes a catalogue of them.

Free-form keys are the modules' own business; only what the SDK itself reads is
checked. It knows nothing of the user's configuration.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from collector_host.config.catalogue import (
    CATALOGUE_SCHEMA,
    Catalogue,
    InputDefinition,
    ServiceDefinition,
)
from collector_host.config.project import codes
from collector_host.config.project.faults import breach, sdk_fault
from collector_host.config.project.inputs import MAPPING
from collector_host.config.project.masks import check_dump
from collector_host.config.project.modules import is_period
from collector_host.config.project.reading import for_checks, plain_data, read
from collector_lint import codes as lint_codes
from collector_lint.document import START, finding_at
from collector_lint.findings import shown_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from collector_lint.document import DataPath, Document
    from collector_lint.findings import Finding
    from collector_lint.schemas import Schemas

_GLOBALS: Final = "collector_globals"
_INPUTS: Final = "collector_inputs"
_PERIOD: Final = "management_process_execution_period_in_seconds"
_OLD_PERIOD: Final = "input_controller_execution_periods_in_seconds"
_OTHER_PERIODS: Final = (
    "input_process_execution_periods_in_seconds",
    "output_process_execution_periods_in_seconds",
)
_MASKS: Final = "config_obfuscation"
_CLASS_NAME: Final = "class_name"
_TYPES: Final = ("predefined", "custom")


class Definitions(NamedTuple):
    """A project's definitions.

    Attributes:
        document: The file, with the place of everything in it.
        catalogue: What was made of it.
    """

    document: Document
    catalogue: Catalogue


def load_definitions(
    file: Path, schemas: Schemas, is_wanted: Callable[[str, str | None], bool]
) -> tuple[Definitions | None, tuple[Finding, ...]]:
    """Load `collector_definitions.yaml` of a project.

    Args:
        file: The file.
        schemas: The host's own schemas; they tell which keys look misspelt.
        is_wanted: Tells whether the user's configuration enables an input, or a
            service of it. The SDK never looks at the others: what is wrong with one
            of them is a warning, and it is left out.

    Returns:
        The definitions, or None when a mistake makes them unusable, and every finding.
    """
    if not file.is_file():
        message = sdk_fault("definitions", 1, "the definitions file does not exist")
        return None, (finding_at(str(file), START, codes.CONTRACT, message),)
    document, findings = read(file, timestamps=True)
    if document is None or _has_errors(findings):
        return None, tuple(_as_the_sdk_says(each, findings) for each in findings)
    data = plain_data(document)
    document = for_checks(document)
    findings = (
        *findings,
        *_check_globals(document),
        *_check_inputs(document, is_wanted),
        *_check_masks(document),
    )
    findings += tuple(_misspelt(document, schemas))
    if _has_errors(findings):
        return None, findings
    catalogue = _catalogue(data)
    return Definitions(document, catalogue), findings


def is_old_layout(document: Document) -> bool:
    """Tell whether definitions have the form of the SDK of mid-2022."""
    given = document.mapping((_GLOBALS,))
    return _OLD_PERIOD in given or isinstance(given.get("requests_limits"), dict)


def _as_the_sdk_says(finding: Finding, findings: tuple[Finding, ...]) -> Finding:
    """Give what makes the file unreadable the code that the SDK has for it."""
    if finding.severity != "error":
        return finding
    tagged = any(each.code == lint_codes.TAG for each in findings)
    number, cause = (2, "a value cannot be built") if tagged else (3, "not readable")
    message = sdk_fault("definitions", number, f"{cause}: {finding.message}")
    return replace(finding, message=message)


def _check_globals(document: Document) -> Iterator[Finding]:
    given = document.data
    block = document.mapping(()).get(_GLOBALS)
    path = (_GLOBALS,)
    if not isinstance(given, dict) or not isinstance(block, dict):
        cause = f"{_GLOBALS} is missing or no mapping"
        yield breach(document, path, sdk_fault("management", 1100, cause))
        return
    period = cast("dict[str, object]", block).get(_PERIOD)
    if period is None:
        if not is_old_layout(document):
            cause = f"{_PERIOD} is missing"
            yield breach(document, path, sdk_fault("management", 1101, cause))
    elif isinstance(period, bool) or not isinstance(period, int):
        cause = f"{_PERIOD} must be a whole number"
        yield breach(document, (*path, _PERIOD), sdk_fault("management", 1102, cause))
    elif period < 1:
        cause = f"{_PERIOD} must be at least 1"
        yield breach(document, (*path, _PERIOD), sdk_fault("management", 1103, cause))
    for key in (_OLD_PERIOD, *_OTHER_PERIODS):
        if not is_period(document.mapping(path).get(key)):
            cause = f"{key} must be a number of seconds above 0"
            yield breach(document, (*path, key), cause, at_key=False)


def _check_inputs(
    document: Document, is_wanted: Callable[[str, str | None], bool]
) -> Iterator[Finding]:
    inputs = document.mapping((_INPUTS,))
    if not isinstance(document.data, dict):
        return  # said by the check of the globals
    if not inputs:
        cause = f"{_INPUTS} is missing or empty"
        yield breach(document, (_INPUTS,), sdk_fault("definitions", 3, cause))
    for name in inputs:
        path = (_INPUTS, name)
        services = document.mapping((*path, "services"))
        if not services:
            cause = f"no services found for input {shown_key(name)}"
            message = sdk_fault("input_thread", 50, cause)
            finding = breach(document, (*path, "services"), message, hint=MAPPING)
            yield _weighed(finding, is_wanted=is_wanted(str(name), None))
        for service in services:
            wanted = is_wanted(str(name), str(service))
            for finding in _check_service(document, (*path, "services", service)):
                yield _weighed(finding, is_wanted=wanted)


def _weighed(finding: Finding, *, is_wanted: bool) -> Finding:
    return finding if is_wanted else replace(finding, severity="warning")


def _check_service(document: Document, path: DataPath) -> Iterator[Finding]:
    block = document.mapping(path)
    name = shown_key(path[-1])
    if block.get("type") not in _TYPES:
        cause = f"service {name} has no type: predefined or custom"
        yield breach(document, path, sdk_fault("input_thread", 51, cause))
    modules = document.mapping((*path, "modules"))
    if not modules:
        cause = f"service {name} has no modules"
        message = sdk_fault("service", 20, cause)
        hint = "modules: {PullerClass: {type: …}}, a mapping with one at least"
        yield breach(document, (*path, "modules"), message, hint=hint)
    for module in modules:
        where = (*path, "modules", module)
        block = document.mapping(where)
        if not isinstance(block.get("type"), str):
            cause = f"module {shown_key(module)} has no type"
            yield breach(document, where, sdk_fault("service", 2, cause))


def _check_masks(document: Document) -> Iterator[Finding]:
    inputs = document.mapping((_INPUTS,))
    if not inputs or any(document.mapping((_INPUTS, each, _MASKS)) for each in inputs):
        for name in inputs:
            yield from check_dump(document, (_INPUTS, name))
        return
    if not all(isinstance(each, dict) for each in inputs.values()):
        return  # an input that is no mapping has no services either, which is said
    path = (_INPUTS, next(iter(inputs)))
    cause = f"no input has the mandatory field {_MASKS}"
    hint = "it names what the log must not show: {key_value_entries: []} if nothing"
    if is_old_layout(document):
        yield document.finding(
            path, codes.OLD_LAYOUT, cause, hint=hint, at_key=True, severity="warning"
        )
    else:
        message = sdk_fault("definitions", 4, cause)
        yield breach(document, path, message, hint=hint)


def _misspelt(document: Document, schemas: Schemas) -> Iterator[Finding]:
    """Warn of unknown keys that are nearly known ones; others are the modules' own."""
    for finding in schemas.check(document, CATALOGUE_SCHEMA):
        if finding.code == lint_codes.UNKNOWN_KEY and "did you mean" in finding.message:
            yield as_unread(finding)


def as_unread(finding: Finding) -> Finding:
    """Return the warning that stands for an unknown key."""
    return replace(finding, code=codes.UNREAD, severity="warning")


def _catalogue(data: dict[str, Any]) -> Catalogue:
    inputs: dict[str, InputDefinition] = {}
    for name, block in data[_INPUTS].items():
        given = _mapping(_mapping(block).get("services"))
        services = {
            str(service): ServiceDefinition(definition)
            for service, definition in given.items()
            if _is_whole(definition)
        }
        for service in services.values():
            for class_name, module in service.modules.items():
                # As the SDK does: modules may read it.
                module[_CLASS_NAME] = f"agent.modules.{class_name}"
        inputs[str(name)] = InputDefinition(_mapping(block), services)
    return Catalogue(data[_GLOBALS] or {}, inputs)


def _is_whole(definition: object) -> bool:
    """Tell whether a service's definition passed its checks."""
    block = _mapping(definition)
    modules = _mapping(block.get("modules"))
    types = [_mapping(module).get("type") for module in modules.values()]
    return (
        block.get("type") in _TYPES
        and bool(types)
        and all(isinstance(each, str) for each in types)
    )


def _mapping(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _has_errors(findings: tuple[Finding, ...]) -> bool:
    return any(finding.severity == "error" for finding in findings)
