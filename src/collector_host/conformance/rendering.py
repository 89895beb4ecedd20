"""A report as text: rich on a terminal, plain where it is piped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.markup import escape

from collector_host.conformance.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_host.conformance.report import Finding, Report

_COLOURS: Final = {"error": "bold red", "warning": "yellow", "note": "cyan"}
_MARKS: Final = {"kept": "[green]kept[/]", "broken": "[bold red]broken[/]"}


def lines(report: Report, *, every_rule: bool = False) -> Iterator[str]:
    """Yield the lines of a report, with the marks that rich understands.

    Args:
        report: What to show.
        every_rule: Whether each rule has a line of its own, kept ones, too.
    """
    yield f"[bold]{escape(report.target)}[/]"
    for finding in report.findings:
        yield ""
        yield from _finding(finding)
    yield ""
    if every_rule:
        for rule, text in RULES.items():
            verdict = report.verdict(rule)
            yield f"{rule} {_MARKS.get(verdict, verdict)}: {text.title}"
    reasons: dict[str, list[str]] = {}
    for rule, why in report.not_judged.items():
        if why != "not asked for" and rule not in report.broken:
            reasons.setdefault(why, []).append(rule)
    for why, rules in reasons.items():
        yield f"[dim]not judged, {escape(why)}: {' '.join(rules)}[/]"
    for note in report.notes:
        yield f"[dim]note: {escape(note)}[/]"
    yield from _summary(report)


def rule_lines() -> Iterator[str]:
    """Yield what every rule says."""
    for rule in RULES.values():
        colour = _COLOURS[rule.severity]
        yield f"[bold]{rule.id}[/] [{colour}]{rule.severity}[/] {rule.title}"
        yield f"      {rule.why}"
        yield f"      {rule.mend}"


def _finding(finding: Finding) -> Iterator[str]:
    rule = RULES[finding.rule]
    colour = _COLOURS[rule.severity]
    word = "not so" if rule.severity == "note" else "broken"
    yield f"[{colour}]{rule.severity} {rule.id}[/] [bold]{word}: {rule.title}[/]"
    if finding.module:
        yield f"  module: {escape(finding.module)}"
    yield f"  seen:   {escape(finding.seen)}"
    for each in finding.evidence:
        yield f"          {escape(each)}"
    yield f"  why:    {rule.why}"
    yield f"  mend:   {rule.mend}"


def _summary(report: Report) -> Iterator[str]:
    figures = report.figures
    counts = ", ".join(f"{name.replace('_', ' ')} {n}" for name, n in figures.items())
    if counts:
        yield f"[dim]{counts}[/]"
    verdicts = [report.verdict(rule) for rule in RULES]
    kept, broken = verdicts.count("kept"), verdicts.count("broken")
    noted, open_ = verdicts.count("noted"), verdicts.count("not judged")
    word = "[green]ok[/]" if report.passed else "[bold red]FAILED[/]"
    yield (
        f"{word} {kept} rules kept, {broken} broken, {noted} noted, {open_} not judged"
    )
