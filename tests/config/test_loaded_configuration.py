"""A right configuration becomes the model, with everything resolved."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from collector_host.config.building import _GLOBAL_FIELDS
from collector_host.config.errors import ConfigFindingsError
from collector_host.config.model import (
    Console,
    DeliverySettings,
    DevoPlatform,
    Globals,
    Module,
)
from collector_host.config.outputs import DELIVERY_FIELDS
from collector_lint.schemas import schemas_folder
from config.orchard_plugin import load_config

FULL = """
globals:
  id: 12
  name: collector
  debug: true
  log: {format: json}
  persistence: {type: filesystem, config: {directory_name: ../state}}
  queue_max_size_in_mb: 2
  queue_max_size_in_messages: 50.0
  sender_stats_period_in_sec: 60
outputs:
  devo_1:
    type: devo_platform
    senders: 2
    config:
      address: ${ADDRESS}
      port: ${PORT:-443}
      type: SSL
      chain: chain.crt
      cert: own.crt
      key: own.key
    delivery: {confirm: close_notify, confirm_interval_in_seconds: 0.5}
  console_1: {type: console, required: false}
  spare: {type: console, enabled: false}
inputs:
  fruit:
    id: 7
    requests_per_second: 2
    credentials: {user: "${USER_NAME}", password: "${file:secret}"}
    services:
      apples:
        regions: [north, south]
        initial_start_time_in_utc: 2023-01-05T00:00:00Z
      pears:
      plums: {enabled: false}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Write the configuration and the files it names, each in another place."""
    config = tmp_path / "config"
    (config / "certs").mkdir(parents=True)
    (tmp_path / "certs").mkdir()
    (config / "chain.crt").touch()
    (config / "certs" / "own.crt").touch()
    (tmp_path / "certs" / "own.key").touch()
    secret = config / "secret"
    secret.touch(mode=0o600)
    secret.write_text("hunter2\n", "utf-8")
    (config / "config.yaml").write_text(FULL, "utf-8")
    return config / "config.yaml"


ENVIRONMENT = {"ADDRESS": "collector-eu.devo.io", "USER_NAME": "evelyn"}


def test_globals_carry_what_is_set_and_defaults_for_the_rest(file: Path) -> None:
    """Sizes become bytes, paths become absolute, `debug` lowers the log level."""
    settings = load_config(file, environment=ENVIRONMENT).settings

    assert settings == Globals(
        id="12",
        name="collector",
        state_directory=file.parent / "../state",
        debug=True,
        log_format="json",
        log_level="debug",
        queue_max_bytes=2 * 1024 * 1024,
        queue_max_messages=50,
        sender_stats_period_s=60,
    )
    assert isinstance(settings.queue_max_messages, int)


def test_outputs_are_the_enabled_ones_with_their_files_found(file: Path) -> None:
    """Certificates are looked up beside the file, in `certs`, and in `certs` above."""
    devo, console = load_config(file, environment=ENVIRONMENT).outputs

    folder = file.parent
    assert (devo.name, devo.type, devo.required, devo.senders) == (
        "devo_1",
        "devo_platform",
        True,
        2,
    )
    assert devo.config == DevoPlatform(
        address="collector-eu.devo.io",
        port=443,
        chain=folder / "chain.crt",
        cert=folder / "certs" / "own.crt",
        key=folder.parent / "certs" / "own.key",
    )
    assert devo.delivery == DeliverySettings("close_notify", confirm_interval_s=0.5)
    assert (console.name, console.required, console.config) == (
        "console_1",
        False,
        Console(),
    )


def test_inputs_give_modules_the_data_the_sdk_gives(file: Path) -> None:
    """Blocks are plain data, references resolved, timestamps still text."""
    (fruit,) = load_config(file, environment=ENVIRONMENT).inputs

    assert (fruit.name, fruit.id) == ("fruit", "7")
    assert fruit.config["id"] == "7"
    assert fruit.config["requests_per_second"] == 2
    assert fruit.config["credentials"] == {"user": "evelyn", "password": "hunter2"}
    assert [service.name for service in fruit.services] == ["apples", "pears"]
    assert fruit.services[0].config == {
        "regions": ["north", "south"],
        "initial_start_time_in_utc": "2023-01-05T00:00:00Z",
    }
    assert fruit.services[0].config is fruit.config["services"]["apples"]
    assert fruit.services[1].config is None


def test_service_carries_its_definition_and_default_modules(file: Path) -> None:
    """Without `types` the default modules run, as the definition describes them."""
    (fruit,) = load_config(file, environment=ENVIRONMENT).inputs
    apples, pears = fruit.services

    assert apples.type == "predefined"
    assert (apples.retention_in_days, apples.position_key) == (90, "last_run_datetime")
    assert apples.state_schema == "urn:alibaba-audit-collector:schema:state:apples:1"
    assert apples.event_schema is None
    assert apples.modules == (
        Module(
            class_name="ApplePuller",
            setup_class="AppleSetup",
            definition=apples.definition["modules"]["ApplePuller"],
            calculator_class="OrchardsCalculator",
            submodules_property="regions",
        ),
    )
    assert fruit.definition["services"]["apples"] is apples.definition
    assert apples.modules[0].definition["module_properties"] == {
        "tag": "my.app.fruit.apples"
    }
    # A name that is not predefined means the catch-all service.
    assert (pears.type, pears.retention_in_days) == ("custom", None)
    assert [module.class_name for module in pears.modules] == ["BasketPuller"]


def test_types_select_modules(file: Path) -> None:
    """`types` names the modules to run, default or not."""
    text = FULL.replace("regions: [north, south]", "types: [windfall]")
    file.write_text(text, "utf-8")

    (fruit,) = load_config(file, environment=ENVIRONMENT).inputs

    assert [m.class_name for m in fruit.services[0].modules] == ["WindfallPuller"]


def test_catalogue_globals_are_handed_on(file: Path) -> None:
    """`collector_globals` of the catalogue reach the host unchanged."""
    config = load_config(file, environment=ENVIRONMENT)

    assert config.definition_globals == {"message_batch_size": 100}
    assert config.file == file


def test_secrets_are_collected_and_never_shown(file: Path) -> None:
    """Secrets come from the schemas' marks and from named paths; no repr has them."""
    config = load_config(file, environment=ENVIRONMENT)

    assert config.secrets == {"hunter2", "evelyn"}
    assert "hunter2" not in repr(config)
    assert "evelyn" not in repr(config)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("services.apples.regions.*", {"north", "south"}),
        ("services.*.regions.1", {"south"}),
        ("credentials.*", {"evelyn"}),
        ("id.absent", set[str]()),
    ],
)
def test_named_secrets_are_paths_with_wildcards(
    file: Path, path: str, found: set[str]
) -> None:
    """A plugin names secrets by dotted paths, `*` for any key or index."""
    config = load_config(file, secrets=[path], environment=ENVIRONMENT)

    assert config.secrets == found | {"hunter2"}


def test_disabled_input_is_checked_for_secrets_but_not_returned(file: Path) -> None:
    """What is switched off is not run, and its secrets are still not shown."""
    other = "  twin:\n    id: b\n    services: {apples: }\n    enabled: false\n"
    text = FULL.replace("    id: 7\n", "    id: 7\n    enabled: true\n") + other
    catalogue = file.parent / "twin.yaml"
    catalogue.write_text(
        "collector_inputs: {twin: {services: {apples: {type: predefined,"
        " modules: {A: {type: a, default: true}}}}}}\n",
        "utf-8",
    )
    file.write_text(text, "utf-8")
    folder = Path(__file__).parent / "orchard"
    definitions = [folder / "collector_definitions.yaml", folder / "apples.yaml"]

    config = load_config(
        file,
        definitions=[*definitions, catalogue],
        secrets=["id"],
        environment=ENVIRONMENT,
    )

    assert [each.name for each in config.inputs] == ["fruit"]
    assert config.secrets == {"hunter2", "7", "b"}


def test_warnings_do_not_stop_the_start(file: Path) -> None:
    """Settings without effect here, and exposed files, are only warned of."""
    text = FULL.replace("debug: true", "queue_generate_metrics: true")
    file.write_text(text, "utf-8")
    (file.parent / "secret").chmod(0o644)

    warnings = load_config(file, environment=ENVIRONMENT).warnings

    assert [(each.line, each.code, each.severity) for each in warnings] == [
        (5, "ST108", "warning"),
        (29, "RF104", "warning"),
    ]


def _definitions_with_alias(file: Path) -> list[Path]:
    """Give the service apples an older name."""
    folder = Path(__file__).parent / "orchard"
    apples = file.parent / "apples.yaml"
    text = (folder / "apples.yaml").read_text("utf-8")
    apples.write_text(f"{text}aliases: [malus, appels]\n", "utf-8")
    return [folder / "collector_definitions.yaml", apples]


def test_older_name_of_a_service_is_accepted_with_a_warning(file: Path) -> None:
    """Modules and states know the proper name only, so a renaming loses nothing."""
    file.write_text(FULL.replace("      apples:", "      malus:"), "utf-8")

    config = load_config(
        file, definitions=_definitions_with_alias(file), environment=ENVIRONMENT
    )

    (fruit,) = config.inputs
    assert [service.name for service in fruit.services] == ["apples", "pears"]
    assert list(fruit.config["services"]) == ["apples", "pears", "plums"]
    assert fruit.services[0].config is fruit.config["services"]["apples"]
    assert fruit.services[0].modules[0].class_name == "ApplePuller"
    (warning,) = config.warnings
    assert (warning.code, warning.severity) == ("CF310", "warning")
    assert str(warning).endswith(
        "CF310 this service is called apples (rename it; its state is the same)"
    )


@pytest.mark.parametrize("other", ["apples", "apples: {enabled: false} #"])
def test_both_names_of_a_service_are_a_mistake(file: Path, other: str) -> None:
    """They would share one state."""
    text = FULL.replace("      pears:", "      malus: {region: north}")
    file.write_text(text.replace("      apples:", f"      {other}:"), "utf-8")
    if "enabled" in other:
        text = text.replace("        regions: [north, south]\n", "")
        text = text.replace(
            "        initial_start_time_in_utc: 2023-01-05T00:00:00Z\n", ""
        )
        file.write_text(text.replace("      apples:", f"      {other}"), "utf-8")

    with pytest.raises(ConfigFindingsError) as caught:
        load_config(
            file, definitions=_definitions_with_alias(file), environment=ENVIRONMENT
        )

    (finding,) = caught.value.findings
    assert str(finding).endswith(
        "CF310 this service is called apples, which is there too (remove one of them)"
    )


def test_retention_the_user_names_counts(file: Path) -> None:
    """How long a store keeps records is its owner's choice."""
    text = FULL.replace("      pears:", "      pears: {retention_in_days: 7.5}")
    file.write_text(text, "utf-8")

    apples, pears = load_config(file, environment=ENVIRONMENT).inputs[0].services

    assert (apples.retention_in_days, pears.retention_in_days) == (90, 7.5)


def test_json_configuration_has_the_same_structure(tmp_path: Path) -> None:
    """A `.json` file is read by JSON's rules into the same model."""
    data: dict[str, Any] = {
        "globals": {"id": "g", "name": "collector"},
        "outputs": {"console_1": {"type": "console"}},
        "inputs": {
            "fruit": {
                "id": "f",
                "credentials": {"token": "t"},
                "services": {"apples": None},
            }
        },
    }
    file = tmp_path / "config.json"
    file.write_text(json.dumps(data, indent="\t"), "utf-8")

    config = load_config(file)

    assert config.settings.state_directory == tmp_path / "state"
    assert config.inputs[0].services[0].config is None


def test_every_setting_has_a_field_and_its_documented_default() -> None:
    """The model and the schema agree on every name and default."""
    schema = json.loads((schemas_folder() / "config.schema.json").read_text("utf-8"))
    delivery = schema["$defs"]["delivery"]["properties"]
    settings = schema["$defs"]["globals"]["properties"]
    model = {field.name: field.default for field in fields(Globals)}

    assert set(DELIVERY_FIELDS) == set(delivery)
    assert {field.name for field in fields(DeliverySettings)} == set(
        DELIVERY_FIELDS.values()
    )
    for key, field in DELIVERY_FIELDS.items():
        assert getattr(DeliverySettings(), field) == delivery[key]["default"], key
    for key, field in _GLOBAL_FIELDS.items():
        assert model[field] == settings[key]["default"], key
    assert model["queue_max_bytes"] == settings["queue_max_size_in_mb"]["default"] << 20
