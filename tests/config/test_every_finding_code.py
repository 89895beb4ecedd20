"""Each finding code is produced by a wrong file of the tests, and none is left over."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from collector_host.config import codes as host_codes
from collector_host.config.errors import ConfigFindingsError
from collector_lint import codes as lint_codes
from config.orchard_plugin import FOLDER, SCHEMAS, load_config

TABLE = Path(__file__).with_name("wrong_configurations.txt").read_text("utf-8")
IN_TABLE = set(re.findall(r"^\d+:\d+: ([A-Z]{2}\d{3}) ", TABLE, re.MULTILINE))

CATALOGUE = (FOLDER / "collector_definitions.yaml").read_text("utf-8")
APPLES = (FOLDER / "apples.yaml").read_text("utf-8")
CONFIG: Final = """
globals: {id: g1, name: collector}
outputs: {console_1: {type: console}}
inputs: {fruit: {id: f1, credentials: {token: t}, services: {apples: }}}
"""
SPLIT: Final = APPLES.replace(
    "      submodule_calculator_class: OrchardsCalculator\n", ""
)
RELAY: Final = CONFIG.replace(
    "console_1: {type: console}",
    "out_1: {type: relay, config: {address: relay.example, port: 13000}}",
)
FROM_FILE: Final = "{token: '${file:secret}'}"
MORE: dict[str, dict[str, str | bytes]] = {
    "SY001": {"config.yaml": b"#" * (2 * 1024 * 1024)},
    "SY002": {"config.yaml": CONFIG.encode("utf-16")},
    "SY004": {"config.yaml": "a: " + "[" * 60},
    "RF104": {"config.yaml": CONFIG.replace("{token: t}", FROM_FILE), "secret": "s\n"},
    "ST108": {
        "config.yaml": CONFIG.replace("name:", "queue_generate_metrics: true, name:")
    },
    "JS101": {"s.json": "{}"},
    "JS102": {"s.json": '{"$id": "urn:x", "type": 1}'},
    "JS103": {"s.json": '{"$id": "urn:x", "$ref": "#/absent"}'},
    "DF201": {"b.yaml": CATALOGUE},
    "DF202": {"b.yaml": APPLES.replace("input: fruit", "input: fru")},
    "DF203": {"b.yaml": APPLES},
    "DF204": {"a.yaml": APPLES.replace("schema:service:apples", "schema:x:apple")},
    "DF205": {
        "b.yaml": APPLES.partition("state_schema")[0].replace("apples\n", "pears\n", 1)
        + "like: aples\n"
    },
    "CF310": {
        "a.yaml": APPLES + "aliases: [malus]\n",
        "config.yaml": CONFIG.replace("apples:", "malus:"),
    },
    "CF328": {
        "a.yaml": SPLIT,
        "config.yaml": CONFIG.replace("apples:", "apples: {regions: [a, 1]}"),
    },
    "CF329": {
        "a.yaml": SPLIT,
        "config.yaml": CONFIG.replace("apples:", "apples: {regions: []}"),
    },
    "CF321": {"config.yaml": RELAY.replace("relay,", "devo_platform,")},
    "CF322": {"config.yaml": RELAY.replace("relay,", "syslog,")},
    "CF323": {"config.yaml": RELAY.replace("port:", "sending_retries: 5, port:")},
    "CF302": {
        "config.yaml": CONFIG.replace("apples:", "aples:"),
        # With a catch-all service, every name means it.
        "c.yaml": CATALOGUE.partition("services:")[0] + "services: {}\n",
    },
    "CF304": {
        "a.yaml": APPLES.replace(
            "  modules:", "  module_type_mandatory: true\n  modules:"
        )
    },
}
"""What each code that no configuration of the table shows is shown by."""


def _codes(*modules: object) -> set[str]:
    return {
        value
        for module in modules
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, str)
    }


def _found(folder: Path, changed: dict[str, str | bytes]) -> set[str]:
    files = {"config.yaml": CONFIG, "c.yaml": CATALOGUE, "a.yaml": APPLES, **changed}
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (folder / name).write_bytes(data)
        (folder / name).chmod(0o644)
    names = [folder / name for name in files if name != "config.yaml"]
    try:
        config = load_config(
            folder / "config.yaml",
            definitions=[name for name in names if name.suffix == ".yaml"],
            schemas=[*SCHEMAS, *(name for name in names if name.suffix == ".json")],
        )
    except ConfigFindingsError as error:
        return {finding.code for finding in error.findings}
    return {finding.code for finding in config.warnings}


@pytest.mark.parametrize("code", MORE)
def test_finding_code_is_produced(code: str, tmp_path: Path) -> None:
    """One wrong file for each."""
    assert code in _found(tmp_path, MORE[code])


def test_right_files_have_no_findings(tmp_path: Path) -> None:
    """What the wrong ones are made of is right."""
    assert _found(tmp_path, {}) == set()


def test_every_finding_code_is_shown_by_a_wrong_file() -> None:
    """A new code needs a new wrong file; a code that is gone leaves no row behind."""
    known = _codes(host_codes, lint_codes)

    assert IN_TABLE | set(MORE) == known
    assert not IN_TABLE & set(MORE)


def test_wrong_configurations_with_exact_messages_are_sixty_or_more() -> None:
    """Each section of the table names a place, a code and a message, or several."""
    sections = TABLE.split("=== ")[1:]
    findings = [section.partition("=>\n")[2].split("\n") for section in sections]
    form = re.compile(r"\d+:\d+: [A-Z]{2}\d{3} \S")

    assert len(sections) >= 60
    assert all(lines and form.match(lines[0]) for lines in findings)
    assert all(form.match(line) for lines in findings for line in lines if line)
