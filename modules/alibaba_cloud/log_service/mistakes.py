"""What is surely wrong in the settings of a Log Store, for start and linter alike.

Each function returns what is wrong, or an empty text; no value is shown but numbers.
"""

from __future__ import annotations

from .records import SOURCE, TAG_PREFIX, TOPIC

DOMAIN = "log.aliyuncs.com"
"""Where the vendor's addresses of Log Service end."""
RESERVED = (SOURCE, TOPIC)
"""What may give an added field its value, beside a tag."""


def no_such_group(number: int, of: int) -> str:
    """Tell why a group of shards cannot be read: the numbers count from 1."""
    if 1 <= number <= of:
        return ""
    return f"there is no group {number} of {of}"


def names_project(host: str, project: str) -> str:
    """Tell that an address of the vendor's begins with the project.

    The vendor's SDK puts the project before the address, so it would be there twice.
    """
    address = host.partition(":")[0].lower()
    rest = address[len(project) + 1 :]
    if address.startswith(f"{project}.") and rest.endswith(f".{DOMAIN}"):
        return "the endpoint names the project, which is put before it anyway"
    return ""


def no_such_field(value: str) -> str:
    """Tell that an added field asks for a reserved field that no record has.

    What begins with `__` is never a fixed text; it would always come out empty.
    """
    is_tag = value.startswith(TAG_PREFIX) and len(value) > len(TAG_PREFIX)
    if not value.startswith("__") or is_tag or value in RESERVED:
        return ""
    return "records have no such reserved field"
