"""The only door to jsonschema here: data and a schema's file in, violations out.

Nothing is ever fetched: a `$ref` finds a file beside the schema, or fails. What it
says names places and rules, never values, for those may be secrets.
"""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, cast

from jsonschema import Draft6Validator, ValidationError
from jsonschema.exceptions import SchemaError
from referencing import Registry, Resource
from referencing.exceptions import NoSuchResource, Unresolvable
from referencing.jsonschema import DRAFT6

if TYPE_CHECKING:
    from pathlib import Path

_NAMING = {"required", "additionalProperties", "dependencies"}
"""Rules whose message names keys only."""

_LONGEST_RULE = 200


class SchemaFileError(Exception):
    """A schema cannot be used; the message says which and why."""


def violations(file: Path, data: Any) -> list[str]:
    """Return what in `data` breaks the schema, by place; empty if nothing does.

    Raises:
        SchemaFileError: The file cannot be read, or is no schema of draft 6.
    """
    schema = _read(file)

    def retrieve(uri: str) -> Resource[Any]:
        neighbour = file.parent / PurePosixPath(uri).name
        if not neighbour.is_file():
            raise NoSuchResource(ref=uri)
        return Resource(_read(neighbour), DRAFT6)

    registry: Registry[Any] = Registry(retrieve=retrieve)  # pyright: ignore[reportCallIssue]
    try:
        Draft6Validator.check_schema(schema)
        found = cast(
            "list[ValidationError]",
            list(Draft6Validator(schema, registry=registry).iter_errors(data)),  # pyright: ignore[reportUnknownMemberType]
        )
    except SchemaError as error:
        message = f"{file} is no schema of draft 6: {error.message}"
        raise SchemaFileError(message) from error
    except Unresolvable as error:
        message = f"{file} refers to what is not beside it: {error}"
        raise SchemaFileError(message) from error
    return sorted(map(_text, found))


def _read(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        message = f"the schema {file} cannot be read: {error}"
        raise SchemaFileError(message) from error


def _text(error: ValidationError) -> str:
    rule = str(error.validator)
    if rule in _NAMING:
        return f"{error.json_path}: {error.message}"
    wanted = json.dumps(error.validator_value, ensure_ascii=False, default=str)
    return f"{error.json_path}: breaks the rule {rule}: {wanted[:_LONGEST_RULE]}"
