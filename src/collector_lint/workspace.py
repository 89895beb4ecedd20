"""All targets of one run, and what checks of one of them know of the others.

Beside the targets there may be a surrounding: the catalogue, definitions and schemas
of the project a single file belongs to. Nothing is reported about them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from collector_lint.discovery import below
from collector_lint.ownership import CATALOGUE
from collector_lint.project_files import is_project
from collector_lint.walking import Walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from collector_lint.document import Document
    from collector_lint.findings import Finding
    from collector_lint.rule import Kind
    from collector_lint.schemas import Schemas
    from collector_lint.target import Target

_DESCRIBING: Final = ("catalogue", "definition", "schema")
_LEVELS: Final = 3
"""How many folders above a file its project's catalogue may lie."""
_Value = TypeVar("_Value")


@dataclass(frozen=True, eq=False)
class Workspace:
    """All targets of one run.

    Attributes:
        targets: What is checked, in order of names.
        environment: Variables that `${NAME}` may name.
        now: The current time, UTC.
        here: Whether the machine counts: its files, rights and environment.
        gitignore: Whether what git ignores belongs to no project.
        whole: Folders whose every file of ours is a target.
    """

    targets: Sequence[Target]
    environment: Mapping[str, str]
    now: datetime
    here: bool = False
    gitignore: bool = True
    whole: Sequence[str] = ()
    _memory: dict[object, Any] = field(default_factory=dict[object, Any], repr=False)

    def with_changed(self, old: Target, new: Target) -> Workspace:
        """Return a workspace with one target changed, which remembers nothing."""
        targets = [new if each is old else each for each in self.targets]
        return replace(self, targets=targets, _memory={})

    def remembered(self, key: object, make: Callable[[], _Value]) -> _Value:
        """Return what `make` returned the first time it was asked for under `key`."""
        if key not in self._memory:
            self._memory[key] = make()
        return self._memory[key]

    def of_kind(self, *kinds: Kind) -> Iterator[Target]:
        """Yield the targets of some kinds, and those of the surrounding."""
        for target in (*self.targets, *self.surrounding):
            if target.kind in kinds:
                yield target

    @cached_property
    def roots(self) -> tuple[Path, ...]:
        """Folders with a catalogue to which a target belongs, absolute."""
        folders = {
            root
            for target in self.targets
            if target.kind != "project" and (root := _root(target.folder)) is not None
        }
        return tuple(sorted(folders))

    @cached_property
    def surrounding(self) -> tuple[Target, ...]:
        """What belongs to the same projects as the targets and is no target.

        It is what checking the project's folder would look at beside them.
        """
        known = {str(Path(t.path or t.name).absolute()) for t in self.targets}
        whole = [Path(each).absolute() for each in self.whole]
        found: dict[str, Target] = {}
        for root in self.roots:
            if any(root.is_relative_to(each) for each in whole):
                continue
            for target in below(root, None, Walk(gitignore=self.gitignore), known):
                if target.kind in _DESCRIBING:
                    found.setdefault(target.name, target)
        return tuple(found.values())

    @cached_property
    def loaded_schemas(self) -> tuple[Schemas, tuple[Finding, ...]]:
        """The schemas of the linter and of all targets, and what is wrong in them."""
        given = {t.path or Path(t.name): t for t in self.of_kind("schema")}
        return _load_schemas(given) if given else _own_schemas()

    @property
    def schemas(self) -> Schemas:
        """The schemas that can be used."""
        return self.loaded_schemas[0]


def _load_schemas(
    given: Mapping[Path, Target],
) -> tuple[Schemas, tuple[Finding, ...]]:
    """Load schemas with the linter's own, those of them left out that are given.

    Another version of one of them stands for it: a clone that is checked by a linter
    that is installed elsewhere has the same schemas, a little older or newer.
    """
    from collector_lint.loader import load_installed  # noqa: PLC0415  (starts fast)
    from collector_lint.schema.versions import is_version_of  # noqa: PLC0415
    from collector_lint.schemas import (  # noqa: PLC0415  (starts fast)
        load_schemas,
        schemas_folder,
    )

    versions: dict[object, list[object]] = {}
    for target in given.values():
        if target.document is not None:
            schema_id = target.document.mapping(()).get("$id")
            versions.setdefault(str(schema_id), []).append(target.document.data)

    def is_given(document: Document | None) -> bool:
        if document is None:
            return False
        others = versions.get(document.mapping(()).get("$id"), ())
        return any(is_version_of(each, document.data) for each in others)

    known = {path.resolve() for path in given}
    own = sorted(schemas_folder().glob("*.schema.json"))
    loaded = {path: load_installed(path) for path in own if path.resolve() not in known}
    others = [path for path, (document, _) in loaded.items() if not is_given(document)]

    def loader(file: Path) -> tuple[Document | None, tuple[Finding, ...]]:
        return given[file].loaded if file in given else loaded[file]

    return load_schemas([*others, *given], loader=loader)


@cache
def _own_schemas() -> tuple[Schemas, tuple[Finding, ...]]:
    return _load_schemas({})


def _root(folder: Path) -> Path | None:
    for place in (folder, *folder.parents)[:_LEVELS]:
        if (place / CATALOGUE).is_file() and not is_project(place.parent):
            return place
    return None
