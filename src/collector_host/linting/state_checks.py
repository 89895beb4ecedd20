"""The host's own check of state files, for the linter: the one that a start makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from collector_host.errors import StateVersionError
from collector_host.state.document import DamagedDocumentError, parse
from collector_lint.document import START, finding_at

if TYPE_CHECKING:
    from collections.abc import Iterable

    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace

_DAMAGED: Final = "SF501"


def check_state(target: Target, workspace: Workspace) -> Iterable[Finding]:
    """Find a state that is not what the collector wrote, readable or not."""
    del workspace
    if target.unread:
        return
    try:
        parse(target.data)
    except DamagedDocumentError as error:
        message = f"the state is damaged: {error}"
        hint = "restore a copy, or move it away to use the generation before"
        yield finding_at(target.name, START, _DAMAGED, message, hint=hint)
    except StateVersionError:
        return  # another rule says so
