"""Brings `globals` of a project's configuration into the host's form.

What the SDK ignores is ignored with its warning, what it replaces is replaced.
"""

from __future__ import annotations

import json
import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from collector_host.config.codes import LIMITS
from collector_host.config.project import codes
from collector_host.config.project.faults import breach, config_fault, sdk_fault
from collector_host.config.project.secrets import looks_secret
from collector_host.telemetry.masking import MASK
from collector_lint.findings import shown_key

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from collector_lint.document import Document
    from collector_lint.findings import Finding

ROOT: Final = "globals"
_WRAP_KEY: Final = "queue_wrap_max_size_in_messages"
_QUEUE_KEY: Final = "queue_max_size_in_messages"
_WRAP: Final = 100
_QUEUE: Final = 10_000
_NEAR: Final = 0.75
_NAME: Final = re.compile(r"[0-9a-zA-Z_-]+", re.ASCII)
_REPLACED: Final = re.compile(r"[.# ]")
_IGNORED: Final = frozenset({"multiprocessing"})
"""Keys the host's own form knows, and the SDK since its version 1.3 does not."""


def check_globals(document: Document) -> Iterator[Finding]:
    """Yield what the contract demands of `globals` and is not there."""
    given = document.mapping((ROOT,))
    if not given:
        return
    path = (ROOT,)
    if given.get("id") is None:
        message = sdk_fault("persistence", 10, "globals.id is missing")
        yield breach(document, path, message)
    if given.get("name") is None:
        message = sdk_fault("persistence", 20, "globals.name is missing")
        yield breach(document, path, message)
    else:
        yield from _check_name(document, str(given["name"]))
    if given.get("persistence") is None:
        message = sdk_fault("persistence", 30, "globals.persistence is missing")
        hint = "persistence: {type: filesystem, config: {directory_name: state}}"
        yield breach(document, path, message, hint=hint)


def misspelt(document: Document, known: Collection[str]) -> Iterator[Finding]:
    """Yield a warning for a key that nothing reads and that is near a known one.

    The others are only logged when they are ignored, as the SDK does: a key may be
    another version's.

    Args:
        document: The configuration.
        known: Keys the host knows.
    """
    given = document.mapping((ROOT,))
    for key in given.keys() - set(known):
        # Where the right name is there, too, a key that is only like it may be
        # another version's.
        likely = [name for name in known if name not in given or _is_slip(key, name)]
        near = get_close_matches(key, sorted(likely), n=1, cutoff=_NEAR)
        if near:
            yield document.finding(
                (ROOT, key),
                codes.UNREAD,
                f"nothing reads {shown_key(key)}; did you mean {near[0]}?",
                hint="it is there, too: remove one" if near[0] in given else "",
                at_key=True,
                severity="warning",
            )


def _is_slip(key: str, name: str) -> bool:
    """Tell whether a name has a letter more or less, or two that changed places."""
    swapped = (
        f"{name[:n]}{name[n + 1 : n + 2]}{name[n]}{name[n + 2 :]}"
        for n in range(len(name))
    )
    return name in _shorter(key) or key in {*_shorter(name), *swapped}


def _shorter(name: str) -> set[str]:
    return {name[:n] + name[n + 1 :] for n in range(len(name))}


def check_queue_limits(document: Document) -> Iterator[Finding]:
    """Yield a finding where a wrapped message could fill the whole queue.

    The SDK ends with a trace of an assertion here.
    """
    given = document.mapping((ROOT,))
    wrap, whole = given.get(_WRAP_KEY, _WRAP), given.get(_QUEUE_KEY, _QUEUE)
    if isinstance(wrap, int) and isinstance(whole, int) and wrap >= whole:
        name = _WRAP_KEY if _WRAP_KEY in given else _QUEUE_KEY
        message = f"{_WRAP_KEY} must be less than {_QUEUE_KEY}"
        hint = f"defaults are {_WRAP} and {_QUEUE}"
        yield document.finding((ROOT, name), LIMITS, message, hint=hint)


def _check_name(document: Document, name: str) -> Iterator[Finding]:
    path = (ROOT, "name")
    if not _NAME.fullmatch(proper_name(name)):
        cause = "the name of the collector has characters that are not allowed"
        hint = "use letters, digits, `_` and `-`"
        yield breach(document, path, config_fault(13, cause), hint=hint, at_key=False)
    elif proper_name(name) != name:
        message = "'.', '#' and ' ' in the name of the collector are replaced by '_'"
        yield document.finding(path, codes.NAME_CHANGED, message, severity="warning")


def proper_name(name: str) -> str:
    """Return a collector's name as it is used."""
    return _REPLACED.sub("_", name)


def adapted(
    given: dict[str, Any], known: Collection[str]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return `globals` in the host's form, and the lines for what is ignored.

    Args:
        given: What the user wrote.
        known: Keys the host knows.
    """
    used = set(known) - _IGNORED
    kept = {key: value for key, value in given.items() if key in used}
    if "name" in kept:
        kept["name"] = proper_name(str(kept["name"]))
    if "id" in kept:
        kept["id"] = str(kept["id"])
    # The SDK sends its own log to Devo, always.
    kept.setdefault("send_internal_messages", True)
    ignored = tuple(
        f"[WARNING] Illegal global setting has been ignored -> {key}:"
        f" {_shown(key, value)}"
        for key, value in given.items()
        if key not in used
    )
    return kept, ignored


def _shown(key: str, value: object) -> str:
    if looks_secret(str(key)):
        return MASK
    return value if isinstance(value, str) else json.dumps(value, default=str)
