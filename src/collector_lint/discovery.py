"""From what a user names (folders, files, standard input) to targets.

In a folder only what is told to be ours is taken; a file that was named is always
taken. It parses nothing.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from collector_lint import codes
from collector_lint.document import START, finding_at
from collector_lint.files import (
    MAX_FILE_BYTES,
    UnreadableError,
    read_regular,
    wide_encoding,
)
from collector_lint.kinds import kind_of
from collector_lint.markdown import complete_blocks
from collector_lint.ownership import (
    is_own_schema,
    lies_beside_catalogue,
    referred_to,
    schema_id,
)
from collector_lint.project_files import is_project, part_of_project
from collector_lint.target import Target
from collector_lint.walking import Walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from collector_lint.rule import Kind

SUFFIXES: Final = (".yaml", ".yml", ".json", ".md")
STDIN: Final = "-"
_MARK: Final = "\ufeff"
_NAMING: Final = ("catalogue", "definition")
"""Kinds that name schemas."""


class UnknownKindError(Exception):
    """A file was named, and nothing tells what it is; the message is its name."""


def discover(  # noqa: PLR0913  as many as there are options
    places: Sequence[str],
    *,
    stdin: bytes = b"",
    stdin_name: str = "stdin.yaml",
    kind: Kind | None = None,
    exclude: Sequence[str] = (),
    gitignore: bool = True,
    only_told: bool = False,
    untold: list[str] | None = None,
) -> list[Target]:
    """Return all targets in order of their names, each once.

    Args:
        places: Folders, files, or `-` for standard input.
        stdin: What standard input held, where `-` is among the places.
        stdin_name: The name it goes by.
        kind: What every named file is; None to find out.
        exclude: Patterns of names to leave out below folders, e.g. `tests/*`; absolute
            ones hold from every folder.
        gitignore: Whether to leave out below folders what git ignores.
        only_told: Whether named files are taken like those of a folder: only where
            they are told to be ours.
        untold: Takes the names of named files that nothing tells the kind of; None to
            raise for the first.

    Raises:
        UnknownKindError: A named file is of no kind that is known.
    """
    found: dict[tuple[str, int], Target] = {}
    walk = Walk(tuple(exclude), gitignore=gitignore)
    for place in places:
        try:
            if place == STDIN:
                named = _file_named(stdin_name, None, stdin, kind, only_told=only_told)
            elif os.path.isdir(place):  # noqa: PTH112  (a Path would drop a leading ./)
                named = below(Path(place), kind, walk)
            else:
                named = _named(Path(place), kind, only_told=only_told)
        except UnknownKindError as error:
            if untold is None:
                raise
            untold.append(str(error))
            continue
        for target in named:
            # A page has several parts, each with the empty lines before it.
            part = len(target.data) - len(target.data.lstrip(b"\n"))
            # The same file may be named by its whole path, too.
            own = target.part or target.path or target.name
            whole = os.path.abspath(own)  # noqa: PTH100
            found.setdefault((whole, part), target)
    return sorted(found.values(), key=lambda target: target.name)


def below(
    folder: Path, kind: Kind | None, walk: Walk, known: Iterable[str] = ()
) -> Iterator[Target]:
    """Yield what is ours below a folder.

    Args:
        folder: The folder.
        kind: What every file is; None to find out.
        walk: How to go through it.
        known: Absolute paths of files that are not looked at.
    """
    if is_project(folder):
        yield Target(str(folder), "project", folder.absolute(), path=folder)
        return
    maybe: list[Target] = []
    named: list[bytes] = []
    for target in _all_below(folder, kind, walk, frozenset(known)):
        if kind is None and target.kind == "schema" and not _is_own(target):
            maybe.append(target)
            continue
        named += [target.data] if target.kind in _NAMING else []
        yield target
    for failed in walk.failed:
        reason = (failed.strerror or "unreadable").lower()
        yield _unreadable(Path(failed.filename), reason, kind or "config")
    if maybe:
        references = referred_to(named)
        yield from (t for t in maybe if schema_id(t.text) in references)


def _all_below(
    folder: Path, kind: Kind | None, walk: Walk, known: frozenset[str]
) -> Iterator[Target]:
    for path in walk.below(folder):
        if is_project(path):
            yield Target(str(path), "project", path.absolute(), path)
        elif path.suffix in SUFFIXES and str(path.absolute()) not in known:
            yield from _file(path, kind)


def _is_own(target: Target) -> bool:
    return bool(target.unread) or is_own_schema(Path(target.name), target.text)


def _unreadable(path: Path, reason: str, kind: Kind) -> Target:
    finding = finding_at(
        str(path), START, codes.UNREADABLE, f"the file cannot be read: {reason}"
    )
    folder = path.absolute().parent
    return Target(str(path), kind, folder, path, unread=(finding,), fixable=False)


def _named(file: Path, kind: Kind | None, *, only_told: bool) -> Iterable[Target]:
    try:
        data = read_regular(file, max_bytes=MAX_FILE_BYTES).data
    except UnreadableError as err:
        told = kind or kind_of(str(file), "", named=True) or "config"
        return [_unreadable(file, str(err), told)]
    return _file_named(str(file), file, data, kind, only_told=only_told)


def _file_named(
    name: str, file: Path | None, data: bytes, kind: Kind | None, *, only_told: bool
) -> Iterable[Target]:
    part = part_of_project(name, file, data) if kind in {None, "config"} else None
    if part is not None:
        return [part]
    found = list(_targets(name, file, data, kind, named=not only_told))
    if only_told:
        return [t for t in found if t.kind != "schema" or _is_own(t)]
    if not found and not name.endswith(".md"):
        raise UnknownKindError(name)
    return found


def _file(file: Path, kind: Kind | None) -> Iterator[Target]:
    try:
        data = read_regular(file, max_bytes=MAX_FILE_BYTES).data
    except UnreadableError as err:
        told = kind or kind_of(str(file), "", named=True)
        if told:
            yield _unreadable(file, str(err), told)
        return
    yield from _targets(str(file), file, data, kind, named=False)


def _targets(
    name: str, file: Path | None, data: bytes, kind: Kind | None, *, named: bool
) -> Iterator[Target]:
    text = data.decode("utf-8", "replace").removeprefix(_MARK)
    folder = (file or Path(name)).absolute().parent
    if name.endswith(".md"):
        import textwrap  # noqa: PLC0415  (only pages need it)

        for block in complete_blocks(text):
            plain = textwrap.dedent(block)
            told = kind or kind_of("", plain, named=True) or "config"
            yield Target(name, told, folder, data=block.encode(), fixable=False)
        return
    told = kind or kind_of(name, _readable(data, text), named=named)
    if told is None and not name.endswith(".json"):
        is_beside = lies_beside_catalogue(Path(name), "definitions")
        told = "definition" if is_beside else None
    if told is not None:
        yield Target(name, told, folder, file, data, fixable=file is not None)


def _readable(data: bytes, text: str) -> str:
    """Return a text in which keys can be looked for, also of UTF-16 and UTF-32."""
    encoding = wide_encoding(data)
    return data.decode(encoding, "replace") if encoding else text
