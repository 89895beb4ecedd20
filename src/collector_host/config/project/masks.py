"""Checks what is to be masked, in events and in the dump of the configuration.

It is read as it will be when something is masked.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, cast

from collector_host.config.project.faults import breach, sdk_fault
from devocollectorsdk.commons.collector_exceptions import SdkObfuscationError
from devocollectorsdk.commons.masking import read_entries, read_entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.document import DataPath, Document
    from collector_lint.findings import Finding

_DUMP: Final = "config_obfuscation"
_ENTRIES: Final = "key_value_entries"
_VALUES: Final = "mask_values"


def check_entries(document: Document, path: DataPath) -> Iterator[Finding]:
    """Yield every entry of a list of masks that cannot be used.

    The genuine host passes over it, and sends what it names unmasked.
    """
    given = document.mapping(path[:-1]).get(str(path[-1]))
    if not isinstance(given, list):
        try:
            read_entries(given)
        except SdkObfuscationError as error:
            yield _breach(document, path, error)
        return
    for index, entry in enumerate(cast("list[Any]", given)):
        try:
            read_entry(index + 1, entry)
        except SdkObfuscationError as error:
            yield _breach(document, (*path, index), error)


def check_dump(document: Document, above: DataPath) -> Iterator[Finding]:
    """Yield a warning for what `config_obfuscation` of an input does not reach.

    The dump is for reading only, so none of it stops a start; keys that sound like
    secrets are masked without it.
    """
    path = (*above, _DUMP)
    for where in (path, (*path, _VALUES)):
        value = document.mapping(where[:-1]).get(str(where[-1]))
        if value and not isinstance(value, dict):
            message = f"{where[-1]} must be a mapping: it masks nothing"
            yield _warning(breach(document, where, message))
    for finding in check_entries(document, (*path, _ENTRIES)):
        yield _warning(finding)


def _warning(finding: Finding) -> Finding:
    return replace(finding, severity="warning")


def _breach(document: Document, path: DataPath, error: SdkObfuscationError) -> Finding:
    message = sdk_fault("obfuscation", error.sub_code, error.cause)
    return breach(document, path, message, at_key=False)
