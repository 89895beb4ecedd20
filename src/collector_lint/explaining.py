"""One rule explained, and all rules listed: on a terminal, in a pipe, as a page.

All from the texts that each rule carries.
"""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Final

from collector_lint.reports.folding import folded
from collector_lint.rule import GROUPS
from collector_lint.selection import UnknownRuleError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from collector_lint.reports.text import Piece
    from collector_lint.rule import Examples, Rule

_SHOWN_LINES: Final = 30
_SHORT: Final = 6
"""Longest example that the page shows whole."""
_NEAR: Final = 2
_WIDE: Final = 110
"""From this many columns on, a rule's text fits beside its name."""
_PEM: Final = re.compile(
    r"(-----BEGIN [A-Z ]+-----\n)((?:[A-Za-z0-9+/=]+\n)+)(?=-----END )"
)
_TITLES: Final = {
    "syntax": "Syntax and hostile input",
    "references": "References",
    "structure": "Structure",
    "schemas": "Schemas",
    "catalogue": "Catalogues and definitions",
    "config": "Configurations of users",
    "state": "State files",
    "project": "Projects of the Devo Collector SDK",
    "linter": "The linter itself",
}
_HEAD: Final = """\
# Rules of the linter

This page is made from the rules: `make docs` writes it again.
`collector lint --explain ST101` shows one of them in the terminal.
[Linting](linting.md) tells how to use them.

A rule marked "here" depends on the machine and is asked for with `--here`.
One marked "fix" is mended by `--fix`.
"""


def told(
    wanted: str | None, rules: Mapping[str, Rule], columns: int | None = None
) -> Iterator[Piece]:
    """Return one rule explained, or the rules that begin so or are of that group.

    Args:
        wanted: A rule's identifier or name, the beginning of one identifier or more,
            or a group; None for all rules.
        rules: Every rule by its identifier.
        columns: How wide the terminal is; None where nothing has to fit.

    Raises:
        UnknownRuleError: No rule is meant.
    """
    if wanted is None:
        return listed(rules.values(), columns)
    for rule in rules.values():
        if wanted.upper() == rule.id or wanted == rule.name:
            return explained(rule, columns)
    members = [
        rule
        for rule in rules.values()
        if wanted and (rule.id.startswith(wanted.upper()) or rule.group == wanted)
    ]
    if not members:
        raise UnknownRuleError(wanted)
    return listed(members, columns)


def explained(rule: Rule, columns: int | None = None) -> Iterator[Piece]:
    """Yield the text of `--explain`."""
    head = f"{rule.id} {rule.name}"
    marks = f"  ({', '.join(_marks(rule))})"
    yield head, "bold"
    yield f"{folded(head, marks, 2, columns)}\n\n", "dim"
    yield f"{folded('', rule.what, 0, columns)}\n\n", ""
    for title, text in (("Why", rule.why), ("What to do", rule.mend)):
        yield f"{title}\n", "bold"
        yield f"  {folded('  ', text, 2, columns)}\n\n", ""
    for title, files, style in (
        ("Bad", rule.bad, "red"),
        ("Good", rule.good, "green"),
    ):
        yield f"{title}\n", f"bold {style}"
        for name, text in files.items():
            yield f"  {name}\n", "dim"
            for line in shown_example(text):
                yield f"  | {line}\n", ""
        yield "\n", ""


def _marks(rule: Rule) -> list[str]:
    marks = [rule.severity, *rule.kinds]
    return marks + ["here"] * rule.machine + ["fix"] * (rule.fix is not None)


def shown_example(text: str) -> list[str]:
    """Return the lines of an example: what cannot be seen is written out.

    Of certificates and keys only the end is shown: nobody reads more, and programs
    that look for lost keys would find the rest.
    """
    text = _PEM.sub(lambda pem: f"{pem[1]}…{pem[2].strip()[-8:]}\n", text)
    lines = [
        "".join(
            c if c.isprintable() or c == "\t" else f"<U+{ord(c):04X}>" for c in line
        )
        for line in text.removesuffix("\n").split("\n")
    ]
    wide = [line if len(line) <= 100 else f"{line[:60]}…" for line in lines]  # noqa: PLR2004  (a width)
    if len(wide) > _SHOWN_LINES:
        return [*wide[:3], f"… {len(wide) - 3} more lines"]
    return wide


def listed(rules: Iterable[Rule], columns: int | None = None) -> Iterator[Piece]:
    """Yield one line for each rule, on a terminal more where it is narrow."""
    for rule in rules:
        marks = " ".join(["here"] * rule.machine + ["fix"] * (rule.fix is not None))
        yield f"{rule.id}  ", "bold"
        name = f"{rule.severity:<7}  {rule.name:<32}"
        what = f"{rule.what}{f'  [{marks}]' if marks else ''}"
        if columns is None or columns >= _WIDE:
            yield f"{name}  ", ""
            head = f"{rule.id}  {name}  "
        else:
            head = " " * len(f"{rule.id}  ")
            yield f"{name.rstrip()}\n{head}", ""
        yield f"{folded(head, what, len(head), columns)}\n", ""


def page(rules: Mapping[str, Rule]) -> str:
    """Return docs/rules.md."""
    parts = [_HEAD]
    for group in GROUPS:
        members = [rule for rule in rules.values() if rule.group == group]
        if members:
            parts.append(f"\n## {_TITLES[group]}\n")
            parts += [_section(rule) for rule in members]
    return "".join(parts)


def _section(rule: Rule) -> str:
    return (
        f"\n### {rule.id}\n\n"
        f"`{rule.name}` ({', '.join(_marks(rule))})\n\n"
        f"{rule.what}\n\n{rule.why}\n\n**What to do:** {rule.mend}\n"
        f"\nBad:\n{_blocks(rule.bad, rule.good)}"
        f"\nGood:\n{_blocks(rule.good, rule.bad)}"
    )


def _blocks(files: Examples, others: Examples) -> str:
    blocks = "".join(
        f"\n```text\n# {name}\n" + "\n".join(_part(text, others.get(name))) + "\n```\n"
        for name, text in files.items()
        if text != others.get(name) or len(files) == 1
    )
    missing = ", ".join(name for name in others if name not in files)
    return blocks or f"\n```text\n# without {missing}\n```\n"


def _part(text: str, other: str | None) -> list[str]:
    """Return the lines of an example near what differs from the other example."""
    lines = shown_example(text)
    if other is None:
        return lines
    beside = shown_example(other)
    matcher = difflib.SequenceMatcher(None, lines, beside, autojunk=False)
    changed = [(i, j) for tag, i, j, _, _ in matcher.get_opcodes() if tag != "equal"]
    kept = {n for i, j in changed for n in range(i - _NEAR, max(j, i + 1) + _NEAR)}
    if not kept or len(lines) <= _SHORT:
        return lines
    shown: list[str] = []
    for number, line in enumerate(lines):
        if number in kept:
            shown.append(line)
        elif not shown or shown[-1] != "…":
            shown.append("…")
    return shown
