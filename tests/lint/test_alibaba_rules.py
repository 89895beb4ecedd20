"""The plugin's rules know regions, shard groups, addresses and reserved fields."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from alibaba_cloud.lint_regions import KNOWN_REGIONS
from alibaba_cloud.lint_services import changed, log_service
from support.linting import run_lint, write_files

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def _found(folder: Path, files: Mapping[str, str]) -> list[tuple[str, str, str]]:
    write_files(folder, files)
    report = json.loads(run_lint(str(folder), "--format", "json").out)
    return [
        (finding["code"], finding["severity"], finding["message"])
        for finding in report["findings"]
    ]


def test_regions_in_no_form_of_one_have_one_finding(tmp_path: Path) -> None:
    """Two in one entry: which of them are missed is not known."""
    several = changed("region: cn-hangzhou", 'regions: [us-east-1 eu-west-1 "x"]')

    assert [code for code, *_ in _found(tmp_path, several)] == ["ST106"]


def _region(name: str) -> dict[str, str]:
    return changed("region: cn-hangzhou", f"region: {name}")


@pytest.mark.parametrize(
    ("files", "codes", "text"),
    [
        (_region("cn-hangzou"), ["AL610"], "did you mean cn-hangzhou?"),
        (_region("us-west-2"), ["AL602", "AL610"], "did you mean us-west-1?"),
        (
            changed("region: cn-hangzhou", "regions: [cn-hangzhou, eu-centrall-1]"),
            ["AL610"],
            "did you mean eu-central-1?",
        ),
        (log_service("region: cn-shangai"), ["AL610", "SY005"], "cn-shanghai?"),
    ],
    ids=["near", "far", "one of several", "log service"],
)
def test_unknown_region_is_a_warning_with_the_nearest(
    tmp_path: Path, files: dict[str, str], codes: list[str], text: str
) -> None:
    """New regions open, so nothing is refused."""
    found = [each for each in _found(tmp_path, files) if each[0] in codes]

    assert sorted({code for code, _, _ in found}) == codes
    [(_, severity, message)] = [each for each in found if each[0] == "AL610"]
    assert (severity, text in message) == ("warning", True)


@pytest.mark.parametrize(
    "files",
    [
        changed(
            "region: cn-hangzhou", f"regions: [{', '.join(sorted(KNOWN_REGIONS))}]"
        ),
        _region('"${REGION:-cn-hangzhou}"'),
        changed(
            "region: cn-hangzhou",
            "regions: [ap-southeast-1, xx-new-9]\n        endpoint: trail.example.com",
        ),
    ],
    ids=["all known", "reference", "own address"],
)
def test_region_that_may_be_right_is_left_alone(
    tmp_path: Path, files: dict[str, str]
) -> None:
    """Known, not known yet, or another's."""
    assert _found(tmp_path, files) == []


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("shard_group: {number: 3, of: 2}", "AL611"),
        ("endpoint: example-project.cn-hangzhou.log.aliyuncs.com", "AL612"),
        ('endpoint: "https://Example-Project.cn-x.log.aliyuncs.com:443"', "AL612"),
        ('endpoint: "https://log.example.com/path"', "AL612"),
        ('endpoint: "ftp://log.example.com"', "AL612"),
        ("added_fields: {origin: __sorce__}", "AL613"),
        ("added_fields: {origin: __time__}", "AL613"),
        ('added_fields: {place: "__tag_:path"}', "AL613"),
        ('added_fields: {place: "__tag__"}', "AL613"),
    ],
)
def test_what_the_start_refuses_is_an_error(
    tmp_path: Path, line: str, code: str
) -> None:
    """Linter and start share what decides it."""
    found = _found(tmp_path, log_service(line))

    assert [(each[0], each[1]) for each in found] == [(code, "error")]


@pytest.mark.parametrize("value", ["_source_", "__source_"[1:], "_topic", "_tag:x"])
def test_fixed_text_like_a_reserved_field_is_a_warning(
    tmp_path: Path, value: str
) -> None:
    """It can be meant."""
    [(code, severity, message)] = _found(
        tmp_path, log_service(f'added_fields: {{origin: "{value}"}}')
    )

    assert (code, severity, "did you mean __" in message) == ("AL613", "warning", True)


@pytest.mark.parametrize(
    "line",
    [
        "shard_group: {number: 2, of: 2}",
        "added_fields: {tenant: source, other: topic, third: acme_topic}",
        'added_fields: {place: "__tag__:__receive_time__", key: "${TENANT:-__x}"}',
        'endpoint: "${ADDRESS:-https://example-project.cn-x.log.aliyuncs.com}"',
        "endpoint: example-project.example.com",
    ],
)
def test_right_settings_of_a_log_store_are_left_alone(
    tmp_path: Path, line: str
) -> None:
    """A false alarm is worse than a miss."""
    assert _found(tmp_path, log_service(line)) == []
