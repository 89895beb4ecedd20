"""Lines that are indented as none of their neighbours."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from collector_lint.diagnosis.trouble import KEY, Diagnosis, blanks

if TYPE_CHECKING:
    from collector_lint.diagnosis.trouble import Trouble

_PROBLEMS = ("mapping values", "expected key", "expected '-'")


def fits_no_level(trouble: Trouble) -> Diagnosis | None:
    """A line is indented by a number of blanks that no open level has."""
    above = _above(trouble)
    if above is None:
        return None
    line, given = trouble.line, trouble.indent(trouble.line)
    levels = _levels(trouble)
    if given in levels:
        return None
    wanted = trouble.indent(above)
    if given > wanted:
        return _deeper(trouble, above)
    message = f"indented by {blanks(given)}"
    below = next(trouble.below(line), None)
    opener = KEY.match(trouble.lines[line])
    # What is below a key without a value may be its children.
    is_leaf = opener is None or bool(opener["value"].strip())
    if is_leaf and below is not None and trouble.indent(below) == wanted:
        message += f"; its neighbours have {wanted}"
    else:
        near = sorted(levels, key=lambda level: abs(level - given))[:2]
        message += f"; the lines above have {' or '.join(map(str, sorted(near)))}"
    hint = "give it as many blanks as the others of its level"
    return Diagnosis(trouble.start(line) + given, message, hint)


def before_the_first(trouble: Trouble) -> Diagnosis | None:
    """A line has fewer blanks than the first one."""
    if "document start" not in trouble.problem or not trouble.is_first:
        return None
    first = next(trouble.below(0))
    given, wanted = trouble.indent(trouble.line), trouble.indent(first)
    if given >= wanted:
        return None
    message = f"indented by {blanks(wanted)}, line {trouble.line} by {given}"
    hint = "give keys of one level the same number of blanks"
    return Diagnosis(trouble.start(first), message, hint)


def mixed(trouble: Trouble) -> Diagnosis | None:
    """Keys and entries of a list stand in the same level."""
    above = _above(trouble)
    if above is None or "expected" not in trouble.problem:
        return None
    is_entry = trouble.behind.startswith("- ")
    if is_entry and "block mapping" in trouble.context:
        message = "an entry of a list stands among keys"
    elif not is_entry and "block collection" in trouble.context:
        message = "a key stands among the entries of a list"
    else:
        return None
    hint = "a level holds either keys or entries with a dash: indent it otherwise"
    return Diagnosis(trouble.at, message, hint)


def _above(trouble: Trouble) -> int | None:
    """Return the line above, where the trouble is with a line's beginning."""
    if trouble.brackets or not any(each in trouble.problem for each in _PROBLEMS):
        return None
    begins_here = trouble.is_first
    if "mapping values" in trouble.problem:
        begins_here = KEY.match(trouble.lines[trouble.line]) is not None
    return next(trouble.above(trouble.line), None) if begins_here else None


def _levels(trouble: Trouble) -> set[int]:
    """Return the numbers of blanks of the levels that are open above a line."""
    levels: set[int] = set()
    for line in trouble.above(trouble.line):
        indent = trouble.indent(line)
        if not levels or indent < min(levels):
            levels.add(indent)
    return levels


def _deeper(trouble: Trouble, above: int) -> Diagnosis | None:
    """A line is deeper than the one above, which has a value and so no room for it."""
    opener = KEY.match(trouble.lines[above])
    if opener is None or not opener["value"].strip():
        return None
    line, given, wanted = (
        trouble.line,
        trouble.indent(trouble.line),
        trouble.indent(above),
    )
    odd, other = line, above
    if _is_rarer(trouble, wanted, given):
        odd, other = above, line
    message = (
        f"indented by {blanks(trouble.indent(odd))}, line {other} by "
        f"{trouble.indent(other)}: line {above} has a value, so nothing can be below it"
    )
    hint = "give keys of one level the same number of blanks"
    return Diagnosis(trouble.start(odd) + trouble.indent(odd), message, hint)


def _is_rarer(trouble: Trouble, one: int, other: int) -> bool:
    """Tell whether only one line of the file has the first number of blanks."""
    lines = range(1, len(trouble.lines) + 1)
    found = Counter(trouble.indent(n) for n in lines if trouble.has_content(n))
    return found[one] == 1 and found[other] > 1
