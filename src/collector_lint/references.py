"""Resolves `${NAME}`, `${NAME:-default}` and `${file:path}` in a document's values.

    ${NAME}            the environment variable; not set is a finding
    ${NAME:-default}   the default when the variable is not set or empty
    ${file:path}       the file's text without one line end at its end, 64 KiB at most;
                       a relative path starts at the document's folder
    $$                 a dollar sign

An unquoted value that is exactly one reference is read again by YAML's rules for
unquoted values (`port: ${PORT:-443}` is a number); in any other place the result is
text. Keys are never resolved, and neither is what a reference stands for.

A file that every user may read is only a warning: Docker and Kubernetes mount secrets
that way by default. It knows nothing of schemas; values never appear in findings.
"""

from __future__ import annotations

import re
import stat
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from collector_lint import codes
from collector_lint.document import UNKNOWN, DataPath, Document, map_leaves
from collector_lint.files import UnreadableError, read_regular
from collector_lint.findings import Finding, shown_key, tidy
from collector_lint.scalars import oddity
from collector_lint.yaml_scalars import plain_value

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MAX_SECRET_BYTES: Final = 64 * 1024
"""Largest file a reference may name."""

_REFERENCE = re.compile(r"\$\$|\$\{(?P<body>[^{}]*)\}|\$\{")
_LINE_END = re.compile(r"\r?\n\Z")
_VARIABLE = re.compile(
    r"(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?P<default>.*))?", re.ASCII | re.DOTALL
)


def resolve(
    document: Document, *, environment: Mapping[str, str], folder: Path
) -> tuple[Document, tuple[Finding, ...]]:
    """Return the document with every reference replaced, and what went wrong.

    A value that could not be resolved becomes `UNKNOWN`, so that no later check
    concludes anything from it, and counts as damaged, so that none complains about it
    a second time.

    Args:
        document: What was loaded.
        environment: Variables references may name.
        folder: Where relative paths of `${file:...}` start.
    """
    resolver = _Resolver(document, environment, folder)
    data = map_leaves(document.data, resolver.leaf)
    damaged = document.damaged | resolver.damaged
    return replace(document, data=data, damaged=damaged), tidy(resolver.findings)


class _Resolver:
    def __init__(
        self, document: Document, environment: Mapping[str, str], folder: Path
    ) -> None:
        self._document = document
        self._environment = environment
        self._folder = folder
        self.findings: list[Finding] = []
        self.damaged: set[DataPath] = set()

    def leaf(self, path: DataPath, value: object) -> object:
        if not isinstance(value, str) or "$" not in value:
            return value
        text = _REFERENCE.sub(lambda match: self._replacement(path, match), value)
        if path in self.damaged:
            return UNKNOWN
        whole = _REFERENCE.fullmatch(value)
        if whole and whole["body"] is not None and path in self._document.plain:
            return self._checked(path, plain_value(text))
        return self._checked(path, text)

    def _checked(self, path: DataPath, value: object) -> object:
        if reason := oddity(value):
            self._refuse(path, codes.SCALAR, f"{reason}, after its references")
            return UNKNOWN
        return value

    def _replacement(self, path: DataPath, match: re.Match[str]) -> str:
        if match[0] == "$$":
            return "$"
        body = match["body"]
        if body is not None and body.startswith("file:"):
            return self._file(path, body.removeprefix("file:"))
        variable = _VARIABLE.fullmatch(body) if body is not None else None
        if variable is None:
            message = "not a reference: ${NAME}, ${NAME:-default} or ${file:path}"
            self._refuse(path, codes.REFERENCE_SYNTAX, message, "write $$ for a dollar")
            return ""
        return self._variable(path, variable["name"], variable["default"])

    def _variable(self, path: DataPath, name: str, default: str | None) -> str:
        value = self._environment.get(name)
        if default is not None:
            return value or default
        if value is None:
            message = f"environment variable {shown_key(name)} is not set"
            hint = f"set it, or give a default: ${{{shown_key(name)}:-default}}"
            self._refuse(path, codes.REFERENCE_MISSING, message, hint)
            return ""
        return value

    def _file(self, path: DataPath, name: str) -> str:
        file = self._folder / name
        try:
            content = read_regular(file, max_bytes=MAX_SECRET_BYTES)
            text = content.data.decode("utf-8")
        except UnreadableError as err:
            self._refuse(path, codes.REFERENCE_FILE, f"cannot read {file}: {err}")
            return ""
        except UnicodeDecodeError:
            self._refuse(path, codes.REFERENCE_FILE, f"{file} is not UTF-8 text")
            return ""
        if content.mode & stat.S_IROTH:
            self._warn_exposed(path, file)
        return _LINE_END.sub("", text)

    def _warn_exposed(self, path: DataPath, file: Path) -> None:
        message = f"every user of this machine may read {file}"
        finding = self._document.finding(
            path,
            codes.REFERENCE_EXPOSED,
            message,
            hint="chmod o-r",
            severity="warning",
        )
        self.findings.append(finding)

    def _refuse(self, path: DataPath, code: str, message: str, hint: str = "") -> None:
        self.damaged.add(path)
        finding = self._document.finding(path, code, message, hint=hint)
        self.findings.append(finding)
