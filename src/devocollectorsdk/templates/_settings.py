"""Checks and merges the settings of a module that is built on a template."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from devocollectorsdk.templates._validation import SchemaFileError, violations
from devocollectorsdk.templates.exceptions.exceptions import (
    InitVariablesError,
    ModuleError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

INTERNAL_CONFIG = 0
USER_CONFIG = 1
NO_LIST_OF_LIMITS = 2
_LAST_VERSION = 99
_SCHEMAS = ("common_config", "internal_config", "user_config", "persistence")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a definition says about the settings and state of its module.

    Attributes:
        schemas: Which data -> file name below `schemas/`, or None for no check.
        persistence_version: 0 when nothing is kept.
        allowed_overwrites: Key of the user's -> key in `collector_variables`.
    """

    schemas: Mapping[str, str | None]
    persistence_version: int
    allowed_overwrites: Mapping[str, str]


def read_metadata(module_definition: Mapping[str, Any]) -> Metadata:
    """Read `metadata` and check `requests_limits` of a definition.

    Raises:
        InitVariablesError: 0, `metadata` is missing or wrong; 2, `requests_limits`
            is no list.
    """
    metadata = module_definition.get("metadata")
    if not isinstance(metadata, dict):
        raise InitVariablesError(INTERNAL_CONFIG, "the definition needs metadata")
    fields = cast("dict[str, Any]", metadata)
    schemas = fields.get("schemas")
    if not isinstance(schemas, dict) or set(_SCHEMAS) - schemas.keys():
        cause = f"metadata.schemas names {', '.join(_SCHEMAS)}"
        raise InitVariablesError(INTERNAL_CONFIG, cause)
    version = fields.get("persistence_version")
    if type(version) is not int or not 0 <= version <= _LAST_VERSION:
        cause = f"metadata.persistence_version is a number from 0 to {_LAST_VERSION}"
        raise InitVariablesError(INTERNAL_CONFIG, cause)
    if not isinstance(module_definition.get("requests_limits"), list):
        cause = "requests_limits is a list of {period, number_of_requests}"
        raise InitVariablesError(NO_LIST_OF_LIMITS, cause)
    overwrites: dict[str, str] = fields.get("allowed_overwrites") or {}
    return Metadata(cast("dict[str, str | None]", schemas), version, overwrites)


def merged(
    metadata: Metadata,
    input_config: Mapping[str, Any],
    module_properties: Mapping[str, Any],
    service_config: Mapping[str, Any],
) -> dict[str, Any]:
    """Return all settings as one; the later block wins, then what overwrites."""
    blocks = {**input_config, **module_properties, **service_config}
    overwriting = {
        key: service_config[name]
        for name, key in metadata.allowed_overwrites.items()
        if name in service_config
    }
    return copy.deepcopy({**blocks, **overwriting})


def check(
    folder: Path,
    name: str | None,
    forms: Sequence[Any],
    log_error: Callable[[str], None],
    error: ModuleError,
) -> None:
    """Check data against a schema of the project.

    Args:
        folder: Where schemas are.
        name: The schema's file name, or None for no check.
        forms: What to check, in each form it may have; one must pass.
        log_error: Takes a line for each violation; it names the place.
        error: Raised if there is any.

    Raises:
        ModuleError: The error given.
        InitVariablesError: 0, the schema cannot be used.
    """
    if name is None:
        return
    try:
        found = [violations(folder / name, form) for form in forms]
    except SchemaFileError as broken:
        raise InitVariablesError(INTERNAL_CONFIG, str(broken)) from broken
    if all(found):
        for line in found[0]:
            log_error(f"{name}: {line}")
        raise error
