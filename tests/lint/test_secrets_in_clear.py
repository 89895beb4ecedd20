"""Secrets are found where a key, an address or their own form tells them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from alibaba_cloud.lint_services import changed
from collector_host.linting import example_project as project
from collector_lint.secrets_in_clear import secret_in_clear
from support.linting import run_lint, write_files

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "hunter22"  # noqa: S105  (made up)
PEM = "-----BEGIN RSA PRIVATE KEY-----\nhunter22\n-----END RSA PRIVATE KEY-----\n"


@pytest.mark.parametrize(
    ("key", "value", "word"),
    [
        ("password", SECRET, "a secret stands"),
        ("password", 12345678, "a secret stands"),
        ("clientSecret", SECRET, "a secret stands"),
        ("secret-key", SECRET, "a secret stands"),
        ("security_token", "${T:-hunter22}", "default"),
        ("security_token", "Bearer ${T:-hunter22}", "default"),
        ("proxy", "http://user:hunter22@proxy:3128", "address"),
        ("proxy", "${PROXY:-http://user:hunter22@proxy:3128}", "address"),
        ("proxy", "http://${USER}:hunter22@proxy:3128", "address"),
        ("proxy", "http://user:${PW:-hunter22}@proxy:3128", "address"),
        ("url", "see redis://:hunter22@cache:6379/0", "address"),
        ("key", PEM, "private key"),
        ("anything", "-----BEGIN PRIVATE KEY-----", "private key"),
    ],
)
def test_secret_is_found_and_not_shown(key: str, value: object, word: str) -> None:
    """Whatever the key is called."""
    found = secret_in_clear(("inputs", key), value)

    assert found is not None
    assert word in found.message
    assert SECRET not in f"{found.message} {found.hint}"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("password", "${PW}"),
        ("password", "${PW:-}"),
        ("password", "${file:/run/secrets/pw}"),
        ("authorization_token", "Bearer ${T}"),
        ("password", ""),
        ("password", None),
        ("token", True),
        ("password_file", "/run/secrets/pw"),
        ("tokens", "seven"),
        ("secretary", "Ann"),
        ("access_key_id", "LTAIexample00000"),
        ("proxy", "http://proxy:3128"),
        ("proxy", "http://user@proxy:3128"),
        ("proxy", "http://user:${PW}@proxy:3128"),
        ("proxy", "http://${USER}:${PW}@proxy:3128"),
        ("proxy", "${PROXY:-http://proxy:3128}"),
        ("query", "http://host:80/path?to=a@example.com"),
        ("key", "certificates/collector.key"),
        ("chain", "-----BEGIN CERTIFICATE-----"),
    ],
)
def test_what_is_no_secret_is_left_alone(key: str, value: object) -> None:
    """References, names of files, and what only sounds like one."""
    assert secret_in_clear(("inputs", key), value) is None


def test_each_form_of_a_secret_is_reported_in_a_configuration(tmp_path: Path) -> None:
    """An access key beside another key, too; no report shows one."""
    lines = [
        "environment: LTAIhunter22hunter22",
        'credentials: {type: access_key, access_key_id: "LTAIhunter22hunter22",',
        '  access_key_secret: "${S}", security_token: "${T:-hunter22}"}',
    ]
    files = changed("credentials: {type: default}", "\n    ".join(lines))
    files = {
        name: text.replace(
            "region: cn-hangzhou",
            'region: cn-hangzhou\n        proxy: "http://u:hunter22@proxy:3128"',
        )
        for name, text in files.items()
    }
    write_files(tmp_path, files)

    outcome = run_lint(str(tmp_path), "--format", "json")
    shown = run_lint(str(tmp_path))

    found = [(f["code"], f["path"]) for f in json.loads(outcome.out)["findings"]]
    assert found == [
        ("AL614", "$.inputs.alibaba.environment"),
        ("CF324", "$.inputs.alibaba.credentials.security_token"),
        ("CF324", "$.inputs.alibaba.services.actiontrail.proxy"),
    ]
    assert SECRET not in outcome.out + shown.out


def test_secret_of_a_project_is_reported(tmp_path: Path) -> None:
    """Its configuration is copied and kept like any other."""
    files = project.project(
        config=("    id: f1", "    id: f1\n    credentials: {password: hunter22}")
    )
    write_files(tmp_path, files)

    outcome = run_lint(str(tmp_path), "--select", "PJ420", "--format", "json")

    [found] = json.loads(outcome.out)["findings"]
    assert found["path"] == "$.inputs.fruit.credentials.password"
    assert SECRET not in outcome.out
