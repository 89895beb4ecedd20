"""AL612: unusable endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterator, Mapping

from collector_lint.rule import Rule

from .endpoint import parse_endpoint
from .errors import InitVariablesError
from .lint_services import ACTIONTRAIL, log_service, log_services, services
from .log_service.mistakes import names_project
from .problems import PLAIN_HTTP

if TYPE_CHECKING:
    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace

_KEY = "endpoint"


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    del workspace
    for document, path, settings in (
        *services(target, ACTIONTRAIL),
        *log_services(target),
    ):
        text = settings.get(_KEY)
        # What a reference stands for is known at the start only.
        if not isinstance(text, str) or not text or "$" in text:
            continue
        mistake = _mistake(text, settings)
        if mistake:
            hint = "e.g. https://cn-hangzhou-intranet.log.aliyuncs.com"
            yield document.finding((*path, _KEY), RULE.id, mistake, hint=hint)


def _mistake(text: str, settings: Mapping[str, Any]) -> str:
    try:
        endpoint = parse_endpoint(text)
    except InitVariablesError as error:
        # That one has a rule of its own; what the error says would show the value.
        return "" if error.problem is PLAIN_HTTP else "the endpoint is not an address"
    project = settings.get("project")
    return names_project(endpoint.host, project) if isinstance(project, str) else ""


RULE = Rule(
    id="AL612",
    name="unusable-endpoint",
    group="config",
    severity="error",
    kinds=("config",),
    what="`endpoint` is no address, or begins with the project.",
    why="A path or a user cannot be part of it. The vendor's SDK puts the project "
    "before the address, so that it would be there twice; the service refuses to "
    "start.",
    mend="Write scheme, host and perhaps a port, without the project.",
    bad=log_service('endpoint: "https://example-project.cn-hangzhou.log.aliyuncs.com"'),
    good=log_service('endpoint: "https://cn-hangzhou.log.aliyuncs.com"'),
    check=_check,
)
