"""What is described by files with mistakes: known by its name, and no more.

Such a file has findings. That nothing describes what it describes does not follow from
them, so nothing that rests on it is called unknown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, cast

from collector_lint.files import MAX_FILE_BYTES, UnreadableError, read_regular

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from collector_lint.document import Document

_NAMES: Final = re.compile(
    r"^[\"']?(input|service)[\"']?[ \t]*:[ \t]*[\"']?([\w.-]+)", re.MULTILINE
)
_KEYS: Final = ("input", "service")


@dataclass(slots=True)
class Unusable:
    """Names from files with mistakes.

    Attributes:
        inputs: Whether a catalogue is among them: it may describe any input.
        services: Input and name of services; None stands for one that has no name.
    """

    inputs: bool = False
    services: set[tuple[str | None, str | None]] = field(
        default_factory=set[tuple[str | None, str | None]]
    )

    def add(
        self,
        file: Path,
        document: Document | None,
        *,
        is_definition: Callable[[Document], bool],
    ) -> None:
        """Remember what a file describes.

        Args:
            file: The file.
            document: What could be read of it.
            is_definition: Tells definitions from catalogues.
        """
        if document is not None and is_definition(document):
            self.add_definition(document.mapping(()))
            return
        names = {} if document is not None else _names(file)
        if names:
            self.add_definition(names)
        else:
            self.inputs = True

    def add_definition(self, about: Mapping[str, object]) -> None:
        """Remember the service of a definition, by all its names."""
        given = about.get("aliases")
        aliases = cast("list[object]", given) if isinstance(given, list) else []
        owner, name = (_text(about.get(key)) for key in _KEYS)
        self.services.update((owner, _text(each)) for each in (name, *aliases))

    def has_service(self, owner: str, name: str) -> bool:
        """Tell whether a service of an input may be among them."""
        known = {(a, b) for a in (owner, None) for b in (name, None)}
        return not known.isdisjoint(self.services)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _names(file: Path) -> dict[str, str]:
    """Return input and service of a definition that cannot be parsed."""
    try:
        data = read_regular(file, max_bytes=MAX_FILE_BYTES).data
    except UnreadableError:
        return {}
    return dict(_NAMES.findall(data.decode("utf-8", "replace")))
