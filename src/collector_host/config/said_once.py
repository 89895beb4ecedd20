"""Leaves out what follows from another finding: one mistake is one finding.

Checks know nothing of each other, so several may stumble over the same value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from collector_host.config import codes
from collector_lint import codes as lint_codes
from collector_lint.findings import tidy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from collector_lint.findings import Finding

_UNRESOLVED: Final = frozenset(
    {
        lint_codes.REFERENCE_SYNTAX,
        lint_codes.REFERENCE_MISSING,
        lint_codes.REFERENCE_FILE,
    }
)
_BESIDE_UNRESOLVED: Final = _UNRESOLVED | {lint_codes.UNKNOWN_KEY}
_OF_ITSELF: Final = frozenset(
    {lint_codes.WRONG_TYPE, lint_codes.NOT_ALLOWED, lint_codes.OUT_OF_RANGE}
)


def said_once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings in order, without those that another one makes needless.

    A value that could not be resolved has no other mistake, only its key may; what is
    allowed tells the type, too; one that is wrong by itself stands in no wrong relation
    to others; and the same words about the same value are said once, whatever the hint.
    """
    found = tidy(findings)
    unresolved = _places(found, _UNRESOLVED)
    listed = _places(found, {lint_codes.NOT_ALLOWED})
    wrong = _places(found, _OF_ITSELF)
    kept: dict[tuple[object, ...], Finding] = {}
    for one in found:
        place = _place(one)
        if (
            (place in unresolved and one.code not in _BESIDE_UNRESOLVED)
            or (place in listed and one.code == lint_codes.WRONG_TYPE)
            or (place in wrong and one.code == codes.LIMITS)
        ):
            continue
        kept.setdefault((*place, one.line, one.code, one.message), one)
    return tuple(kept.values())


def _places(findings: Iterable[Finding], wanted: Iterable[str]) -> set[tuple[str, str]]:
    return {_place(one) for one in findings if one.code in wanted}


def _place(finding: Finding) -> tuple[str, str]:
    return finding.file, finding.path
