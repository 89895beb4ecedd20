"""Which rules a run looks for. It knows no rule by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from collector_lint.rule import Rule


class UnknownRuleError(Exception):
    """Nothing has this identifier or prefix; the message is what was given."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What a user asks for.

    Attributes:
        select: Identifiers, names or prefixes to look for; empty for all.
        ignore: Identifiers, names or prefixes to leave out; the longer of two that
            both fit counts.
        here: Whether rules that depend on the machine are looked for, too.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    here: bool = False

    def chosen(self, rules: Mapping[str, Rule]) -> frozenset[str]:
        """Return the identifiers of the rules that are looked for.

        Raises:
            UnknownRuleError: Something given fits no rule.
        """
        for text in (*self.select, *self.ignore):
            if not any(_fits(text, rule) for rule in rules.values()):
                raise UnknownRuleError(text)
        return frozenset(rule.id for rule in rules.values() if self._is_chosen(rule))

    def _is_chosen(self, rule: Rule) -> bool:
        wanted = _longest(self.select, rule) if self.select else 0
        unwanted = _longest(self.ignore, rule)
        if wanted < 0 or unwanted >= max(wanted, 0):
            return False
        return self.here or not rule.machine or wanted >= len(rule.id)


def _fits(text: str, rule: Rule) -> bool:
    return rule.id.startswith(text) or rule.name == text


def _longest(texts: Iterable[str], rule: Rule) -> int:
    """Return the length of the longest text that fits a rule, or -1."""
    lengths = (
        len(rule.id) if text == rule.name else len(text)
        for text in texts
        if _fits(text, rule)
    )
    return max(lengths, default=-1)
