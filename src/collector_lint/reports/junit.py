"""Findings as a JUnit report: a suite for each file, a case for each finding.

A case failed where the run fails by it. A warning that does not fail it is a case that
was skipped, with its message: build servers count such cases apart and list them with
their messages, while they show nothing of a case that passed.

Some build servers refuse a report with attributes that their schema does not have, so
a case says in its text where the finding is, and the suite alone names the file.
Source: junit-10.xsd of Jenkins' xunit plugin.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Mapping

    from collector_lint.engine import Result
    from collector_lint.findings import Finding
    from collector_lint.rule import Rule

_NOT_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(result: Result, rules: Mapping[str, Rule]) -> str:
    """Return the report; a file without findings is one case that passed."""
    by_file: dict[str, list[Finding]] = defaultdict(list)
    for target in result.targets:
        by_file[target.name] = []
    for finding in result.findings:
        by_file[finding.file].append(finding)
    root = ET.Element("testsuites", name="collector lint")
    total = 0
    for name, findings in sorted(by_file.items()):
        shown = _xml(name)
        suite = ET.SubElement(root, "testsuite", name=shown, file=shown, errors="0")
        for finding in findings:
            fails = result.fails(finding)
            _case(suite, finding, rules.get(finding.code), fails=fails)
        if not findings:
            ET.SubElement(suite, "testcase", classname=shown, name="no findings")
        count = max(len(findings), 1)
        total += count
        suite.set("tests", str(count))
        failed = sum(map(result.fails, findings))
        suite.set("failures", str(failed))
        suite.set("skipped", str(len(findings) - failed))
    root.set("tests", str(total))
    root.set("failures", str(sum(map(result.fails, result.findings))))
    ET.indent(root)
    text: str = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _case(
    suite: ET.Element, finding: Finding, rule: Rule | None, *, fails: bool
) -> None:
    name = f"{finding.code} at {finding.line}:{finding.column}"
    label = f"{finding.code} {rule.name}" if rule else finding.code
    case = ET.SubElement(suite, "testcase", classname=_xml(finding.file), name=name)
    text = _xml(f"{label}\n{finding}")
    if fails:
        failure = ET.SubElement(
            case, "failure", type=finding.severity, message=_xml(finding.message)
        )
        failure.text = text
    else:
        message = _xml(f"{finding.severity}: {finding.message}")
        ET.SubElement(case, "skipped", message=message).text = text


def _xml(text: str) -> str:
    """Leave out what XML cannot hold, not even escaped."""
    return _NOT_XML.sub("\ufffd", text)
