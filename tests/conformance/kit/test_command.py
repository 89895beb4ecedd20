"""The command `collector conformance`: its two forms, its options, its exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from collector_host.conformance import RULES
from conformance.kit.faulty import HASTY, MEDDLING, write

TIMEOUT_S = 50


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "collector_host", "conformance", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=TIMEOUT_S,
        env=os.environ | {"COLUMNS": "80"},
    )


def test_loss_is_proved_and_explained(tmp_path: Path) -> None:
    """What was seen, why it hurts, how to mend it, which messages; exit code 1."""
    run = _run(str(write(tmp_path / "project", *HASTY)), "--only", "KT601")

    assert run.returncode == 1, run.stderr
    assert "error KT601 broken: a kill behind a commit loses nothing" in run.stdout
    assert "killed behind the commit of save 1: 3 of 6 message(s) never" in run.stdout
    assert "my.app.fruit.apples #1 (" in run.stdout
    assert "mend:   Call save_state behind the last message" in run.stdout
    assert "\x1b" not in run.stdout


def test_report_is_data_and_the_same_each_time(tmp_path: Path) -> None:
    """JSON on stdout, nothing else; a second run gives the same text."""
    project = write(tmp_path / "project", *MEDDLING)
    options = (str(project), "--only", "KT901", "--only", "KT803", "--format", "json")

    first, second = _run(*options), _run(*options)

    assert first.stdout == second.stdout
    report = json.loads(first.stdout)
    assert [one["rule"] for one in report["findings"]] == ["KT901"]
    assert report["findings"][0]["seen"] == "input_config.region was changed"
    assert report["rules"]["KT803"] == "kept"
    assert report["not_judged"]["KT601"] == "not asked for"
    assert first.returncode == 1


def test_project_that_keeps_the_rules_ends_with_0(tmp_path: Path) -> None:
    """The journals and logs of all runs stay where they are asked for."""
    project, keep = write(tmp_path / "project"), tmp_path / "keep"

    run = _run(str(project), "--only", "KT901", "--all", "--keep", str(keep))

    assert run.returncode == 0, run.stdout + run.stderr
    assert "KT901 kept: the configuration is only read" in run.stdout
    assert (keep / "plain-1" / "life-1" / "journal.jsonl").is_file()
    assert not (project / "state").exists()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((), "name a project's folder"),
        (("nowhere",), "there is no folder nowhere; a plugin needs --config"),
        (("{project}", "--only", "KT000"), "there is no rule KT000"),
        (("{project}", "--config", "none.yaml"), "none.yaml does not exist"),
        (("{project}", "--module", "PearPuller"), "enables no module PearPuller"),
        (("{broken}",), "agent.modules cannot be imported: SyntaxError"),
        (("no_plugin", "--config", "{project}/config/config.yaml"), "no plugin no_p"),
    ],
    ids=["nothing", "nowhere", "rule", "config", "module", "import", "plugin"],
)
def test_what_cannot_be_run_ends_with_2(
    arguments: tuple[str, ...], expected: str, tmp_path: Path
) -> None:
    """With the reason, and no report."""
    places = {
        "project": write(tmp_path / "project"),
        "broken": write(tmp_path / "broken", ("import os\n", "import (\n")),
    }

    run = _run(*(each.format(**places) for each in arguments))

    assert run.returncode == 2, run.stdout + run.stderr
    assert expected in " ".join(run.stderr.split())
    assert run.stdout == ""


def test_rules_are_listed() -> None:
    """Every rule with its severity, what it costs and how to keep it."""
    run = _run("--list-rules")

    assert run.returncode == 0
    for rule in RULES.values():
        assert f"{rule.id} {rule.severity} {rule.title}\n" in run.stdout
        assert rule.mend in run.stdout


def test_secrets_are_in_no_report(tmp_path: Path) -> None:
    """Neither a value of the configuration nor the content of a message."""
    secret = "canary-value-of-a-password"  # noqa: S105  (made up)
    picking = "    def pick(self, number):\n"
    leaking = """\
        secrets = self.input_config["credentials"]
        self.input_config["x"] = secrets
        self.send_standard_message("date", "my.app.more", secrets)
        raise OSError(str(secrets))
"""
    project = write(tmp_path / "project", (picking, picking + leaking))
    config = project / "config" / "config.yaml"
    text = config.read_text().replace(
        "    services:\n",
        f"    credentials: {{password: {secret}}}\n    services:\n",
    )
    config.write_text(text)

    run = _run(str(project), "--format", "json", "--limit", "3")

    assert run.returncode == 1, run.stderr
    assert '"rule": "KT104"' in run.stdout
    assert '"rule": "KT901"' in run.stdout
    assert secret not in run.stdout + run.stderr
