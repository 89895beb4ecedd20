"""What a module of a project is built from is checked when the files are read.

Where it was not, a thread found out: an ERROR in the log of a run that had begun.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from collector_host.config.errors import ConfigFindingsError
from collector_host.config.project.blocks import module_blocks
from collector_host.config.project.dump import masked
from collector_host.errors import PluginError
from collector_host.linting.project_checks import check_project
from collector_host.runtime.project_classes import class_mistakes
from collector_lint.target import Target
from collector_lint.workspace import Workspace
from config.test_wrong_projects import DEFINED, USER, load, shown
from devocollectorsdk.legacy.collector_puller_abstract import (
    CollectorPullerAbstract as OlderPuller,
)
from support.sdk_project import CONFIG, DEFINITIONS, SdkProject

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 6, 1, tzinfo=UTC)
UNCREATED = "PJ401 SdkServiceInitializationError[CODE:0030-30] "
LIMIT = (
    f"{UNCREATED}a request limit is {{period: <n><s|m|h|d|w|M|y>, number_of_requests:"
    " <n, or -1 for none>}"
)
PERIOD = f"{UNCREATED}request_period_in_seconds must be a number of seconds from 1"
MODULE = "            request_period_in_seconds: 1\n"
GLOBALS = "collector_globals:\n"
INPUT = "  fruit:\n"


def service(settings: str) -> tuple[str, str]:
    """Give the user's service settings."""
    return USER, CONFIG.replace("apples:", f"apples: {settings}")


def source(line: str) -> tuple[str, str]:
    """Give the user's input a line."""
    return USER, CONFIG.replace("    id: f1\n", f"    id: f1\n    {line}\n")


def defined(above: str, line: str) -> tuple[str, str]:
    """Give the definitions a line below another one."""
    return DEFINED, DEFINITIONS.replace(above, f"{above}{line}\n", 1)


WRONG: dict[str, tuple[tuple[str, str], list[str]]] = {
    "limit of the collector": (
        defined(GLOBALS, "  requests_limits: {period: 1x, number_of_requests: 1}"),
        [f"2:20: {LIMIT}"],
    ),
    "limits of an input's thread": (
        defined(INPUT, "    input_thread_globals: {requests_limits: [{period: 1s}]}"),
        [f"5:46: {LIMIT}"],
    ),
    "limits of a service's thread": (
        defined(INPUT, "    service_thread_globals: {requests_limits: [5]}"),
        [f"5:48: {LIMIT}"],
    ),
    "limits of a module": (
        defined(MODULE, "            requests_limits: text"),
        [f"17:30: {LIMIT}"],
    ),
    "limits of the user's input": (
        source("requests_limits: [{period: 1s, number_of_requests: 0}]"),
        [f"11:23: {LIMIT}"],
    ),
    "every limit of the user's service": (
        service("{requests_limits: [{period: soon}, {period: 1s}]}"),
        [f"13:34: {LIMIT}", f"13:50: {LIMIT}"],
    ),
    "period of a service": (
        service("{request_period_in_seconds: often}"),
        [f"13:43: {PERIOD}"],
    ),
    "period of a module": (
        (DEFINED, DEFINITIONS.replace(MODULE, MODULE.replace("1", "0.5"))),
        [f"16:40: {PERIOD}"],
    ),
    "period of an input's modules": (
        (
            DEFINED,
            DEFINITIONS.replace(MODULE, "").replace(
                INPUT,
                f"{INPUT}    module_globals: {{request_period_in_seconds: often}}\n",
            ),
        ),
        [f"5:49: {PERIOD}"],
    ),
    "period of the input process": (
        defined(GLOBALS, "  input_process_execution_periods_in_seconds: soon"),
        [
            (
                "2:47: PJ401 input_process_execution_periods_in_seconds must be a"
                " number of seconds above 0"
            )
        ],
    ),
    "period of the output process": (
        defined(GLOBALS, "  output_process_execution_periods_in_seconds: 0"),
        [
            (
                "2:48: PJ401 output_process_execution_periods_in_seconds must be a"
                " number of seconds above 0"
            )
        ],
    ),
    "period of setups": (
        source("autoconfig: {refresh_interval_in_seconds: soon}"),
        [
            (
                f"11:47: {UNCREATED}refresh_interval_in_seconds must be a number of"
                " seconds above 0"
            )
        ],
    ),
    "autoconfig": (
        source("autoconfig: true"),
        [f"11:17: {UNCREATED}autoconfig must be a mapping"],
    ),
    "thread": (
        defined(INPUT, "    input_thread_globals: text"),
        [f"5:27: {UNCREATED}input_thread_globals must be a mapping"],
    ),
    "properties": (
        defined(MODULE, "            module_properties: [text]"),
        [f"17:32: {UNCREATED}module_properties must be a mapping"],
    ),
    "every mask of the user": (
        service(
            "{obfuscation_data: [{value: 5}, {name: [a], string_patterns: ['(']}]}"
        ),
        [
            (
                "13:35: PJ401 SdkObfuscationError[CODE:0007-1203] entry 1 needs a name:"
                " a list of keys, `*` for any"
            ),
            (
                "13:47: PJ401 SdkObfuscationError[CODE:0007-1202] entry 2 has a string"
                " pattern that is no regular expression, at character 1"
            ),
        ],
    ),
    "masks of a module": (
        defined(MODULE, "            obfuscation_data: {name: [a]}"),
        [
            (
                "17:31: PJ401 SdkObfuscationError[CODE:0007-1203] the entries are a"
                " list, not dict"
            )
        ],
    ),
    "name of a class": (
        (DEFINED, DEFINITIONS.replace("AppleSetup", "[AppleSetup]")),
        [f"15:26: {UNCREATED}setup_class must be the name of a class"],
    ),
    "name of the parts": (
        defined(MODULE, "            submodules_property: [trees]"),
        [
            (
                f"17:34: {UNCREATED}submodules_property must be the name of a setting"
                " of the service"
            )
        ],
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_mistake_is_found_while_the_files_are_read(what: str, tmp_path: Path) -> None:
    """Once, at its place, by what starts a project and by the linter."""
    (name, text), expected = WRONG[what]
    project = SdkProject(tmp_path)
    project.write(name, text)

    with pytest.raises(ConfigFindingsError) as caught:
        load(project)

    assert shown(caught.value.findings, tmp_path) == [
        f"{name}:{line}" for line in expected
    ]
    target = Target("orchard", "project", tmp_path)
    linted = check_project(target, Workspace([target], {}, NOW))
    assert [(one.line, one.message) for one in linted] == [
        (one.line, one.message) for one in caught.value.findings
    ]


def test_mistake_in_what_two_modules_share_is_said_once(tmp_path: Path) -> None:
    """However many would fail for it."""
    project = SdkProject(tmp_path)
    project.write(USER, CONFIG + "      pears:\n")
    project.write(*defined(GLOBALS, "  requests_limits: [5]"))

    with pytest.raises(ConfigFindingsError, match=r"1 mistake in"):
        load(project)


def test_parts_that_mix_texts_and_mappings_are_refused(tmp_path: Path) -> None:
    """Where the user lists them."""
    project = SdkProject(tmp_path)
    project.write(*service("{trees: [a, {b: 1}]}"))
    project.write(*defined(MODULE, "            submodules_property: trees"))

    with pytest.raises(ConfigFindingsError) as caught:
        load(project)

    assert shown(caught.value.findings, tmp_path) == [
        (
            f"{USER}:13:27: CF328 this entry has another form: submodules are either"
            " all texts or all mappings of one key (the Devo Collector SDK calls this"
            " SdkServiceInitializationError[CODE:0030-10])"
        )
    ]


@pytest.mark.parametrize(
    ("user", "definitions"),
    [
        # The user's limits of an input replace those of its thread.
        (
            source("requests_limits: [{period: 1s, number_of_requests: 1}]"),
            defined(INPUT, "    input_thread_globals: {requests_limits: [5]}"),
        ),
        # The last period wins.
        (
            service("{request_period_in_seconds: 60}"),
            (DEFINED, DEFINITIONS.replace(MODULE, MODULE.replace("1", "often"))),
        ),
        # What is not enabled is not looked at.
        (
            service("{enabled: false, requests_limits: 5}\n      pears:"),
            (DEFINED, DEFINITIONS),
        ),
        # More than anybody can count is no limit.
        (
            service(
                f"{{requests_limits: [{{period: 1s, number_of_requests: {'9' * 30}}}]}}"
            ),
            (DEFINED, DEFINITIONS),
        ),
        # Blocks with nothing in them.
        (
            source("autoconfig:"),
            defined(INPUT, "    input_thread_globals:\n    service_thread_globals:"),
        ),
        # A hint that is the module's business, except in the older layout.
        (source("requests_per_second: fast"), (DEFINED, DEFINITIONS)),
    ],
)
def test_what_would_run_is_accepted(
    tmp_path: Path, user: tuple[str, str], definitions: tuple[str, str]
) -> None:
    """Only what a module would be built from is checked."""
    project = SdkProject(tmp_path)
    project.write(*user)
    project.write(*definitions)

    assert load(project).config.warnings == ()


@pytest.mark.parametrize(
    ("given", "instead", "expected"),
    [
        (
            "[inputs, fruit, credentials, password]",
            "5",
            "7:11: PJ401 SdkObfuscationError[CODE:0007-1203] entry 1 needs a name",
        ),
        (
            ', value: "****"',
            ", string_patterns: [5]",
            (
                "7:11: PJ401 SdkObfuscationError[CODE:0007-1202] entry 1 has a string"
                " pattern that is no text"
            ),
        ),
        (
            "      key_value_entries:",
            "      mask_values: [text]\n      key_value_entries:",
            "6:7: PJ401 mask_values must be a mapping: it masks nothing",
        ),
        (
            "        - {name:",
            "        x: {name:",
            "7:9: PJ401 SdkObfuscationError[CODE:0007-1203] the entries are a list",
        ),
    ],
)
def test_dump_that_cannot_be_masked_as_asked_is_a_warning(
    tmp_path: Path, given: str, instead: str, expected: str
) -> None:
    """The genuine host starts; and what sounds like a secret is masked all the same."""
    project = SdkProject(tmp_path)
    project.write(*source("credentials: {password: canary}"))
    project.write(DEFINED, DEFINITIONS.replace(given, instead))

    settings = load(project)

    (line,) = shown(settings.config.warnings, tmp_path)
    assert line.startswith(f"{DEFINED}:{expected}")
    assert "canary" not in str(masked(settings.data, settings.catalogue))


def test_name_of_a_mask_may_be_one_key(tmp_path: Path) -> None:
    """As for events; and one pattern needs no list."""
    project = SdkProject(tmp_path)
    entry = "{name: globals, string_patterns: ^not_(used)$}"
    project.write(
        DEFINED,
        DEFINITIONS.replace(
            "        - {name:", f"        - {entry}\n        - {{name:"
        ),
    )

    settings = load(project)

    shown_globals = masked(settings.data, settings.catalogue)["globals"]
    assert shown_globals["id"] == "not_****SANITIZED****"


class Classes:
    """Has two classes, the puller in the older layout or not."""

    def __init__(self, puller: type = object) -> None:
        self._known: dict[str, type] = {"ApplePuller": puller, "AppleSetup": object}

    def puller(self, class_name: str) -> type:
        """Return a class, or raise as a project does."""
        if class_name in self._known:
            return self._known[class_name]
        message = f"agent.modules has no class {class_name}"
        raise PluginError(message, hint="import it")

    setup = calculator = puller


def found(project: SdkProject, classes: Classes) -> list[str]:
    """Return what is wrong with the classes of a project."""
    settings = load(project)
    blocks = module_blocks(settings.document, *settings.definitions)
    findings = [each for one in blocks for each in class_mistakes(one, classes)]
    return shown(tuple(findings), project.folder)


def test_every_missing_class_is_found_where_it_is_named(tmp_path: Path) -> None:
    """A puller at its key, the others at their values."""
    project = SdkProject(tmp_path)
    missing = DEFINITIONS.replace("ApplePuller", "PearPuller").replace(
        "AppleSetup", "PearSetup\n            submodule_calculator_class: Pears"
    )
    project.write(DEFINED, missing)

    assert found(project, Classes()) == [
        f"{DEFINED}:12:11: PJ408 agent.modules has no class PearPuller (import it)",
        f"{DEFINED}:15:26: PJ408 agent.modules has no class PearSetup (import it)",
        f"{DEFINED}:16:41: PJ408 agent.modules has no class Pears (import it)",
    ]


@pytest.mark.parametrize(
    ("user", "definitions", "expected"),
    [
        (source("requests_per_second: fast"), "", f"{USER}:11:26: "),
        (service("{requests_per_second: 0}"), "", f"{USER}:13:37: "),
        (
            (USER, CONFIG),
            "    module_globals: {requests_per_second: -2}",
            f"{DEFINED}:5:43: ",
        ),
    ],
)
def test_requests_per_second_is_a_limit_in_the_older_layout(
    tmp_path: Path, user: tuple[str, str], definitions: str, expected: str
) -> None:
    """There a puller cannot be built from what is no number above zero."""
    project = SdkProject(tmp_path)
    project.write(*user)
    project.write(DEFINED, DEFINITIONS.replace(INPUT, f"{INPUT}{definitions}\n"))

    (line,) = found(project, Classes(OlderPuller))

    message = "requests_per_second must be a number above zero, or -1 for no limit"
    assert line == f"{expected}{UNCREATED}{message}"
    assert found(project, Classes()) == []
