"""Catalogues and definitions are checked, merged, and complained about by place."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector_host.config.errors import ConfigFindingsError
from config.orchard_plugin import DEFINITIONS, FOLDER, SCHEMAS, load_config

CONFIG = """
globals: {id: g1, name: collector}
outputs: {console_1: {type: console}}
inputs: {fruit: {id: f1, credentials: {token: t}, services: {apples: }}}
"""
GOOD = (FOLDER / "apples.yaml").read_text("utf-8")
SETTINGS = "urn:alibaba-audit-collector:schema:service:apples:1"
LIKE = f"""
input: fruit
service: pears
like: {{}}
settings_schema: {SETTINGS}
module_properties: {{{{tag: my.pears}}}}
"""
CATALOGUE = (FOLDER / "collector_definitions.yaml").read_text("utf-8")


def _findings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str]
) -> list[str]:
    monkeypatch.chdir(tmp_path)
    Path("config.yaml").write_text(CONFIG, "utf-8")
    for name, text in files.items():
        Path(name).write_text(text, "utf-8")
    definitions = [Path(n) for n in files if n.endswith(".yaml")]
    schemas = [Path(n) for n in files if n.endswith(".json")]
    with pytest.raises(ConfigFindingsError) as caught:
        load_config(
            Path("config.yaml"),
            definitions=definitions,
            schemas=[*SCHEMAS, *schemas],
        )
    return [str(finding) for finding in caught.value.findings]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(
            {"c.yaml": CATALOGUE, "a.yaml": GOOD, "b.yaml": GOOD},
            ["b.yaml:2:10: DF203 service apples is already defined by another file"],
            id="service twice",
        ),
        pytest.param(
            {"c.yaml": CATALOGUE, "d.yaml": CATALOGUE, "a.yaml": GOOD},
            ["d.yaml:4:3: DF201 input fruit is already described by another file"],
            id="input twice",
        ),
        pytest.param(
            {"c.yaml": CATALOGUE, "a.yaml": GOOD.replace("input: fruit", "input: fru")},
            [
                (
                    "a.yaml:1:8: DF202 no catalogue describes input fru;"
                    " did you mean fruit?"
                ),
            ],
            id="input undefined",
        ),
        pytest.param(
            {"c.yaml": CATALOGUE, "a.yaml": GOOD.replace("service:apples", "x:apple")},
            [
                (
                    "a.yaml:3:18: DF204 no schema has this $id; did you mean"
                    " urn:alibaba-audit-collector:schema:state:apples:1?"
                ),
            ],
            id="schema unknown",
        ),
        pytest.param(
            {"c.yaml": CATALOGUE, "a.yaml": GOOD, "b.yaml": LIKE.format("aples")},
            ["b.yaml:4:7: DF205 there is no service aples; did you mean apples?"],
            id="like nothing",
        ),
        pytest.param(
            {"c.yaml": CATALOGUE, "a.yaml": GOOD, "b.yaml": LIKE.format("pears")},
            ["b.yaml:4:7: DF205 there is no service pears"],
            id="like itself",
        ),
        pytest.param(
            {
                "c.yaml": CATALOGUE,
                "a.yaml": GOOD,
                "b.yaml": LIKE.format("apples").replace(": pears", ": apples"),
            },
            ["b.yaml:3:10: DF203 service apples is already defined by another file"],
            id="like what it is called",
        ),
        pytest.param(
            {
                "c.yaml": CATALOGUE,
                "a.yaml": GOOD,
                "b.yaml": GOOD.replace("service: apples", "service: pears")
                + "like: apples\n",
            },
            [
                "b.yaml:19:1: ST107 must not be given here",
            ],
            id="like one and described",
        ),
        pytest.param(
            {
                "c.yaml": CATALOGUE,
                "a.yaml": GOOD,
                "b.yaml": LIKE.format("x").replace("like: x\n", ""),
            },
            ["b.yaml:2:1: ST102 missing key like"],
            id="neither like one nor described",
        ),
        pytest.param(
            {
                "c.yaml": CATALOGUE,
                "a.yaml": GOOD.replace("      type: windfall", "      tfall: 1"),
            },
            [
                (
                    "a.yaml:17:5: ST102 missing key type"
                    " (Name by which a user selects the module in `types`.)"
                ),
                (
                    "a.yaml:18:7: ST101 unknown key tfall (known here: default,"
                    " metadata, module_properties, obfuscation_data,"
                    " request_period_in_seconds, requests_limits, setup_class,"
                    " submodule_calculator_class, submodules_property, type)"
                ),
            ],
            id="module without type",
        ),
        pytest.param(
            {"c.yaml": "collector_input: {}\n"},
            [
                (
                    "c.yaml:1:1: ST102 missing key collector_inputs"
                    " (Inputs by the name a user writes under `inputs`.)"
                ),
                (
                    "c.yaml:1:1: ST101 unknown key collector_input;"
                    " did you mean collector_inputs?"
                ),
            ],
            id="catalogue misspelt",
        ),
        pytest.param(
            {"c.yaml": CATALOGUE, "a.yaml": GOOD, "broken.json": '{"type": 1}'},
            [
                "broken.json:1:1: JS101 a schema needs an $id",
                (
                    "broken.json:1:10: JS102 not a JSON Schema of draft 2020-12"
                    ": type must be the name of a type, or a list of different ones"
                ),
            ],
            id="broken schema",
        ),
    ],
)
def test_wrong_definitions_are_located(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    files: dict[str, str],
    expected: list[str],
) -> None:
    """A mistake of a plugin's file is named in that file, not in the user's."""
    assert _findings(tmp_path, monkeypatch, files) == expected


def test_mistakes_of_all_files_come_in_one_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broken definition does not hide what is wrong in the configuration."""
    monkeypatch.setattr(f"{__name__}.CONFIG", "globals: {id: g1, nme: x}\n")

    found = _findings(tmp_path, monkeypatch, {"c.yaml": "collector_inputs: [\n"})

    assert [line.split(" ")[0] for line in found] == [
        "c.yaml:1:19:",
        "config.yaml:1:1:",
        "config.yaml:1:1:",
        "config.yaml:1:1:",
        "config.yaml:1:19:",
    ]


def test_first_catalogue_wins_in_globals(tmp_path: Path) -> None:
    """Two plugins may both set collector globals; the first one's value stands."""
    second = tmp_path / "second.yaml"
    second.write_text(
        "collector_globals: {message_batch_size: 7, queue_generate_metrics: true}\n"
        "collector_inputs: {other: {services: {}}}\n",
        "utf-8",
    )
    file = tmp_path / "config.yaml"
    file.write_text(CONFIG, "utf-8")

    config = load_config(file, definitions=[*DEFINITIONS, second])

    assert config.definition_globals == {
        "message_batch_size": 100,
        "queue_generate_metrics": True,
    }


def test_mandatory_types_must_be_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A definition may ask the user to name module types; silence is then a mistake."""
    strict = GOOD.replace("  modules:", "  module_type_mandatory: true\n  modules:")

    found = _findings(tmp_path, monkeypatch, {"c.yaml": CATALOGUE, "a.yaml": strict})

    assert found == [
        (
            "config.yaml:4:62: CF304 no module would run"
            " (name some in types: harvest, windfall)"
        )
    ]


def _with_pears(tmp_path: Path, text: str) -> Path:
    """Write a variation and a configuration with both services."""
    file = tmp_path / "config.yaml"
    file.write_text(CONFIG.replace("{apples: }", "{apples: , pears: }"), "utf-8")
    varied = tmp_path / "pears.yaml"
    varied.write_text(text, "utf-8")
    return file


@pytest.mark.parametrize("is_first", [False, True], ids=["behind", "before"])
def test_variation_takes_over_what_it_does_not_change(
    tmp_path: Path,
    is_first: bool,  # noqa: FBT001 - a case's value
) -> None:
    """In whatever file it is: modules, schemas, retention; the original stays."""
    original = tmp_path / "apples.yaml"
    original.write_text(
        GOOD.replace("tag: my.app.fruit.apples", "tag: my.apples, size: 7")
        + "aliases: [malus]\n",
        "utf-8",
    )
    file = _with_pears(tmp_path, LIKE.format("apples"))
    files = [original, tmp_path / "pears.yaml"]
    files = [DEFINITIONS[0], *(reversed(files) if is_first else files)]

    apples, pears = load_config(file, definitions=files).inputs[0].services

    (module,) = pears.modules
    assert (module.class_name, module.setup_class) == ("ApplePuller", "AppleSetup")
    assert module.definition["module_properties"] == {"tag": "my.pears", "size": 7}
    assert apples.modules[0].definition["module_properties"] == {
        "tag": "my.apples",
        "size": 7,
    }
    assert pears.type == apples.type == "predefined"
    assert (pears.retention_in_days, pears.position_key) == (90, "last_run_datetime")
    assert pears.state_schema == apples.state_schema


def test_variation_replaces_what_it_says_itself(tmp_path: Path) -> None:
    """Its own retention, position and schema; another one's aliases are not its own."""
    original = tmp_path / "apples.yaml"
    original.write_text(GOOD + "aliases: [malus]\n", "utf-8")
    schema = "urn:alibaba-audit-collector:schema:input:fruit:1"
    file = _with_pears(
        tmp_path,
        LIKE.format("apples")
        + f"retention_in_days: 7\nposition_key: other\nstate_schema: {schema}\n"
        + "aliases: [pyrus]\n",
    )
    names = CONFIG.replace("{apples: }", "{malus: , pyrus: }")
    file.write_text(names, "utf-8")
    definitions = [DEFINITIONS[0], original, tmp_path / "pears.yaml"]

    config = load_config(file, definitions=definitions)

    apples, pears = config.inputs[0].services
    assert (apples.name, pears.name) == ("apples", "pears")
    assert (pears.retention_in_days, pears.position_key) == (7, "other")
    assert pears.state_schema == schema
    assert apples.retention_in_days == 90


def test_variation_without_properties_has_those_of_the_original(
    tmp_path: Path,
) -> None:
    """Also where the original has a module without any."""
    text = LIKE.format("apples").partition("module_properties")[0]
    file = _with_pears(tmp_path, text)
    definitions = [*DEFINITIONS, tmp_path / "pears.yaml"]

    apples, pears = load_config(file, definitions=definitions).inputs[0].services

    assert pears.modules[0].definition == apples.modules[0].definition
