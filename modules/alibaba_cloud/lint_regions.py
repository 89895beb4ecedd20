"""AL610: unknown region."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Iterator, List, Mapping, Tuple, Union, cast

from collector_lint.rule import Rule

from .lint_services import ACTIONTRAIL, changed, log_services, services

if TYPE_CHECKING:
    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace

KNOWN_REGIONS = frozenset(
    {
        *("cn-beijing", "cn-chengdu", "cn-fuzhou", "cn-guangzhou"),
        *("cn-hangzhou", "cn-heyuan", "cn-hongkong", "cn-huhehaote"),
        *("cn-nanjing", "cn-qingdao", "cn-shanghai", "cn-shenzhen"),
        *("cn-wuhan-lr", "cn-wulanchabu", "cn-zhangjiakou", "cn-zhongwei"),
        "cn-zhengzhou-jva",
        *("cn-beijing-finance-1", "cn-hangzhou-finance", "cn-heyuan-acdr-1"),
        *("cn-north-2-gov-1", "cn-shanghai-finance-1", "cn-shenzhen-finance-1"),
        *("ap-northeast-1", "ap-northeast-2", "ap-south-1", "ap-southeast-1"),
        *("ap-southeast-2", "ap-southeast-3", "ap-southeast-5", "ap-southeast-6"),
        *("ap-southeast-7", "eu-central-1", "eu-west-1", "me-central-1"),
        *("me-east-1", "na-south-1", "us-east-1", "us-southeast-1"),
        "us-west-1",
    }
)
"""Identifiers of regions, those that were closed included: their names are right.

New ones appear every year, so nothing is refused for its region.

Source:
    The vendor's lists of regions, and the addresses its SDKs know.
"""
FORM = re.compile(r"[a-z]{2,}(-[a-z0-9]+)+")
"""What has another form is found by the schema."""


def nearest(name: str) -> str:
    """Return the known region whose name is most like an unknown one, or ""."""
    if name in KNOWN_REGIONS:
        return ""
    near = get_close_matches(name, sorted(KNOWN_REGIONS), n=1)
    return near[0] if near else ""


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    del workspace
    for document, path, settings in (
        *services(target, ACTIONTRAIL),
        *log_services(target),
    ):
        if settings.get("endpoint"):
            continue  # whose it is knows its regions
        for where, name in _named(settings):
            if name in KNOWN_REGIONS or not FORM.fullmatch(name):
                continue
            near = nearest(name)
            yield document.finding(
                (*path, *where),
                RULE.id,
                "no region of this name is known"
                + (f"; did you mean {near}?" if near else ""),
                hint="correct it, or leave it if the vendor opened a new region",
                severity="warning",
            )


def _named(
    settings: Mapping[str, Any],
) -> Iterator[Tuple[Tuple[Union[str, int], ...], str]]:
    """Yield place and name of each region that is written out."""
    several = settings.get("regions")
    if isinstance(several, list):
        for index, name in enumerate(cast("List[object]", several)):
            yield ("regions", index), str(name)
    yield ("region",), str(settings.get("region", ""))


RULE = Rule(
    id="AL610",
    name="unknown-region",
    group="config",
    severity="warning",
    kinds=("config",),
    what="A region has a name that no region of the vendor is known to have.",
    why="The address of a region is made of its name. One that does not exist shows "
    "when the service starts, as a name that cannot be resolved.",
    mend="Take the suggestion. The vendor opens new regions: if it is one, leave it.",
    bad=changed("region: cn-hangzhou", "region: cn-hangzou"),
    good=changed("region: cn-hangzhou", "region: cn-hangzhou"),
    check=_check,
)
