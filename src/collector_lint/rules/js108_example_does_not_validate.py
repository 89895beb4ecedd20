"""JS108: example does not validate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast
from urllib.parse import quote

from collector_lint import example_files as files
from collector_lint.rule import Rule
from collector_lint.rules._schemas import Subschema, subschemas

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.document import DataPath
    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    document = target.document
    given = document.mapping(()).get("$id") if document else None
    if document is None or not isinstance(given, str):
        return
    # Of two files with the same $id one is left out, and its parts are nowhere.
    if not workspace.schemas.holds(document):
        return
    for place in subschemas(document):
        for path, value in _shown(place):
            fragment = "".join(f"/{_escaped(key)}" for key in place.path)
            if not _is_valid(workspace, f"{given}#{fragment}", value):
                message = f"it does not satisfy the schema it is {path[-2]} of"
                if path[-1] == "default":
                    message = "it does not satisfy the schema it is the default of"
                yield document.finding(path, RULE.id, message)


def _shown(place: Subschema) -> Iterator[tuple[DataPath, object]]:
    examples = place.schema.get("examples")
    if isinstance(examples, list):
        for index, value in enumerate(cast("list[object]", examples)):
            yield (*place.path, "examples", index), value
    if "default" in place.schema:
        yield (*place.path, "default"), place.schema["default"]


def _escaped(key: str | int) -> str:
    return quote(str(key).replace("~", "~0").replace("/", "~1"), safe="~")


def _is_valid(workspace: Workspace, schema: str, value: object) -> bool:
    return workspace.schemas.accepts(schema, value)


RULE: Final = Rule(
    id="JS108",
    name="example-does-not-validate",
    group="schemas",
    severity="error",
    kinds=("schema",),
    what="An example or default does not satisfy its own schema.",
    why=(
        "Whoever copies it gets an error; most often the schema was changed and the "
        "example forgotten."
    ),
    mend="Correct the example, or the schema.",
    bad=files.property_schema(examples=[3]),
    good=files.property_schema(),
    check=_check,
)
