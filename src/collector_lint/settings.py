"""The settings: `collector-lint.toml`, or `[tool.collector-lint]` of pyproject.toml.

The file is looked for in the working folder and above it; the nearest one counts,
alone. Names in it start from its own folder. The command line wins over it.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from collector_lint.files import MAX_FILE_BYTES, UnreadableError, read_regular
from collector_lint.names import suggestion
from collector_lint.options import Options, UsageError
from collector_lint.selection import Selection, UnknownRuleError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from collector_lint.rule import Rule

OWN: Final = "collector-lint.toml"
SHARED: Final = "pyproject.toml"
_TABLE: Final = "collector-lint"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a settings file says.

    Attributes:
        file: The file.
        text: Its text.
        given: Its settings by name, of the right types.
    """

    file: Path
    text: str = field(repr=False)
    given: Mapping[str, Any]

    def mistake(self, name: str, message: str) -> UsageError:
        """Return the error for a setting, with its place."""
        table = self.text.find(_TABLE) if self.file.name == SHARED else 0
        key = re.escape(name)
        where = re.compile(rf'^[ \t]*(?:\[.*)?["\']?{key}["\']?\s*[=\].]', re.MULTILINE)
        match = where.search(self.text, max(table, 0))
        line = f":{self.text.count(chr(10), 0, match.start()) + 1}" if match else ""
        return UsageError(f"{self.file}{line}: {name}: {message}")

    def absolute(self, name: str) -> str:
        """Return a name or pattern as one that holds from every folder."""
        import glob  # noqa: PLC0415  (only where there is a settings file)

        name = name.removeprefix("./")
        return os.path.join(glob.escape(str(self.file.parent)), name)  # noqa: PTH118


def find_settings(folder: Path) -> Settings | None:
    """Return the settings that hold in a folder, or None.

    Raises:
        UsageError: There are some, with a mistake; the message says where.
    """
    for place in (folder, *folder.parents):
        for name in (OWN, SHARED):
            file = place / name
            if file.is_file():
                found = _read(file)
                if found is not None:
                    return found
    return None


def _read(file: Path) -> Settings | None:
    try:
        data = read_regular(file, max_bytes=MAX_FILE_BYTES).data
    except UnreadableError as error:
        message = f"{file}: {error}"
        raise UsageError(message) from error
    # Most projects' files say nothing of us, and need not be parsed.
    if file.name == SHARED and _TABLE.encode() not in data:
        return None
    import tomllib  # noqa: PLC0415

    try:
        text = data.decode("utf-8")
        content: object = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        message = f"{file}: {_reason(error)}"
        raise UsageError(message) from error
    if file.name == SHARED:
        content = _entry(_entry(content, "tool"), _TABLE)
    return None if content is None else _checked(file, text, content)


def _entry(table: object, name: str) -> object:
    return (
        cast("dict[str, object]", table).get(name) if isinstance(table, dict) else None
    )


def _checked(file: Path, text: str, content: object) -> Settings:
    if not isinstance(content, dict):
        raise Settings(file, text, {}).mistake(_TABLE, "must be a table")
    settings = Settings(file, text, cast("dict[str, Any]", content))
    for name, value in settings.given.items():
        if name not in _FORMS:
            near = suggestion(name, _FORMS) or f"; known: {', '.join(_FORMS)}"
            raise settings.mistake(name, f"unknown setting{near}")
        is_right, form = _FORMS[name]
        if not is_right(value):
            raise settings.mistake(name, f"must be {form}")
    return settings


def _reason(error: ValueError) -> str:
    return "not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(each, str) for each in cast("list[object]", value)
    )


def _is_table_of_texts(value: object) -> bool:
    return isinstance(value, dict) and all(
        _is_texts(each) for each in cast("dict[str, object]", value).values()
    )


_FORMS: Final[Mapping[str, tuple[Callable[[object], bool], str]]] = {
    "select": (_is_texts, "a list of texts"),
    "ignore": (_is_texts, "a list of texts"),
    "exclude": (_is_texts, "a list of texts"),
    "per-file-ignores": (_is_table_of_texts, "a table of lists of texts"),
    "baseline": (lambda value: isinstance(value, str), "a text"),
    "strict": (lambda value: isinstance(value, bool), "true or false"),
}


def applied(options: Options, settings: Settings, rules: Mapping[str, Rule]) -> Options:
    """Return options with the settings where the command line says nothing.

    Raises:
        UsageError: A setting names a rule that is not there.
    """
    given = settings.given
    for name, texts in _rules_named(given):
        try:
            Selection(ignore=tuple(texts)).chosen(rules)
        except UnknownRuleError as error:
            raise settings.mistake(name, f"there is no rule {error}") from error
    chosen = options.selection
    if not chosen.select:
        # Whoever selects on the command line means just that.
        select = tuple(given.get("select", ()))
        ignore = chosen.ignore or tuple(given.get("ignore", ()))
        chosen = replace(chosen, select=select, ignore=ignore)
    baseline = options.baseline
    if baseline is None and "baseline" in given:
        named: str = given["baseline"]
        baseline = Path(os.path.relpath(settings.file.parent / named))
    excluded = tuple(settings.absolute(each) for each in given.get("exclude", ()))
    strict = given.get("strict") if options.strict is None else options.strict
    return replace(
        options,
        selection=chosen,
        baseline=baseline,
        exclude=options.exclude or excluded,
        strict=strict,
        per_file_ignores=tuple(
            (settings.absolute(pattern), _ids(names, rules))
            for pattern, names in given.get("per-file-ignores", {}).items()
        ),
    )


def _rules_named(given: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    per_file: Mapping[str, list[str]] = given.get("per-file-ignores", {})
    both: list[tuple[str, list[str]]] = [
        (name, given.get(name, [])) for name in ("select", "ignore")
    ]
    return [*both, *per_file.items()]


def _ids(names: list[str], rules: Mapping[str, Rule]) -> frozenset[str]:
    return (
        Selection(select=tuple(names), here=True).chosen(rules)
        if names
        else frozenset()
    )
