"""Reports for programs have the structure that those programs read."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from collector_lint.engine import Result
from collector_lint.findings import Finding
from collector_lint.plugins import Registry
from collector_lint.reports import PROGRAMS, render
from collector_lint.target import Target

RULES = Registry.own().rules
ODD = "a b,c:d%\x1b.yaml"
FINDINGS = (
    Finding(ODD, 3, 5, "$.a", "ST101", "error", "50 % <wrong>\nhere: a, b", "hint"),
    Finding("b.yaml", 1, 1, "$", "ST108", "warning", "idle"),
    Finding("b.yaml", 9, 1, "$", "ST108", "warning", "idle"),
    Finding("b.yaml", 9, 2, "$", "XX999", "warning", "of a rule that nobody offers"),
)
TARGETS = tuple(
    Target(name, "config", Path()) for name in (ODD, "b.yaml", "/srv/c.yaml")
)
RESULT = Result(FINDINGS, TARGETS, silenced=1, known=2, mended=3)


def test_json_holds_everything() -> None:
    """Findings with the name of their rule, and the counts."""
    report = json.loads(render("json", RESULT, RULES))

    assert report["format"] == 1
    assert [finding["line"] for finding in report["findings"]] == [3, 1, 9, 9]
    assert report["findings"][0]["name"] == "unknown-key"
    assert report["summary"] == {
        "files": 3,
        "errors": 1,
        "warnings": 3,
        "silenced": 1,
        "in_baseline": 2,
        "mended": 3,
    }


def test_sarif_has_what_the_standard_demands() -> None:
    """Properties that 2.1.0 requires, indexes that fit, unique fingerprints, URIs."""
    log = json.loads(render("sarif", RESULT, RULES))

    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-schema-2.1.0.json")
    [run] = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"]
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(ids) == len(set(ids))
    for rule in driver["rules"]:
        assert rule.keys() <= {
            *("id", "name", "shortDescription", "fullDescription", "help"),
            *("defaultConfiguration", "properties"),
        }
    prints = set[str]()
    for result, finding in zip(run["results"], FINDINGS, strict=True):
        assert ids[result["ruleIndex"]] == result["ruleId"] == finding.code
        assert result["level"] in {"none", "note", "warning", "error"}
        assert result["message"]["text"].startswith(finding.message)
        [location] = result["locations"]
        region = location["physicalLocation"]["region"]
        assert (region["startLine"], region["startColumn"]) == (
            finding.line,
            finding.column,
        )
        prints.update(result["partialFingerprints"].values())
    assert len(prints) == len(FINDINGS)
    uri = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert uri == {"uri": "a%20b%2Cc%3Ad%25%1B.yaml", "uriBaseId": "%SRCROOT%"}


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("x.yaml", "x.yaml"),
        ("./y/../x.yaml", "x.yaml"),
        ("../here/x.yaml", "x.yaml"),
        ("../x.yaml", None),
        ("/srv/./a b.yaml", None),
    ],
)
def test_sarif_addresses_can_be_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, inside: str | None
) -> None:
    """From the working folder what is in it, else from the root of the machine."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    finding = Finding(name, 1, 1, "$", "ST101", "error", "wrong")

    log = json.loads(render("sarif", Result((finding,), ()), RULES))

    [location] = log["runs"][0]["results"][0]["locations"]
    place = location["physicalLocation"]["artifactLocation"]
    if inside is not None:
        assert place == {"uri": inside, "uriBaseId": "%SRCROOT%"}
    else:
        other = "/srv/a%20b.yaml" if "srv" in name else f"{tmp_path}/x.yaml"
        assert place == {"uri": f"file://{other}"}


def test_sarif_doubles_braces_in_messages() -> None:
    """They would be placeholders, to be replaced by arguments that are not there."""
    finding = Finding("a.yaml", 1, 1, "$", "RF101", "error", "wrong {0}", "${NAME}")
    log = json.loads(render("sarif", Result((finding,), ()), RULES))

    [run] = log["runs"]
    assert run["results"][0]["message"] == {"text": "wrong {{0}} (${{NAME}})"}
    help_text = run["tool"]["driver"]["rules"][0]["help"]["text"]
    assert help_text.startswith("Write `${{NAME}}`")


@pytest.mark.parametrize("form", PROGRAMS)
def test_name_of_a_file_that_is_no_text_can_be_written(form: str) -> None:
    """A report is text, whatever bytes the file system holds."""
    name = "a\udcff/config.yaml"
    finding = Finding(name, 1, 1, "$", "ST101", "error", "wrong")

    report = render(form, Result((finding,), (Target(name, "config", Path()),)), RULES)

    assert report.encode("utf-8")
    if form == "sarif":
        assert '"uri": "a%FF/config.yaml"' in report


def test_sarif_fingerprints_stay_when_lines_move() -> None:
    """The same mistake further down is the same mistake."""

    def prints(line: int) -> object:
        finding = Finding("a.yaml", line, 1, "$.a", "ST101", "error", "wrong")
        log = json.loads(render("sarif", Result((finding,), ()), RULES))
        return log["runs"][0]["results"][0]["partialFingerprints"]

    assert prints(3) == prints(30)


@pytest.mark.parametrize(
    ("strict", "failed", "skipped"), [(False, [0, 1, 0], 3), (True, [0, 1, 3], 0)]
)
def test_junit_can_be_parsed_and_counts_right(
    *, strict: bool, failed: list[int], skipped: int
) -> None:
    """A suite for each file; only what lets the run fail is a failure."""
    report = render("junit", replace(RESULT, strict=strict), RULES)
    root = ET.fromstring(report)  # noqa: S314  (our own)

    suites = {suite.get("name"): suite for suite in root}
    assert root.get("tests") == "5"
    assert root.get("failures") == str(sum(failed))
    assert sum(int(suite.get("skipped", "")) for suite in root) == skipped
    assert root.keys() == ["name", "tests", "failures"]
    assert suites.keys() == {"a b,c:d%\ufffd.yaml", "b.yaml", "/srv/c.yaml"}
    assert [len(suite.findall("testcase/failure")) for suite in root] == failed
    for suite in root:
        assert suite.get("tests") == str(len(suite.findall("testcase")))
        for name, found in (("failures", "failure"), ("skipped", "skipped")):
            assert suite.get(name) == str(len(suite.findall(f"testcase/{found}")))
    assert {suite.get("file") for suite in root} == suites.keys()
    for case in root.iter("testcase"):
        assert case.keys() == ["classname", "name"]
    failure = suites["a b,c:d%\ufffd.yaml"].find("testcase/failure")
    assert failure is not None
    assert failure.get("type") == "error"
    assert "unknown-key" in str(failure.text)
    if not strict:
        passed = suites["b.yaml"].find("testcase/skipped")
        assert passed is not None
        assert passed.get("message") == "warning: idle"


def test_github_annotations_are_escaped() -> None:
    """One line each, whatever stands in names and messages."""
    lines = render("github", RESULT, RULES).splitlines()

    assert len(lines) == len(FINDINGS)
    assert lines[0] == (
        "::error file=a b%2Cc%3Ad%25\x1b.yaml,line=3,col=5,title=ST101 unknown-key::"
        "50 %25 <wrong>%0Ahere: a, b (hint)"
    )
    assert lines[1].startswith("::warning file=b.yaml,line=1,col=1,")


@pytest.mark.parametrize("form", PROGRAMS)
def test_nothing_found_is_a_whole_report_too(form: str) -> None:
    """Programs get what they can parse, not an empty file where that is an error."""
    text = render(form, Result((), ()), RULES)

    if form in {"json", "sarif"}:
        assert json.loads(text)
    elif form == "junit":
        assert len(ET.fromstring(text)) == 0  # noqa: S314  (our own)
    else:
        assert text == ""
