"""What is wrong with a project's files is found before anything starts.

Each mistake has its place in the file and the SDK's own code.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from collector_host.config.errors import ConfigFindingsError
from collector_host.config.project import codes
from collector_host.config.project.loading import ProjectConfig, load_project
from collector_host.config.project.sources import Sources, load_sources
from support.sdk_project import CONFIG, DEFINITIONS, SdkProject

if TYPE_CHECKING:
    from collector_lint.findings import Finding

USER = "config/config.yaml"
DEFINED = "config_internal/collector_definitions.yaml"
NO_CUSTOM = DEFINITIONS.partition("      custom_service:")[0]

WRONG: dict[str, tuple[str, str, str]] = {
    # what is wrong: (file, its text, the finding)
    "no globals": (
        USER,
        CONFIG.partition("outputs:")[0].replace("globals", "globs")
        + CONFIG[CONFIG.index("outputs:") :],
        (
            "1:1: PJ401 CollectorConfigurationException [CODE:0000]"
            " Error in configuration,"
            ' cause: "globals is missing, empty or no mapping"'
        ),
    ),
    "switch that is no switch": (
        USER,
        CONFIG.replace("    enabled: true", '    enabled: "true"'),
        (
            "11:5: PJ401 CollectorConfigurationException [CODE:0000]"
            " Error in configuration,"
            ' cause: "enabled must be true or false"'
        ),
    ),
    "no id": (
        USER,
        CONFIG.replace("  id: not_used\n", ""),
        (
            "1:1: PJ401 SdkPersistenceConfigurationError[CODE:0084-10]"
            " globals.id is missing"
        ),
    ),
    "no name": (
        USER,
        CONFIG.replace("  name: test_collector\n", ""),
        (
            "1:1: PJ401 SdkPersistenceConfigurationError[CODE:0084-20]"
            " globals.name is missing"
        ),
    ),
    "no persistence": (
        USER,
        CONFIG.replace("  persistence: {type: filesystem, config: ", "  x: {y: "),
        (
            "1:1: PJ401 SdkPersistenceConfigurationError[CODE:0084-30]"
            " globals.persistence is missing"
            " (persistence: {type: filesystem, config: {directory_name: state}})"
        ),
    ),
    "bad name": (
        USER,
        CONFIG.replace("test_collector", "öl"),
        (
            "3:9: PJ401 CollectorConfigurationException [CODE:0013]"
            " Error in configuration,"
            ' cause: "the name of the collector has characters that are not allowed"'
            " (use letters, digits, `_` and `-`)"
        ),
    ),
    "queue too large": (
        USER,
        CONFIG.replace("  id: not_used", "  id: a\n  queue_max_size_in_mb: 5121"),
        (
            "3:25: ST105 must be at most 5120 (Most memory the delivery queue may hold,"
            " in MiB; a full queue makes pullers wait.)"
        ),
    ),
    "wrap too large": (
        USER,
        CONFIG.replace("  id: not_used", "  id: a\n  queue_max_size_in_messages: 100"),
        (
            "3:31: CF309 queue_wrap_max_size_in_messages must be less than"
            " queue_max_size_in_messages (defaults are 100 and 10000)"
        ),
    ),
    "output type": (
        USER,
        CONFIG.replace("{type: console}", "{type: terminal}"),
        "7:21: ST104 CollectorConfigurationException [CODE:0014]",
    ),
    "input unknown": (
        USER,
        CONFIG.replace("  fruit:", "  fruits:"),
        (
            "9:3: PJ401 SdkInputInitializationError[CODE:0020-1030] No"
            " input definitions"
            " found for input name: fruits; did you mean fruit?"
        ),
    ),
    "input empty": (
        USER,
        CONFIG.partition("    id: f1")[0],
        "9:3: PJ401 SdkInputInitializationError[CODE:0020-1040] input fruit is empty",
    ),
    "no services": (
        USER,
        CONFIG.partition("    services:")[0],
        (
            "9:3: PJ401 SdkInputThreadError[CODE:0024-50]"
            " No services found for input name: fruit"
        ),
    ),
    "types no list": (
        USER,
        CONFIG.replace("apples:", "apples: {types: apples}"),
        (
            "13:16: PJ401 SdkServiceInitializationError[CODE:0030-01]"
            " types must be a list (types: [type_1])"
        ),
    ),
    "no type of them": (
        USER,
        CONFIG.replace("apples:", "apples: {types: []}"),
        (
            "13:7: PJ401 SdkServiceInitializationError[CODE:0030-20]"
            " no module would run (name some in types: apples)"
        ),
    ),
    "types mandatory": (
        DEFINED,
        DEFINITIONS.replace(
            "        modules:\n          ApplePuller:\n",
            "        module_type_mandatory: true\n"
            "        modules:\n          ApplePuller:\n",
        ),
        (
            "13:7: PJ401 SdkServiceInitializationError[CODE:0030-101]"
            " types is mandatory for this service (name some in types: apples)"
        ),
    ),
    "service unknown": (
        DEFINED,
        NO_CUSTOM.replace("apples:", "apple:"),
        (
            "13:7: PJ401 SdkInputThreadError[CODE:0024-51] No service"
            " definitions found for"
            " service name: apples; did you mean apple?"
        ),
    ),
    "service without type": (
        DEFINED,
        DEFINITIONS.replace("        type: predefined\n", ""),
        (
            "9:7: PJ401 SdkInputThreadError[CODE:0024-51]"
            " service apples has no type: predefined or custom"
        ),
    ),
    "no modules": (
        DEFINED,
        DEFINITIONS.replace(
            "        modules:\n          ApplePuller: {", "        x: {"
        ),
        (
            "17:7: PJ401 SdkServiceInitializationError[CODE:0030-20]"
            " service custom_service has no modules"
        ),
    ),
    "module without type": (
        DEFINED,
        DEFINITIONS.replace("            type: apples\n", ""),
        (
            "12:11: PJ401 SdkServiceInitializationError[CODE:0030-02]"
            " module ApplePuller has no type"
        ),
    ),
    "no collector_globals": (
        DEFINED,
        DEFINITIONS.partition("collector_inputs:")[1]
        + DEFINITIONS.partition("collector_inputs:")[2],
        (
            "1:1: PJ401 SdkManagementProcessInitializationError[CODE:1100]"
            " collector_globals is missing or no mapping"
        ),
    ),
    "no period": (
        DEFINED,
        DEFINITIONS.replace("management_process_execution_period_in_seconds", "x"),
        (
            "1:1: PJ401 SdkManagementProcessInitializationError[CODE:1101]"
            " management_process_execution_period_in_seconds is missing"
        ),
    ),
    "period no number": (
        DEFINED,
        DEFINITIONS.replace("seconds: 120", "seconds: soon"),
        (
            "2:3: PJ401 SdkManagementProcessInitializationError[CODE:1102]"
            " management_process_execution_period_in_seconds must be a whole number"
        ),
    ),
    "period 0": (
        DEFINED,
        DEFINITIONS.replace("seconds: 120", "seconds: 0"),
        (
            "2:3: PJ401 SdkManagementProcessInitializationError[CODE:1103]"
            " management_process_execution_period_in_seconds must be at least 1"
        ),
    ),
    "no masks": (
        DEFINED,
        DEFINITIONS.replace("config_obfuscation:", "x:"),
        (
            "4:3: PJ401 SdkDefinitionsInitializationError[CODE:0002-04]"
            " no input has the"
            " mandatory field config_obfuscation (it names what the log must not show:"
            " {key_value_entries: []} if nothing)"
        ),
    ),
    "tag": (
        DEFINED,
        DEFINITIONS.replace("type: any", "type: !!python/tuple []"),
        (
            "20:31: SY007 SdkDefinitionsInitializationError[CODE:0002-02]"
            " a value cannot be built: a type tag is not allowed"
        ),
    ),
    "no yaml": (
        DEFINED,
        DEFINITIONS.replace("type: any", "type: ]"),
        (
            "20:31: SY003 SdkDefinitionsInitializationError[CODE:0002-03]"
            " not readable: { is closed by ] (write } here)"
        ),
    ),
}


def load(project: SdkProject, **environment: str) -> ProjectConfig:
    """Load a project's configuration."""
    sources = Sources.of(project.folder, whole=None, job=None, collector=None)
    document, findings = load_sources(sources)
    return load_project(
        project.folder, document, findings, file=sources.file, environment=environment
    )


def shown(findings: tuple[Finding, ...], folder: Path) -> list[str]:
    """Return findings as `file line:column: …`, names of files below the folder."""
    return [str(one).replace(f"{folder}/", "") for one in findings]


@pytest.mark.parametrize("what", WRONG)
def test_mistake_is_refused_with_place_and_code(what: str, tmp_path: Path) -> None:
    """The finding stands in the file that has the mistake, or needs it mended."""
    name, text, expected = WRONG[what]
    project = SdkProject(tmp_path)
    project.write(name, text)

    with pytest.raises(ConfigFindingsError) as caught:
        load(project)

    lines = shown(caught.value.findings, tmp_path)
    assert any(line.partition(":")[2].startswith(expected) for line in lines), lines


def test_missing_definitions_are_the_sdks_first_error(tmp_path: Path) -> None:
    """Without the file nothing is known."""
    project = SdkProject(tmp_path)
    (tmp_path / DEFINED).unlink()

    with pytest.raises(ConfigFindingsError, match=r"CODE:0002-01\]"):
        load(project)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"whole": "config"}, r"CODE:0002\].*is not a file"),
        ({"whole": "absent.yaml"}, r"CODE:0003\].*absent.yaml does not exist"),
        ({"job": "absent.json"}, r"CODE:0004\].*absent.json does not exist"),
        ({"collector": "absent.json"}, r"CODE:0005\].*absent.json does not exist"),
        ({"job": "job.json"}, r"CODE:0005\].*go together: name both"),
        ({"collector": "job.json"}, r"CODE:0004\].*go together: name both"),
        ({}, r"CODE:0006\].*there is no configuration"),
        (
            {"whole": "bad.yaml"},
            r"1 mistake .*\n.*/bad.yaml:\d.*0008\].* cannot be read: ",
        ),
        (
            {"whole": "tag.yaml"},
            r"1 mistake .*\n.*/tag.yaml:\d.*0007\].* cannot be read: ",
        ),
        (
            {"whole": "bad.json"},
            r"1 mistake .*\n.*/bad.json:\d.*0009\].* cannot be read: ",
        ),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_files_that_cannot_be_used_are_told_apart(
    tmp_path: Path, options: dict[str, str], expected: str
) -> None:
    """Each has the number of the SDK's `CollectorConfigurationException`."""
    project = SdkProject(tmp_path)
    project.write("config/config/x", "")
    project.write("config/bad.yaml", "a: [")
    project.write("config/tag.yaml", "a: !!python/name:os.system x")
    project.write("config/bad.json", "{")
    project.write("job.json", "{}")
    (tmp_path / USER).unlink()
    names = {"whole": None, "job": None, "collector": None} | options

    with pytest.raises(ConfigFindingsError, match=expected):
        load_sources(Sources.of(tmp_path, **names))


@pytest.mark.parametrize(
    ("job", "collector", "expected"),
    [
        ("{}", '{"loggers": [{"type": "console"}]}', "CODE:0010"),
        ('{"inputs": {"fruit": {}}}', "[]", "CODE:0011"),
        ('{"inputs": {"fruit": {}}}', '{"loggers": {}}', "CODE:0011"),
        (
            '{"inputs": {"fruit": {}}, "global_overrides": []}',
            '{"loggers": [{"type": "console"}]}',
            "CODE:0012",
        ),
    ],
)
def test_pair_of_wrong_structure_is_refused(
    tmp_path: Path, job: str, collector: str, expected: str
) -> None:
    """Inputs, everything else, and overrides each have a number."""
    project = SdkProject(tmp_path)
    project.write("job.json", job)
    project.write("collector.json", collector)
    sources = Sources.of(
        tmp_path, whole=None, job="job.json", collector="collector.json"
    )

    with pytest.raises(ConfigFindingsError, match=expected):
        load_sources(sources)


def test_finding_about_a_pair_stands_in_the_file_of_the_mistake(tmp_path: Path) -> None:
    """Under the name the value has there."""
    project = SdkProject(tmp_path)
    project.write("job.json", '{"fruits": {"id": "f1", "services": {"apples": null}}}')
    project.write(
        "collector.json",
        '{"job_id": 1, "job_name": "ä", "state_store": {"type": "filesystem"},\n'
        ' "loggers": [{"type": "devo", "url": "ssl://relay:443", "chain_loc": "x",\n'
        '  "cert_loc": "y", "key_loc": "z"}]}',
    )
    sources = Sources.of(
        tmp_path, whole=None, job="job.json", collector="collector.json"
    )
    document, findings = load_sources(sources)

    with pytest.raises(ConfigFindingsError) as caught:
        load_project(tmp_path, document, findings, file=sources.file, environment={})

    errors = [one for one in caught.value.findings if one.severity == "error"]
    lines = shown(tuple(errors), tmp_path)
    starts = [" ".join(line.split(" ")[:2]) for line in lines]
    assert starts == [
        "collector.json:1:27: PJ401",
        "collector.json:2:70: CF308",
        "collector.json:3:15: CF308",
        "collector.json:3:31: CF308",
        "job.json:1:2: PJ401",
    ]


def test_pair_that_contradicts_itself_starts_with_a_warning(tmp_path: Path) -> None:
    """One of the two counts, as before; the other is named."""
    project = SdkProject(tmp_path)
    project.write("job.json", '{"fruit": {"id": "f1", "services": {"apples": null}}}')
    project.write(
        "collector.json",
        '{"job_id": 1, "id": 2, "job_name": "a",\n'
        ' "state_store": {"type": "memory"}, "loggers": [{"type": "console"}]}',
    )
    sources = Sources.of(
        tmp_path, whole=None, job="job.json", collector="collector.json"
    )

    document, [warning] = load_sources(sources)

    assert document.mapping(("globals",))["id"] == 2
    [line] = shown((warning,), tmp_path)
    assert line.startswith("collector.json:1:12: PJ412 id says something else")


def test_every_code_of_a_project_is_shown_by_a_test() -> None:
    """A new code needs a test that shows it."""
    source = "".join(
        file.read_text("utf-8") for file in Path(__file__).parent.glob("*project*.py")
    )
    known = [value for name, value in vars(codes).items() if name.isupper()]

    assert [code for code in known if source.count(code) == 0] == []
