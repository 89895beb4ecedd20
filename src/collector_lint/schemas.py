"""Loads JSON Schemas and checks documents against them, finding by finding.

It knows no schema by name and nothing of how jsonschema works.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from collector_lint import codes
from collector_lint.document import texts
from collector_lint.files import MAX_FILE_BYTES, UnreadableError, read_regular
from collector_lint.findings import shown_name, tidy
from collector_lint.loader import load
from collector_lint.ownership import schema_id as written_id
from collector_lint.schema.engine import BrokenSchemaError, Engine, check_schema
from collector_lint.schema.keywords import invalid_words
from collector_lint.schema.references import endless, place_of
from collector_lint.wording import explain
from collector_lint.wording_types import WITHOUT_QUOTES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from collector_lint.document import DataPath, Document
    from collector_lint.findings import Finding
    from collector_lint.schema.engine import Violation
    from collector_lint.wording import Problem

Loader: TypeAlias = Callable[[Path], "tuple[Document | None, tuple[Finding, ...]]"]
"""Returns a file's document with every mistake that it has by itself."""

_HERE: Final = Path(__file__).resolve().parent


def schemas_folder() -> Path:
    """Return the folder of the schemas for configs, catalogues and definitions.

    In an installed wheel it lies beside this package, in a checkout at its top level.
    """
    packaged = _HERE / "_data" / "schemas"
    return packaged if packaged.is_dir() else _HERE.parents[1] / "schemas" / "collector"


class Schemas:
    """A closed set of schemas, found by their `$id`.

    A set never holds a schema that cannot be used: see `load_schemas`.
    """

    def __init__(
        self, documents: Iterable[Document], broken: Iterable[str] = ()
    ) -> None:
        self.broken = frozenset(broken) - {""}
        """The `$id` of schemas that are there and cannot be used."""
        self._documents = {str(d.mapping(()).get("$id")): d for d in documents}
        self._engine = Engine({k: d.mapping(()) for k, d in self._documents.items()})

    @property
    def ids(self) -> frozenset[str]:
        """The `$id` of every schema."""
        return frozenset(self._documents)

    def holds(self, document: Document) -> bool:
        """Tell whether it is this schema that its `$id` finds, and no other one."""
        known = self._documents.get(str(document.mapping(()).get("$id")))
        return known is not None and known.data == document.data

    @property
    def contents(self) -> dict[str, dict[str, Any]]:
        """What each schema says, by its `$id`."""
        return {key: dict(each.mapping(())) for key, each in self._documents.items()}

    def check(
        self,
        document: Document,
        schema_id: str,
        path: DataPath = (),
        *,
        ignored_keys: Collection[str] = (),
    ) -> tuple[Finding, ...]:
        """Check one part of a document; an empty (null) part counts as a mapping.

        Args:
            document: What was loaded.
            schema_id: `$id` of a schema of this set.
            path: The part to check.
            ignored_keys: Keys at `path` that somebody else checks.

        Returns:
            Every mistake, and a warning for every key that the schema calls
            deprecated. Nothing is said about values that are already damaged.
        """
        given = document.mapping(path)
        data: object = {k: v for k, v in given.items() if k not in ignored_keys}
        if not given and (value := _value(document, path)) is not None:
            data = value
        try:
            violations = self._engine.violations(schema_id, data)
            idle = self._engine.annotated(schema_id, data, "deprecated")
        except BrokenSchemaError as err:
            schema = self._documents[schema_id]
            place = endless(schema.mapping(())) or ()
            return (schema.finding(place, codes.SCHEMA_REFERENCE, str(err)),)
        known = (_knowing(violation, ignored_keys) for violation in violations)
        problems = (problem for violation in known for problem in explain(violation))
        findings = list(_errors(document, path, problems))
        findings += [_warning(document, (*path, *where)) for where, _ in idle]
        return tidy(findings)

    def accepts(self, reference: str, data: object) -> bool:
        """Tell whether data satisfies a schema, or a part of one.

        Args:
            reference: `$id`, perhaps with the pointer of a part behind a `#`.
            data: Plain data.
        """
        try:
            return not self._engine.violations(reference, data)
        except BrokenSchemaError:
            return True  # said elsewhere, once

    def secrets(self, schema_id: str, data: object) -> frozenset[str]:
        """Return every text and number at a place marked `writeOnly: true`."""
        marked = self._engine.annotated(schema_id, data, "writeOnly")
        return frozenset(text for _, part in marked for text in texts(part))

    def unresolved(self) -> dict[str, Finding | None]:
        """Return every schema with a `$ref` that leads nowhere, by its `$id`.

        Its finding is None where the `$ref` leads to a schema that is broken, which
        has a finding itself.
        """
        found: dict[str, Finding | None] = {}
        for schema_id, document in self._documents.items():
            reference = self._engine.missing_reference(schema_id)
            if reference is not None:
                message = f"$ref {reference} leads nowhere"
                place = place_of(document.data, reference)
                finding = document.finding(place, codes.SCHEMA_REFERENCE, message)
                is_broken = reference.partition("#")[0] in self.broken
                found[schema_id] = None if is_broken else finding
        return found


def load_schemas(
    files: Iterable[Path], *, loader: Loader = load
) -> tuple[Schemas, tuple[Finding, ...]]:
    """Load schema files; those that cannot be used are findings and left out.

    Args:
        files: The files.
        loader: Who loads a file, where that was done before.
    """
    usable: dict[str, Document] = {}
    broken: set[str] = set()
    findings: list[Finding] = []
    for file in files:
        document, mistakes = loader(file)
        findings += mistakes
        if document is None:
            broken.add(_written_id(file))
            continue
        mistakes = tuple(_schema_mistakes(document, usable))
        findings += mistakes
        schema_id = str(document.mapping(()).get("$id", ""))
        if not mistakes:
            usable[schema_id] = document
        elif schema_id not in usable:
            broken.add(schema_id)
    schemas, more = _without_unresolved(usable, broken)
    return schemas, tidy([*findings, *more])


def _without_unresolved(
    usable: dict[str, Document], broken: set[str]
) -> tuple[Schemas, list[Finding]]:
    """Return the schemas that refer to nothing but one another."""
    findings: list[Finding] = []
    while True:
        schemas = Schemas(usable.values(), broken)
        unresolved = schemas.unresolved()
        if not unresolved:
            return schemas, findings
        findings += [finding for finding in unresolved.values() if finding]
        broken |= unresolved.keys()
        usable = {k: each for k, each in usable.items() if k not in broken}


def _written_id(file: Path) -> str:
    """Return what a schema that cannot be read calls itself, or ""."""
    try:
        data = read_regular(file, max_bytes=MAX_FILE_BYTES).data
    except UnreadableError:
        return ""
    return written_id(data.decode("utf-8", "replace"))


def _schema_mistakes(
    document: Document, known: Mapping[str, Document]
) -> Iterator[Finding]:
    schema_id = document.mapping(()).get("$id")
    if not isinstance(schema_id, str):
        yield document.finding((), codes.SCHEMA_ID, "a schema needs an $id")
    elif schema_id in known:
        other = known[schema_id].file
        if Path(other).absolute().is_relative_to(schemas_folder()):
            other = f"the linter's own {Path(other).name}"
        message = f"another file has the same $id: {shown_name(other)}"
        yield document.finding(("$id",), codes.SCHEMA_ID, message)
    invalid = check_schema(document.data)
    if invalid is not None:
        path, keyword = invalid
        wrong = invalid_words(document.data, path) or f"the rule {keyword} is broken"
        message = f"not a JSON Schema of draft 2020-12: {wrong}"
        yield document.finding(path, codes.SCHEMA_INVALID, message)


def _knowing(violation: Violation, keys: Collection[str]) -> Violation:
    """Let suggestions for unknown keys at the top include the ignored ones."""
    if violation.path or violation.keyword != "additionalProperties":
        return violation
    properties = cast("dict[str, object]", violation.schema.get("properties", {}))
    more: dict[str, object] = {key: {} for key in keys}
    return replace(
        violation, schema={**violation.schema, "properties": {**more, **properties}}
    )


def _errors(
    document: Document, path: DataPath, problems: Iterable[Problem]
) -> Iterator[Finding]:
    for problem in problems:
        where = (*path, *problem.path)
        # A damaged value says nothing of its key.
        if not document.is_damaged(where[:-1] if problem.at_key else where):
            yield document.finding(
                where,
                problem.code,
                problem.message,
                hint=_possible(document, where, problem.hint),
                at_key=problem.at_key,
            )


def _possible(document: Document, where: DataPath, hint: str) -> str:
    """Return a hint, or another one where following it would break the file."""
    is_bound = where in document.quoted and hint.endswith(WITHOUT_QUOTES)
    return document.quoted[where] if is_bound else hint


def _warning(document: Document, path: DataPath) -> Finding:
    message = "the key is accepted, but has no effect"
    return document.finding(
        path, codes.NO_EFFECT, message, at_key=True, severity="warning"
    )


def _value(document: Document, path: DataPath) -> object:
    if not path:
        return document.data
    parent = document.mapping(path[:-1])
    return parent.get(cast("str", path[-1]))
