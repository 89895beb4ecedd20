"""One mistake, one finding: leaves out what another finding at the same place says.

Several checks look at the same value: the general schema, one of a plugin, a rule.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from collector_lint import codes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from collector_lint.findings import Finding

_OTHER_BASE: Final = "SY012"
_RELATION: Final = "CF309"
"""What is said of two values together."""
_UNRESOLVED: Final = frozenset(
    {codes.REFERENCE_SYNTAX, codes.REFERENCE_MISSING, codes.REFERENCE_FILE}
)
_TYPE: Final = codes.WRONG_TYPE
_BY_ITSELF: Final = frozenset({_TYPE, codes.NOT_ALLOWED, codes.OUT_OF_RANGE})
EMPTY: Final = "must not be empty"
QUOTES: Final = "write it in quotes"
_CLEARER: Final = {
    "CF328": _TYPE,  # the forms of submodules
    "CF329": codes.OUT_OF_RANGE,  # what no submodule at all means
    "LN001": "LN002",  # a comment that cannot silence anything does not
}
"""What is said in clearer words, and the code that says it in general ones."""
_BY_TYPE: Final = frozenset(
    {codes.NOT_ALLOWED, codes.OUT_OF_RANGE, codes.WRONG_FORM, _OTHER_BASE}
)
"""What is said of a value whose type is wrong is no news."""


def once(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings without those that say again what others say.

    Two uses of one anchor are one mistake: the anchor is the place of both.

    Args:
        findings: In any order.
    """
    places: dict[tuple[str, int, int], list[Finding]] = defaultdict(list)
    for finding in sorted(set(findings)):
        places[finding.file, finding.line, finding.column].append(finding)
    return [each for group in places.values() for each in _of_place(group)]


def _of_place(group: list[Finding]) -> Iterable[Finding]:
    if len(group) == 1:
        return group
    said: dict[tuple[str, str, str], Finding] = {}
    for finding in group:
        # Much that is not about one value is put at the start of a file.
        is_start = (finding.line, finding.column) == (1, 1)
        key = (finding.code, finding.message, finding.path if is_start else "")
        known = said.get(key)
        if known is None or len(known.hint) < len(finding.hint):
            said[key] = finding
    left = list(said.values())
    types = {each.hint: each for each in reversed(left) if each.code == _TYPE}
    left = [each for each in left if each.code != _TYPE or types[each.hint] is each]
    clearer = _clearer(left)
    hidden = _hidden(left) | {_CLEARER[code] for code in clearer}
    graver = {each.code for each in left if each.severity == "error"}
    return [
        # What must not start must not start in clearer words either.
        replace(each, severity="error")
        if each.code in clearer and _CLEARER[each.code] in graver
        else each
        for each in left
        if each.code not in hidden
    ]


def _clearer(findings: list[Finding]) -> frozenset[str]:
    """Return the codes that say what another one at the same place says again."""
    here = {each.code for each in findings}
    others = {
        each.code
        for each in findings
        if each.code == codes.OUT_OF_RANGE and each.message != EMPTY
    }
    return frozenset(
        code
        for code, general in _CLEARER.items()
        if code in here and general in here - others
    )


def _hidden(findings: list[Finding]) -> frozenset[str]:
    """Return the codes of what others at the same place say better."""
    here = frozenset(each.code for each in findings)
    if here & _UNRESOLVED:  # nobody knows the value; its key may be wrong all the same
        return here - _UNRESOLVED - {codes.UNKNOWN_KEY}
    found = _hidden_by_value(findings, here)
    return found | {_RELATION} if here & _BY_ITSELF else found


def _hidden_by_value(findings: list[Finding], here: frozenset[str]) -> frozenset[str]:
    if _TYPE in here:
        # Values that are allowed tell their type, too, unless quotes are all it needs.
        mends = {each.hint for each in findings if each.code == _TYPE}
        is_listed = codes.NOT_ALLOWED in here and QUOTES not in mends
        return (_BY_TYPE | {_TYPE}) - {codes.NOT_ALLOWED} if is_listed else _BY_TYPE
    if _OTHER_BASE in here:
        return here - {_OTHER_BASE}
    if any(each.message == EMPTY for each in findings):
        return frozenset({codes.WRONG_FORM, codes.NOT_ALLOWED})
    return frozenset()
