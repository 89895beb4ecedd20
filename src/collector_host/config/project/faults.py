"""What the SDK's contract calls the mistakes of a project, in the words it prints.

It knows the numbers, not who finds the mistakes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from collector_host.config.project import codes

if TYPE_CHECKING:
    from collector_lint.document import DataPath, Document
    from collector_lint.findings import Finding

Area: TypeAlias = Literal[
    "definitions",
    "management",
    "input",
    "input_thread",
    "service",
    "persistence",
    "obfuscation",
]

_AREAS: Final[dict[Area, str]] = {
    "definitions": "SdkDefinitionsInitializationError[CODE:0002-{:02d}]",
    "input": "SdkInputInitializationError[CODE:0020-{}]",
    "input_thread": "SdkInputThreadError[CODE:0024-{}]",
    "service": "SdkServiceInitializationError[CODE:0030-{:02d}]",
    "management": "SdkManagementProcessInitializationError[CODE:{}]",
    "obfuscation": "SdkObfuscationError[CODE:0007-{}]",
    "persistence": "SdkPersistenceConfigurationError[CODE:0084-{}]",
}


def sdk_fault(area: Area, number: int, cause: str) -> str:
    """Return a message of one of the SDK's exceptions.

    Args:
        area: Which exception.
        number: Its sub code.
        cause: What is wrong, one sentence.
    """
    return f"{_AREAS[area].format(number)} {cause}"


def config_fault(number: int, cause: str) -> str:
    """Return a message of the SDK's `CollectorConfigurationException`."""
    name = f"CollectorConfigurationException [CODE:{number:04d}]"
    return f'{name} Error in configuration, cause: "{cause}"'


def breach(
    document: Document,
    path: DataPath,
    message: str,
    *,
    hint: str = "",
    at_key: bool = True,
) -> Finding:
    """Return the finding of a broken rule at the key or value of a path."""
    return document.finding(path, codes.CONTRACT, message, hint=hint, at_key=at_key)
