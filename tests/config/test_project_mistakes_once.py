"""One mistake in a project's files is one finding, at the place to mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from collector_host.config.errors import ConfigFindingsError
from collector_host.config.project.sources import Sources, load_sources
from config.test_wrong_projects import DEFINED, USER, load, shown
from support.sdk_project import CONFIG, DEFINITIONS, SdkProject

if TYPE_CHECKING:
    from pathlib import Path

OUTPUT = "{type: console}"
STORE = "{type: filesystem, config: {directory_name: state}}"
SERVICES = DEFINITIONS.index("    services:")
MODULES = DEFINITIONS.index("        modules:")


def output(text: str) -> str:
    """Return the configuration with another output."""
    return CONFIG.replace(OUTPUT, text)


def settings(text: str) -> str:
    """Return the configuration with more settings of the collector."""
    return CONFIG.replace("  id: not_used\n", f"  id: a\n  {text}\n")


ONCE: dict[str, tuple[str, str, str]] = {
    # what is wrong: (file, its text, the beginning of its only error)
    "no YAML": (USER, "globals: [", "1:10: SY003 CollectorConfigurationException"),
    "empty": (USER, "", "1:1: SY008 CollectorConfigurationException [CODE:0008]"),
    "no mapping": (
        USER,
        "- a\n",
        (
            "1:1: PJ401 CollectorConfigurationException [CODE:0000] Error in"
            ' configuration, cause: "the file must be a mapping of globals, outputs,'
        ),
    ),
    "outputs as a list": (
        USER,
        CONFIG.replace("outputs:\n  console_1: {type: console}", "outputs: [a]"),
        "6:1: PJ401 CollectorConfigurationException [CODE:0000]",
    ),
    "output without type": (USER, output("{}"), "7:3: ST102 missing key type"),
    "output of no type": (
        USER,
        output("{type: }"),
        "7:21: ST104 CollectorConfigurationException [CODE:0014]",
    ),
    "output that is text": (USER, output("console"), "7:14: ST103 must be a mapping"),
    "output that is neither on nor off": (
        USER,
        output("{type: console, enabled: 'no'}"),
        "7:39: ST103 must be true or false",
    ),
    "settings of an output": (
        USER,
        output("{type: devo_platform, config: text}"),
        "7:44: ST103 must be a mapping, not text",
    ),
    "store that is text": (
        USER,
        CONFIG.replace(STORE, "filesystem"),
        "5:16: ST103 must be a mapping, not text",
    ),
    "store without a place": (
        USER,
        CONFIG.replace(STORE, "{type: redis}"),
        "5:3: ST102 missing key config",
    ),
    "store that is empty": (
        USER,
        CONFIG.replace(STORE, ""),
        "1:1: PJ401 SdkPersistenceConfigurationError[CODE:0084-30]",
    ),
    "queue of nothing": (
        USER,
        settings("queue_max_size_in_mb: 0"),
        "3:25: ST105 must be at least 1",
    ),
    "queue of no messages": (
        USER,
        settings("queue_max_size_in_messages: 0"),
        "3:31: ST105 must be at least 1",
    ),
    "wrap beyond bounds": (
        USER,
        settings("queue_wrap_max_size_in_messages: 10001"),
        "3:36: ST105 must be at most 500",
    ),
    "event beyond bounds": (
        USER,
        settings("max_event_bytes: 20000000"),
        "3:20: ST105 must be at most 16777216",
    ),
    "event beyond the queue": (
        USER,
        settings("queue_max_size_in_mb: 1\n  max_event_bytes: 2000000"),
        "4:20: CF309 max_event_bytes does not fit into queue_max_size_in_mb",
    ),
    "reference that leads nowhere": (
        USER,
        CONFIG.replace("test_collector", "'${file:absent}'"),
        "3:9: RF103 cannot read absent",
    ),
    "period that leads nowhere": (
        USER,
        CONFIG.replace(
            "apples:", "apples: {request_period_in_seconds: '${file:absent}'}"
        ),
        "13:43: RF103 cannot read absent",
    ),
    "input that is text": (
        USER,
        f"{CONFIG[: CONFIG.index('inputs:')]}inputs: {{fruit: text}}\n",
        (
            "8:10: PJ401 SdkInputInitializationError[CODE:0020-1040] input fruit is"
            " empty or no mapping"
        ),
    ),
    "services as a list": (
        USER,
        CONFIG.replace("services:\n      apples:", "services: [apples]"),
        (
            "12:5: PJ401 SdkInputThreadError[CODE:0024-50] No services found for input"
            " name: fruit (services: {name: {…}}, a mapping with one at least)"
        ),
    ),
    "service that is true": (
        USER,
        CONFIG.replace("apples:", "apples: on"),
        (
            "13:7: PJ401 CollectorConfigurationException [CODE:0000] Error in"
            ' configuration, cause: "service apples must be empty or a mapping"'
        ),
    ),
    "service that is a list": (
        USER,
        CONFIG.replace("apples:", "apples: [1]"),
        "13:7: PJ401 CollectorConfigurationException [CODE:0000]",
    ),
    "no definitions": (
        DEFINED,
        "",
        "1:1: SY008 SdkDefinitionsInitializationError[CODE:0002-03] not readable: ",
    ),
    "definitions as a list": (
        DEFINED,
        "- a\n",
        "1:1: PJ401 SdkManagementProcessInitializationError[CODE:1100]",
    ),
    "defined input that is text": (
        DEFINED,
        f"{DEFINITIONS.partition('  fruit:')[0]}  fruit: text\n",
        "4:3: PJ401 SdkInputThreadError[CODE:0024-50] no services found for input",
    ),
    "defined services as a list": (
        DEFINED,
        f"{DEFINITIONS[:SERVICES]}    services: [apples]\n",
        "8:5: PJ401 SdkInputThreadError[CODE:0024-50] no services found for input",
    ),
    "modules as a list": (
        DEFINED,
        f"{DEFINITIONS[:MODULES]}        modules: [ApplePuller]\n",
        "11:9: PJ401 SdkServiceInitializationError[CODE:0030-20] service apples has no",
    ),
}


@pytest.mark.parametrize("what", ONCE)
def test_mistake_is_said_once(what: str, tmp_path: Path) -> None:
    """Nothing that only follows from it is counted with it."""
    name, text, expected = ONCE[what]
    project = SdkProject(tmp_path)
    project.write(name, text)

    with pytest.raises(ConfigFindingsError, match=r"1 mistake in") as caught:
        load(project)

    errors = [one for one in caught.value.findings if one.severity == "error"]
    (line,) = shown(tuple(errors), tmp_path)
    assert line.startswith(f"{name}:{expected}"), line


@pytest.mark.parametrize(
    ("rest", "place", "cause"),
    [
        ("[]", "1:1", "the collector's file is empty or no mapping"),
        ("{}", "1:1", "the collector's file is empty or no mapping"),
        ('{"loggers": []}', "1:2", "loggers must be a list with one at least"),
        ('{"loggers": [5]}', "1:14", "each of loggers must be a mapping"),
    ],
)
def test_mistake_in_the_file_of_a_collector_server_is_said_once(
    tmp_path: Path, rest: str, place: str, cause: str
) -> None:
    """At its place in that file."""
    project = SdkProject(tmp_path)
    project.write("job.json", '{"fruit": {"id": "f1"}}')
    project.write("rest.json", rest)
    sources = Sources.of(tmp_path, whole=None, job="job.json", collector="rest.json")

    with pytest.raises(ConfigFindingsError) as caught:
        load_sources(sources)

    (line,) = shown(caught.value.findings, tmp_path)
    assert line.startswith(f"rest.json:{place}: PJ401 CollectorConfigurationException")
    assert f'[CODE:0011] Error in configuration, cause: "{cause}"' in line


def test_output_of_any_name_is_checked(tmp_path: Path) -> None:
    """The SDK takes any name, and none of them hides a mistake."""
    project = SdkProject(tmp_path)
    project.write(USER, CONFIG.replace("console_1: ", "'the console': "))
    free = load(project).config.outputs
    project.write(USER, CONFIG.replace("console_1: {type: console}", "'a b': {}"))

    with pytest.raises(ConfigFindingsError, match="ST102 missing key type"):
        load(project)

    assert [one.name for one in free] == ["the console"]
