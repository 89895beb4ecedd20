"""What modules and the host get out of a project's files."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from collector_host.config.project.dump import masked
from collector_host.config.project.metadata import UNKNOWN, load_metadata
from config.test_wrong_projects import DEFINED, USER, load, shown
from support.sdk_project import CONFIG, DEFINITIONS, EXAMPLE, SdkProject

OLD_DEFINITIONS = """\
collector_globals:
  input_controller_execution_periods_in_seconds: 60
  requests_limits: {period: 1d, number_of_requests: -1, behavior: blocking}
collector_inputs:
  fruit:
    services:
      apples:
        type: predefined
        modules:
          ApplePuller:
            type: apples
            default: true
            setup_class:
            requests_limits: {period: 1m, number_of_requests: 5, behavior: blocking}
"""


def _warnings(project: SdkProject, **environment: str) -> list[str]:
    found = load(project, **environment).config.warnings
    return [line.partition(":")[2] for line in shown(found, project.folder)]


def test_right_project_has_no_warning(tmp_path: Path) -> None:
    """Nor has the example."""
    example = SdkProject.__new__(SdkProject)
    example.folder = EXAMPLE

    assert _warnings(SdkProject(tmp_path)) == []
    assert _warnings(example) == []


def test_modules_get_what_the_sdk_would_give_them(tmp_path: Path) -> None:
    """Times stay text, ids become text, and the persistence is in every input."""
    project = SdkProject(tmp_path)
    text = CONFIG.replace("id: f1", "id: 17").replace(
        "apples:", "apples: {initial_start_time_in_utc: 2023-01-05T00:00:00Z}"
    )
    project.write(USER, text)

    [source] = load(project).config.inputs

    [service] = source.services
    assert source.id == "17"
    assert source.config["id"] == "17"
    assert source.config["persistence"] == {
        "type": "filesystem",
        "config": {"directory_name": "state"},
    }
    assert service.config == {"initial_start_time_in_utc": "2023-01-05T00:00:00Z"}
    assert service.modules[0].definition["class_name"] == "agent.modules.ApplePuller"


def test_service_without_settings_stays_without(tmp_path: Path) -> None:
    """An empty body is no empty mapping."""
    [source] = load(SdkProject(tmp_path)).config.inputs

    assert source.services[0].config is None
    assert source.config["services"] == {"apples": None}


def test_definitions_are_those_of_safe_yaml(tmp_path: Path) -> None:
    """Keys may be numbers, and times are instants."""
    project = SdkProject(tmp_path)
    more = "setup_class: AppleSetup\n            module_properties:"
    more += "\n              {1: low, since: 2023-01-05 10:00:00}"
    text = DEFINITIONS.replace("setup_class: AppleSetup", more)
    project.write(DEFINED, text)

    [source] = load(project).config.inputs

    properties = source.services[0].modules[0].definition["module_properties"]
    assert properties == {1: "low", "since": datetime(2023, 1, 5, 10)}  # noqa: DTZ001  (as safe YAML has it)


def test_state_directory_belongs_to_the_project(tmp_path: Path) -> None:
    """It does not lie beside the configuration file."""
    settings = load(SdkProject(tmp_path)).config.settings

    assert settings.state_directory == tmp_path / "state"


def test_own_log_goes_to_the_outputs_unless_told_otherwise(tmp_path: Path) -> None:
    """As the SDK has it."""
    project = SdkProject(tmp_path)
    off = load(project).config.settings.send_internal_messages
    project.write(USER, CONFIG.replace("  send_internal_messages: false\n", ""))

    assert load(project).config.settings.send_internal_messages
    assert not off


def test_illegal_globals_are_ignored_with_the_sdks_line(tmp_path: Path) -> None:
    """A value whose key sounds like a secret is not in it."""
    project = SdkProject(tmp_path)
    more = "globals:\n  multiprocessing: false\n  colour: red\n  api_token: abcdef\n"
    project.write(USER, CONFIG.replace("globals:\n", more))

    loaded = load(project)

    start = "[WARNING] Illegal global setting has been ignored -> "
    assert loaded.ignored == (
        f"{start}multiprocessing: false",
        f"{start}colour: red",
        f"{start}api_token: ****",
    )
    assert loaded.config.warnings == ()


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            "test_collector",
            "my.test collector#1",
            (
                "3:9: PJ403 '.', '#' and ' ' in the name of the collector are replaced"
                " by '_'"
            ),
        ),
        (
            "    id: f1\n",
            "",
            (
                "9:3: PJ404 the input has no id, a part of the address of its state"
                " (give it a short one, e.g. id: a1)"
            ),
        ),
        (
            "apples:",
            "apples: {types: [apples, aples]}",
            (
                "13:32: PJ405 unknown module type; did you mean apples?"
                " (known here: apples)"
            ),
        ),
        (
            "apples:",
            "apples: {request_period_in_second: 5}",
            (
                "13:16: PJ402 no module reads request_period_in_second;"
                " did you mean request_period_in_seconds?"
            ),
        ),
        (
            "apples:",
            "apples: {apple_per_pull: 5}",
            (
                "13:16: PJ402 no module reads apple_per_pull; did you mean"
                " apples_per_pull?"
            ),
        ),
        (
            "globals:",
            "globals:\n  debgu: true\n  debug_mode: 1\n  vendor_key: 1",
            "2:3: PJ402 nothing reads debgu; did you mean debug?",
        ),
        (
            "globals:",
            "globals:\n  debgu: true\n  debug: false\n  debug_1: true",
            (
                "2:3: PJ402 nothing reads debgu; did you mean debug?"
                " (it is there, too: remove one)"
            ),
        ),
        (
            "    enabled: true",
            "    enabld: true",
            "11:5: PJ402 no module reads enabld; did you mean enabled?",
        ),
        (
            "    enabled: true",
            "    credentials: {pass_word: x}",
            "11:19: PJ402 no module reads pass_word; did you mean password?",
        ),
        (
            "type: console",
            "type: console, enabld: true",
            "7:30: PJ402 unknown key enabld; did you mean enabled?",
        ),
        (
            "    enabled: true",
            '    environment: "${NO_SUCH}"',
            (
                "11:18: PJ406 the value looks like a reference, but there is no such"
                " variable (it is used as it stands)"
            ),
        ),
    ],
)
def test_likely_mistake_is_a_warning(
    tmp_path: Path, before: str, after: str, expected: str
) -> None:
    """The SDK is silent about them; the project runs nevertheless."""
    project = SdkProject(tmp_path)
    project.write(USER, CONFIG.replace(before, after))

    assert _warnings(project) == [expected]


def test_key_that_is_no_text_has_one_warning(tmp_path: Path) -> None:
    """That no module reads it follows from that."""
    project = SdkProject(tmp_path)
    project.write(USER, CONFIG.replace("apples:", "apples: {1: x}"))

    (found,) = _warnings(project)

    assert found.startswith("13:16: SY006 ")


def test_repeated_id_is_a_warning(tmp_path: Path) -> None:
    """The name of the input keeps both states apart."""
    project = SdkProject(tmp_path)
    inputs = DEFINITIONS.partition("  fruit:\n")[2]
    project.write(DEFINED, f"{DEFINITIONS}  roots:\n{inputs}")
    second = CONFIG.partition("  fruit:\n")[2]
    project.write(USER, f"{CONFIG}  roots:\n{second}")

    assert _warnings(project) == [
        "15:5: PJ404 the id is the same as that of input fruit (give each its own)"
    ]


def test_misspelt_key_of_a_definition_is_a_warning(tmp_path: Path) -> None:
    """A key that is like no known one is the module's own."""
    project = SdkProject(tmp_path)
    more = "setup_clas: X\n            flavour: sweet"
    project.write(DEFINED, DEFINITIONS.replace("setup_class: AppleSetup", more))

    assert _warnings(project) == [
        "15:13: PJ402 unknown key setup_clas; did you mean setup_class?"
    ]


@pytest.mark.parametrize("where", ["definitions", "schemas", "overwrites"])
def test_key_that_is_named_anywhere_is_known(tmp_path: Path, where: str) -> None:
    """Modules may read it by a way that their source does not show."""
    project = SdkProject(tmp_path)
    project.write(USER, CONFIG.replace("apples:", "apples: {override_colour: red}"))
    if where == "schemas":
        schema = {"properties": {"override_colour": {"type": "string"}}}
        project.write("schemas/user.json", json.dumps(schema))
    else:
        block = (
            "metadata: {allowed_overwrites: {override_colour: colour}}"
            if where == "overwrites"
            else "module_properties: {override_colour: green}"
        )
        text = DEFINITIONS.replace(
            "setup_class: AppleSetup", f"setup_class: AppleSetup\n            {block}"
        )
        project.write(DEFINED, text)

    assert _warnings(project) == []


def test_disabled_input_is_not_looked_at(tmp_path: Path) -> None:
    """Whatever it holds; there is a line for it."""
    project = SdkProject(tmp_path)
    project.write(USER, f"{CONFIG}  unknown:\n    enabled: false\n    whatever: 1\n")

    loaded = load(project)

    assert loaded.disabled == ("unknown",)
    assert [source.name for source in loaded.config.inputs] == ["fruit"]


def test_broken_definition_that_nobody_uses_is_a_warning(tmp_path: Path) -> None:
    """The SDK would never look at it."""
    project = SdkProject(tmp_path)
    more = """\
      pears: {modules: {PearPuller: {type: pears}}}
      figs: {type: custom}
  roots:
    x: 1
"""
    project.write(DEFINED, f"{DEFINITIONS}{more}")

    assert _warnings(project) == [
        (
            "21:7: PJ401 SdkInputThreadError[CODE:0024-51]"
            " service pears has no type: predefined or custom"
        ),
        (
            "22:7: PJ401 SdkServiceInitializationError[CODE:0030-20]"
            " service figs has no modules (modules: {PullerClass: {type: …}}, a mapping"
            " with one at least)"
        ),
        (
            "23:3: PJ401 SdkInputThreadError[CODE:0024-50]"
            " no services found for input roots (services: {name: {…}}, a mapping with"
            " one at least)"
        ),
    ]


def test_old_layout_runs_with_a_warning(tmp_path: Path) -> None:
    """It knew neither the period nor the masks that became mandatory."""
    project = SdkProject(tmp_path, definitions=OLD_DEFINITIONS)

    assert _warnings(project) == [
        (
            "5:3: PJ407 no input has the mandatory field"
            " config_obfuscation (it names what"
            " the log must not show: {key_value_entries: []} if nothing)"
        )
    ]
    assert load(project).config.inputs[0].services[0].modules[0].setup_class is None


def test_dollar_signs_are_kept_and_whole_references_resolved(tmp_path: Path) -> None:
    """A password may hold whatever it likes."""
    project = SdkProject(tmp_path)
    given = "pa$$w${PLACE}rd"
    block = f'{{password: "{given}", a: "${{PLACE}}", b: "${{NONE:-x}}"}}'
    text = CONFIG.replace("    enabled: true", f"    credentials: {block}")
    project.write(USER, text)

    [source] = load(project, PLACE="from-the-environment").config.inputs

    assert source.config["credentials"] == {
        "password": given,
        "a": "from-the-environment",
        "b": "x",
    }


def test_key_given_twice_is_a_warning_and_the_last_one_counts(tmp_path: Path) -> None:
    """As the SDK reads YAML."""
    project = SdkProject(tmp_path)
    project.write(USER, CONFIG.replace("    id: f1\n", "    id: f1\n    id: f2\n"))

    assert _warnings(project) == [
        "11:5: SY005 the key is given twice (remove one of them)"
    ]
    assert load(project).config.inputs[0].id == "f2"


def test_dump_hides_what_the_project_names_and_what_sounds_secret(
    tmp_path: Path,
) -> None:
    """By place, by pattern, by type; the configuration itself stays."""
    project = SdkProject(tmp_path)
    entry = '- {name: [inputs, fruit, credentials, password], value: "****"}'
    entries = """\
- {name: [inputs, "*", credentials, password], value: hidden}
        - {name: [inputs, fruit, credentials, user], string_patterns: ["^john_(.*)$"]}
        - {name: [inputs, fruit, pin]}
        - {name: [inputs, fruit, hosts, "*", name]}
        - {name: [inputs, fruit, absent, place]}
      mask_values: {string: XXX, integer: -7}"""
    project.write(DEFINED, DEFINITIONS.replace(entry, entries))
    block = (
        "    credentials: {password: abcdef, user: john_smith, pass_wrd: ghijkl}\n"
        "    pin: 1234\n    hosts: [{name: one, port: 1}, {name: two, port: 2}]"
    )
    project.write(USER, CONFIG.replace("    enabled: true", block))

    loaded = load(project)
    fruit = masked(loaded.data, loaded.catalogue)["inputs"]["fruit"]

    assert fruit["credentials"] == {
        "password": "hidden",
        "user": "john_XXX",
        "pass_wrd": "XXX",
    }
    assert fruit["pin"] == -7
    assert fruit["hosts"] == [{"name": "XXX", "port": 1}, {"name": "XXX", "port": 2}]
    assert "abcdef" in json.dumps(loaded.data)
    assert {"abcdef", "1234", "ghijkl", "one"} <= loaded.config.secrets


def test_metadata_is_optional(tmp_path: Path) -> None:
    """Without it the banner says UNKNOWN, and why."""
    project = SdkProject(tmp_path)
    whole, no_warning = load_metadata(tmp_path)
    project.write("metadata.json", "{")
    broken, warning = load_metadata(tmp_path)

    assert (whole.name, whole.version, whole.build_time) == (
        "orchard",
        "1.2.3",
        UNKNOWN,
    )
    assert no_warning == ""
    assert broken.owner == UNKNOWN
    assert "metadata.json cannot be read" in warning
