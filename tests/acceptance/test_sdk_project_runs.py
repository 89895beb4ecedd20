"""Projects laid out for the Devo Collector SDK, run by the real program."""

from __future__ import annotations

import json
import re
import shutil
import signal
from pathlib import Path

import pytest

from collector_emulators.certificates import ensure_certificates
from collector_emulators.relay.server import Relay
from support.running import read_until
from support.sdk_project import CONFIG, DEFINITIONS, EXAMPLE, MODULES, SdkProject
from support.stage import Program

APPLES = "my.app.fruit.apples"
LOADS = "my.app.system_load.averages"
LINE = re.compile(r"^\S+ +(\w+) (\S+) -> (.*)$")
ENDLESS = CONFIG.replace("apples:", "apples: {endless: true}")


@pytest.fixture
def project(tmp_path: Path) -> SdkProject:
    """Write a project whose module sends three events and ends."""
    return SdkProject(tmp_path / "orchard")


def test_example_runs_to_its_end_and_goes_on_from_its_state(tmp_path: Path) -> None:
    """All events in order, exit code 0; a second run counts on."""
    folder = tmp_path / "project"
    # Whoever tried the example has left a state there.
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("state"))
    project = SdkProject.__new__(SdkProject)
    project.folder = folder
    config = (folder / "config/config.yaml").read_text("utf-8")
    project.write("config/config.yaml", config.replace("seconds: 2", "seconds: 1"))

    first = project.run()
    second = project.run()

    assert (first.code, second.code) == (0, 0), first.log
    assert [one["number"] for one in first.contents(LOADS)] == [1, 2, 3, 4, 5, 6]
    assert [one["number"] for one in second.contents(LOADS)] == [7, 8]
    assert " goes on after 6 event(s)" in second.log
    assert first.contents("devo.collectors.out.local.info")


def test_metrics_go_to_their_own_table(project: SdkProject) -> None:
    """With the period of the senders' statistics, while internal messages are on."""
    on = "send_internal_messages: true\n  sender_stats_period_in_sec: 1"
    config = ENDLESS.replace("send_internal_messages: false", on)
    project.write("config/config.yaml", config)
    with project.spawn(COLLECTOR_CONFIG="/nowhere.yaml") as process:
        assert process.stdout
        table = "devo.collector.metric.message_sent"
        line = next(line for line in process.stdout if table in line)
        process.terminate()
        process.communicate(timeout=30)

    sent = json.loads(json.loads(line)["message_content"])
    assert (sent["col_name"], sent["col_version"]) == ("test_collector", "1.2.3")
    assert sent["msg_sent"]["part_counter"] >= 3


def test_log_has_the_lines_that_users_of_the_sdk_look_for(project: SdkProject) -> None:
    """Each by its process, and all in this order."""
    project.write("build_time.txt", "2026-01-02T03:04:05Z\n")

    run = project.run(inside=True)

    found = [LINE.match(line) for line in run.log.splitlines()]
    lines = iter(f"{one[2]} {one[3]}" for one in found if one)
    home = project.folder
    for expected in (
        f'MainProcess::MainThread Added "{home}" directory to the Python path',
        f'MainProcess::MainThread Added "{home}/config_internal" directory to the Pyt',
        f'MainProcess::MainThread Added "{home}/schemas" directory to the Python path',
        (
            "MainProcess::MainThread Production mode: False, execute"
            " only setup and exit:"
            " False, Python version: "
        ),
        (
            "MainProcess::MainThread Loading configuration using the following files:"
            ' {"full_config": "config.yaml", "job_config_loc": null,'
            ' "collector_config_loc": null}'
        ),
        (
            "MainProcess::MainThread Using the default location for"
            ' "job_config_loc" file:'
            ' "/etc/devo/job/job_config.json"'
        ),
        'MainProcess::MainThread Using the default location for "collector_config_loc"',
        (
            "MainProcess::MainThread Results of validation of config files parameters:"
            f' {{"config": "{home}/config/config.yaml", "config_validated": True, '
            '"job_config_loc": "/etc/devo/job/job_config.json",'
            ' "job_config_loc_default":'
            ' True, "job_config_loc_validated": False, '
        ),
        'MainProcess::MainThread Build time: "2026-01-02T03:04:05Z", OS: "',
        'MainProcess::MainThread Initialized all object from "MainProcess" process',
        "OutputProcess::MainThread Process Started",
        "InputProcess::MainThread Process Started",
        "InputProcess::MainThread InputProcess - Starting thread (executing_period=300",
        (
            "InputProcess::MainThread InputThread(fruit,f1) - Starting thread"
            " (execution_period=60s)"
        ),
        "InputProcess::MainThread ServiceThread(fruit,f1,apples,predefined) - Starting",
        "InputProcess::MainThread ApplePuller(fruit,f1,apples,predefined) - Starting",
        (
            "InputProcess::MainThread Removed finalized thread:"
            " ApplePuller(fruit,f1,apples,predefined)"
        ),
        '[EXIT] Process "InputProcess" completely terminated',
        '[QUEUE] Blocking "standard_queue" for avoiding the receiving of any new inco',
        (
            "OutputProcess::ConsoleSenderManagerMonitor(standard_senders,console_1)"
            " Standard - Total number of messages: 3 messages/bytes sent since "
        ),
        "enqueued_elapsed_times_in_seconds_stats: {'count': ",
        "Sender: ConsoleSender(standard_senders,console_sender_0), status: {",
        '[EXIT] Process "OutputProcess" completely terminated',
        '[EXIT] Process "MainProcess" completely terminated (elapsed time since the',
    ):
        assert any(expected in line for line in lines), expected
    assert 'collector(name:version): "orchard:1.2.3", owner: "us"' in run.log
    assert "Setup for module <ApplePuller> has been successfully executed" in run.log


def test_events_reach_a_relay_whose_certificates_lie_in_the_project(
    project: SdkProject, tmp_path: Path
) -> None:
    """The three files are found in `certs`, and everything is confirmed."""
    certificates = ensure_certificates(tmp_path / "made")
    files = {
        "chain.crt": certificates.chain,
        "d.crt": certificates.client.certificate,
        "d.key": certificates.client.key,
    }
    for name, file in files.items():
        project.write(f"certs/{name}", file.read_text("utf-8"))
    with Relay(certificates) as relay:
        output = (
            "devo_1: {type: devo_platform, config: {address: 127.0.0.1, port: "
            f"{relay.port}, type: SSL, chain: chain.crt, cert: d.crt, key: d.key}}}}"
        )
        project.write(
            "config/config.yaml", CONFIG.replace("console_1: {type: console}", output)
        )

        run = project.run()

        stored = [one.message for one in relay.ledger.entries()]
    assert run.code == 0, run.log
    assert len(stored) == 3
    assert "confirmation level close_notify" in run.log


def test_signal_ends_an_endless_project_with_code_0(project: SdkProject) -> None:
    """What was sent before is delivered; the last line tells how long it took."""
    project.write("config/config.yaml", ENDLESS)
    with project.spawn() as process:
        read_until(process, "Data collection completed")
        process.send_signal(signal.SIGINT)
        # Whoever signals a process and its group sends a second one at once.
        process.send_signal(signal.SIGTERM)
        out, log = process.communicate(timeout=30)

    assert process.returncode == 0
    assert len(out.splitlines()) % 3 == 0
    assert "system signal (code: " in log
    assert "(elapsed time since the system signal was received: " in log


def test_validate_runs_setups_only(project: SdkProject) -> None:
    """Code 0 when all succeed; nothing is pulled, sent or saved."""
    run = project.run("--validate")

    assert run.code == 0, run.log
    assert run.messages == []
    assert "execute only setup and exit: True" in run.log
    assert not (project.folder / "state").exists()


def test_validate_fails_with_code_254(project: SdkProject) -> None:
    """A setup that fails is tried once and named; its secret is not."""
    bad = "services:\n"
    config = CONFIG.replace(bad, f"credentials: {{password: wrong}}\n    {bad}")
    project.write("config/config.yaml", config)

    run = project.run("--validate", inside=True)

    assert run.code == 254
    assert "service fruit/apples: the orchard refuses the password" in run.log


def test_production_mode_reaches_modules_and_state_can_be_forgotten(
    project: SdkProject,
) -> None:
    """`--prod-mode` is seen in `production_mode`; `--no-save-state` writes nothing."""
    first = project.run("--prod-mode", "--no-save-state")
    second = project.run()

    assert [one["production"] for one in first.contents(APPLES)] == [True] * 3
    assert [one["apple"] for one in second.contents(APPLES)] == [1, 2, 3]
    assert [one["production"] for one in second.contents(APPLES)] == [False] * 3


def test_pair_of_a_collector_server_wins_over_the_whole_file(
    project: SdkProject,
) -> None:
    """Inputs come from one file, everything else from the other."""
    project.write(
        "job.json",
        '{"global_overrides": {"debug": true}, "inputs": {"fruit": {"id": "f1",'
        ' "services": {"apples": {"apples_per_pull": 5}}}}}',
    )
    project.write(
        "collector.json",
        '{"job_id": "7", "job_name": "from server", "loggers": [{"type": "console"}],'
        ' "state_store": {"type": "filesystem", "dir": "served"}}',
    )

    run = project.run(
        "--job_config_loc", "job.json", "--collector_config_loc", "collector.json"
    )

    assert run.code == 0, run.log
    assert len(run.contents(APPLES)) == 5
    assert "AppleSetup(from_server,fruit#f1,apples#predefined)" in run.log
    assert (project.folder / "served").is_dir()
    assert " DEBUG " in run.log


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (
            "config/config.yaml",
            CONFIG.replace("{type: console}", "[}"),
            "config.yaml:7:15: SY003",
        ),
        ("agent/modules/orchard.py", "import not_there_at_all\n", "orchard.py:1)"),
        (
            "agent/modules/orchard.py",
            MODULES.replace("class ApplePuller(", "class ApplesPuller("),
            "did you mean ApplesPuller?",
        ),
    ],
    ids=["syntax", "import", "class"],
)
def test_what_cannot_run_ends_with_code_255(
    project: SdkProject, name: str, text: str, expected: str
) -> None:
    """Before anything is started, with the place."""
    project.write(name, text)

    run = project.run()

    assert run.code == 255
    assert expected in run.log.partition("[DC1")[2]
    assert " INFO " not in run.log.partition("[DC1")[2]
    assert "Initialized all object" not in run.log


def test_service_of_an_unknown_name_is_the_custom_one(project: SdkProject) -> None:
    """It runs under the user's name and the definition's type."""
    project.write("config/config.yaml", CONFIG.replace("apples:", "pears:"))

    run = project.run()

    assert run.code == 0, run.log
    assert "ApplePuller(fruit,f1,pears,custom) - Starting thread" in run.log


def test_secrets_do_not_reach_the_log(project: SdkProject) -> None:
    """Neither in the debug dump nor in a line of the module itself."""
    secret = "canary-value-of-a-password"  # noqa: S105  (made up)
    given = f"credentials: {{password: {secret}}}\n    services:\n"
    config = CONFIG.replace("services:\n", given).replace(
        "globals:\n", "globals:\n  debug: true\n"
    )
    project.write("config/config.yaml", config)
    source = MODULES.replace(
        "        self.settings =",
        "        self.log_info(input_config)\n        self.settings =",
    )
    project.write("agent/modules/orchard.py", source)

    run = project.run()

    assert run.code == 0, run.log
    assert secret not in run.log
    assert 'Configuration: {"globals": ' in run.log


def test_module_that_never_pulls_ends_with_code_0(project: SdkProject) -> None:
    """A module may end itself before its first pull."""
    source = MODULES.replace(
        "def pre_pull(self, retrieving_timestamp):\n",
        "def pre_pull(self, retrieving_timestamp):\n       "
        " self.running_flag = False\n",
    )
    project.write("agent/modules/orchard.py", source)

    run = project.run()

    assert run.code == 0, run.log
    assert run.messages == []


def test_first_cause_of_a_refused_module_is_named(project: SdkProject) -> None:
    """The SDK complains of a missing setup instead."""
    project.write(
        "agent/modules/orchard.py",
        MODULES.replace("self.settings =", "raise KeyError('soil')\n        x ="),
    )

    run = project.run()

    assert run.code == 1
    assert "SdkServiceInitializationError[CODE:0030-30]" in run.log
    assert "module_name: ApplePuller(fruit,f1,apples,predefined)" in run.log
    assert "details: 'soil'" in run.log


def test_killed_project_loses_nothing(project: SdkProject, tmp_path: Path) -> None:
    """The numbers that reached the relay have no gap after a kill and a restart."""
    certificates = ensure_certificates(tmp_path / "made")
    client = certificates.client
    with Relay(certificates) as relay:
        output = (
            "devo_1: {type: devo_platform, delivery: {confirm_interval_in_seconds:"
            f" 0.2}}, config: {{address: 127.0.0.1, port: {relay.port}, chain:"
            f" {certificates.chain}, cert: {client.certificate}, key: {client.key}}}}}"
        )
        config = ENDLESS.replace("console_1: {type: console}", output)
        project.write("config/config.yaml", config)
        with project.spawn() as process:
            for _ in range(2):
                read_until(process, "Data collection completed")
            process.kill()
            process.communicate(timeout=30)
        project.write("config/config.yaml", config.replace("endless: true", ""))

        run = project.run()

        stored = [json.loads(one.message)["apple"] for one in relay.ledger.entries()]
    assert run.code == 0, run.log
    assert set(stored) == set(range(1, max(stored) + 1))
    assert max(stored) >= 6


@pytest.mark.parametrize("option", ["--validate", "--prod-mode"])
def test_options_of_the_sdk_need_a_project(tmp_path: Path, option: str) -> None:
    """Without one they would mean nothing."""
    code, log = Program(tmp_path).run("run", option)

    assert code == 2
    assert "goes together with --project" in log


def test_project_of_the_oldest_layout_runs(tmp_path: Path) -> None:
    """Its modules import `agent.inputs`, and its puller creates the setup itself."""
    creating = """\
class ApplePuller(CollectorPullerAbstract):
    def create_setup_instance(self, setup_class_name, autosetup_enabled, variables):
        self.created = True
        return globals()[setup_class_name](
            self, variables, autosetup_enabled, self.input_id, self.input_name,
            self.input_config, self.input_definition, self.service_name,
            self.service_type, self.service_config, self.service_definition,
            self.module_name, self.module_config, self.module_definition,
            self.persistence_object, self.internal_queue,
        )

"""
    modules = (
        MODULES.replace("devocollectorsdk.inputs", "agent.inputs")
        .replace("class ApplePuller(CollectorPullerAbstract):\n", creating)
        .replace("self.production_mode}", "self.created}")
    )
    definitions = DEFINITIONS.replace(
        "management_process_execution_period_in_seconds",
        "input_controller_execution_periods_in_seconds",
    )
    project = SdkProject(tmp_path, modules=modules, definitions=definitions)

    run = project.run()

    assert run.code == 0, run.log
    assert [one["production"] for one in run.contents(APPLES)] == [True] * 3
