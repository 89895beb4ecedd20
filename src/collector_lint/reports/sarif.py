"""Findings as a log of SARIF 2.1.0, which code hosts and editors read.

Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote_from_bytes

from collector_lint.document import Position
from collector_lint.mending.offers import Ends

if TYPE_CHECKING:
    from collections.abc import Mapping

    from collector_lint.engine import Result
    from collector_lint.findings import Finding
    from collector_lint.rule import Rule

SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
    "sarif-schema-2.1.0.json"
)
_DISTRIBUTION: Final = "alibaba-audit-collector"


def render(result: Result, rules: Mapping[str, Rule]) -> str:
    """Return a log with one run; every rule that found something is described."""
    used = sorted({finding.code for finding in result.findings})
    index = {code: place for place, code in enumerate(used)}
    seen: Counter[str] = Counter()
    ends = Ends(result)
    run = {
        "tool": {
            "driver": {
                "name": "collector lint",
                "version": metadata.version(_DISTRIBUTION),
                "rules": [_rule(code, rules.get(code)) for code in used],
            }
        },
        # Columns are counted in characters, as SARIF calls it here.
        "columnKind": "unicodeCodePoints",
        "results": [
            {**_result(each, index, seen, ends), **_fixes(each, result, rules)}
            for each in result.findings
        ],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2) + "\n"


def _rule(code: str, rule: Rule | None) -> dict[str, Any]:
    if rule is None:
        return {"id": code}
    return {
        "id": code,
        "name": "".join(part.capitalize() for part in rule.name.split("-")),
        "shortDescription": _message(rule.what),
        "fullDescription": _message(f"{rule.what} {rule.why}"),
        # There is no published address that a helpUri could lead to.
        "help": _message(rule.mend),
        "defaultConfiguration": {"level": rule.severity},
        "properties": {"tags": [rule.group]},
    }


def _result(
    finding: Finding, index: Mapping[str, int], seen: Counter[str], ends: Ends
) -> dict[str, Any]:
    text = f"{finding.message} ({finding.hint})" if finding.hint else finding.message
    return {
        "ruleId": finding.code,
        "ruleIndex": index[finding.code],
        "level": finding.severity,
        "message": _message(text),
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": _location(finding.file),
                    "region": _region(
                        Position(finding.line, finding.column), ends.of(finding)
                    ),
                },
                "logicalLocations": [{"fullyQualifiedName": finding.path}],
            }
        ],
        "partialFingerprints": {"dataPath/v1": _fingerprint(finding, seen)},
    }


def _region(start: Position, end: Position | None) -> dict[str, int]:
    region = {"startLine": start.line, "startColumn": start.column}
    return {**region, "endLine": end.line, "endColumn": end.column} if end else region


def _fixes(
    finding: Finding, result: Result, rules: Mapping[str, Rule]
) -> dict[str, Any]:
    offer = result.offers.get(finding)
    if not offer:
        return {}
    replacements = [
        {
            "deletedRegion": _region(each.start, each.end),
            "insertedContent": {"text": each.text},
        }
        for each in offer
    ]
    change = {
        "artifactLocation": _location(finding.file),
        "replacements": replacements,
    }
    text = _message(rules[finding.code].mend)
    return {"fixes": [{"description": text, "artifactChanges": [change]}]}


def _location(name: str) -> dict[str, str]:
    """Return where a file is: below the working folder, or else on this machine.

    Whoever reads the log knows where its sources lie; what is elsewhere, and names
    with `..`, could not be found from there.
    """
    path = os.path.abspath(name)  # noqa: PTH100  (a Path would keep the ..)
    if Path(path).is_relative_to(Path.cwd()):
        # Bytes, because a name need not be UTF-8.
        inside = os.fsencode(os.path.relpath(path))
        return {"uri": quote_from_bytes(inside), "uriBaseId": "%SRCROOT%"}
    return {"uri": Path(path).as_uri()}


def _message(text: str) -> dict[str, str]:
    """Return a text as a message: braces would be placeholders (3.11.5)."""
    return {"text": text.replace("{", "{{").replace("}", "}}")}


def _fingerprint(finding: Finding, seen: Counter[str]) -> str:
    """Return what stays the same when lines move; equal findings are counted."""
    # However a file was named, the finding is the same.
    file = os.path.normpath(finding.file)
    parts = f"{finding.code}\n{file}\n{finding.path}"
    seen[parts] += 1
    text = f"{parts}\n{seen[parts]}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
