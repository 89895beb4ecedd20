"""From what a user names (folders, files, standard input) to targets.

In a folder only what is told to be ours is taken; a file that was named is always
taken. It parses nothing.
"""

from __future__ import annotations

import fnmatch
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from collector_lint import codes
from collector_lint.document import START, finding_at
from collector_lint.files import MAX_FILE_BYTES, UnreadableError, read_regular, utf16_of
from collector_lint.kinds import kind_of
from collector_lint.markdown import complete_blocks
from collector_lint.target import Target

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from collector_lint.rule import Kind

SUFFIXES: Final = (".yaml", ".yml", ".json", ".md")
STDIN: Final = "-"
_SKIPPED: Final = frozenset({"node_modules", "__pycache__", "build", "dist", "venv"})
_PROJECT_FILES: Final = {
    "config": frozenset(
        {"config.yaml", "config.json", "job_config.json", "collector_config.json"}
    ),
    "config_internal": frozenset({"collector_definitions.yaml"}),
}
"""Files of a project by their folder, which are looked at together."""
_MARK: Final = "\ufeff"


class UnknownKindError(Exception):
    """A file was named, and nothing tells what it is; the message is its name."""


def discover(
    places: Sequence[str],
    *,
    stdin: bytes = b"",
    stdin_name: str = "stdin.yaml",
    kind: Kind | None = None,
    exclude: Sequence[str] = (),
) -> list[Target]:
    """Return all targets in order of their names, each once.

    Args:
        places: Folders, files, or `-` for standard input.
        stdin: What standard input held, where `-` is among the places.
        stdin_name: The name it goes by.
        kind: What every named file is; None to find out.
        exclude: Patterns of names to leave out below folders, e.g. `tests/*`; absolute
            ones hold from every folder.

    Raises:
        UnknownKindError: A named file is of no kind that is known.
    """
    found: dict[tuple[str, int], Target] = {}
    for place in places:
        if place == STDIN:
            named = _targets(stdin_name, None, stdin, kind, named=True)
        elif os.path.isdir(place):  # noqa: PTH112  (a Path would drop a leading ./)
            named = _below(Path(place), kind, exclude)
        else:
            named = _file(Path(place), kind, named=True)
        for target in named:
            # A page has several parts, each with the empty lines before it.
            part = len(target.data) - len(target.data.lstrip(b"\n"))
            # The same file may be named by its whole path, too.
            whole = os.path.abspath(target.path or target.name)  # noqa: PTH100
            found.setdefault((whole, part), target)
    return sorted(found.values(), key=lambda target: target.name)


def _below(folder: Path, kind: Kind | None, exclude: Sequence[str]) -> Iterator[Target]:
    if is_project(folder):
        yield Target(str(folder), "project", folder.absolute(), path=folder)
        return
    failed: list[OSError] = []
    for above, folders, files in os.walk(folder, onerror=failed.append):
        here = Path(above)
        for name in sorted(folders):
            if is_project(here / name) and not _is_left_out(here / name, exclude):
                yield Target(
                    str(here / name), "project", (here / name).absolute(), here / name
                )
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".")
            and name not in _SKIPPED
            and not is_project(here / name)
            and not _is_left_out(here / name, exclude)
        )
        for name in sorted(files):
            file = here / name
            if file.suffix in SUFFIXES and not _is_left_out(file, exclude):
                yield from _file(file, kind, named=False)
    for error in failed:
        reason = (error.strerror or "unreadable").lower()
        yield _unreadable(Path(error.filename), reason, kind or "config")


def _unreadable(path: Path, reason: str, kind: Kind) -> Target:
    finding = finding_at(
        str(path), START, codes.UNREADABLE, f"the file cannot be read: {reason}"
    )
    folder = path.absolute().parent
    return Target(str(path), kind, folder, path, unread=(finding,), fixable=False)


def is_project(folder: Path) -> bool:
    """Tell whether a folder is laid out for the Devo Collector SDK."""
    return (folder / "config_internal" / "collector_definitions.yaml").is_file()


def _project_of(file: Path) -> Target | None:
    """Return the project whose configuration or definitions a file is, or None.

    Alone it would be taken for one of the host's own form, which asks for more.
    """
    folder = file.absolute().parent
    names = _PROJECT_FILES.get(folder.name, frozenset())
    if file.name not in names or not is_project(folder.parent):
        return None
    name = os.path.normpath(file.parent / "..")
    return Target(name, "project", folder.parent, path=Path(name))


def _is_left_out(path: Path, exclude: Iterable[str]) -> bool:
    name, whole = path.as_posix(), os.path.abspath(path)  # noqa: PTH100
    # Patterns of a settings file are absolute.
    return any(
        fnmatch.fnmatch(whole if each.startswith("/") else name, each)
        for each in exclude
    )


def _file(file: Path, kind: Kind | None, *, named: bool) -> Iterator[Target]:
    project = _project_of(file) if kind is None else None
    if project is not None:
        yield project
        return
    try:
        data = read_regular(file, max_bytes=MAX_FILE_BYTES).data
    except UnreadableError as err:
        told = kind or kind_of(str(file), "", named=True)
        if told or named:
            yield _unreadable(file, str(err), told or "config")
        return
    yield from _targets(str(file), file, data, kind, named=named)


def _targets(
    name: str, file: Path | None, data: bytes, kind: Kind | None, *, named: bool
) -> Iterator[Target]:
    text = data.decode("utf-8", "replace").removeprefix(_MARK)
    folder = (file or Path(name)).absolute().parent
    if name.endswith(".md"):
        import textwrap  # noqa: PLC0415  (only pages need it)

        for block in complete_blocks(text):
            plain = textwrap.dedent(block)
            told = kind or kind_of("", plain, named=False) or "config"
            yield Target(name, told, folder, data=block.encode(), fixable=False)
        return
    told = kind or kind_of(name, _readable(data, text), named=named)
    if told is None:
        if named:
            raise UnknownKindError(name)
        return
    yield Target(name, told, folder, file, data, fixable=file is not None)


def _readable(data: bytes, text: str) -> str:
    """Return a text in which keys can be looked for, also where it is UTF-16."""
    encoding = utf16_of(data)
    return data.decode(encoding, "replace") if encoding else text
