"""What a YAML scalar means by PyYAML's rules, timestamps staying text.

It knows nothing of places and findings.
"""

from __future__ import annotations

from typing import Final, cast

import yaml
from yaml.constructor import SafeConstructor
from yaml.resolver import Resolver

from collector_lint.scalars import MAX_NUMBER_CHARS

TAG: Final = "tag:yaml.org,2002:"
"""What the tags of plain data start with; written `!!` in YAML."""
TEXT: Final = f"{TAG}str"
MERGE: Final = f"{TAG}merge"
KINDS: Final = {
    f"{TAG}int": "an integer",
    f"{TAG}float": "a number",
    f"{TAG}bool": "true or false",
    f"{TAG}null": "nothing",
}
"""Tags of the scalars that are not text, in words."""

_NUMBERS: Final = (f"{TAG}int", f"{TAG}float")
_NOT_OURS: Final = (f"{TAG}timestamp", f"{TAG}value")


class ScalarError(Exception):
    """The text does not stand for a value of its type; the message says why."""


class PlainResolver(Resolver):
    """PyYAML's rules for unquoted scalars without timestamps and the `=` value."""

    yaml_implicit_resolvers = {  # noqa: RUF012  overrides PyYAML's own attribute
        first: [rule for rule in rules if rule[0] not in _NOT_OURS]
        for first, rules in Resolver.yaml_implicit_resolvers.items()
    }


_RESOLVER = PlainResolver()


def plain_value(text: str) -> object:
    """Return what an unquoted scalar with this text means; else the text itself."""
    tag = cast("str", _RESOLVER.resolve(yaml.ScalarNode, text, (True, False)))  # pyright: ignore[reportUnknownMemberType]  PyYAML is untyped here
    if tag not in KINDS:
        return text
    try:
        return construct(tag, text)
    except ScalarError:
        return text


def construct(tag: str, text: str) -> object:
    """Return the value a scalar with one of the tags in `KINDS` stands for.

    Raises:
        ScalarError: It stands for none, or for a number beyond the bound.
    """
    if tag in _NUMBERS and len(text) > MAX_NUMBER_CHARS:
        message = f"a number longer than {MAX_NUMBER_CHARS} characters"
        raise ScalarError(message)
    try:
        # A constructor remembers every node it has seen, so each is used once.
        constructor = SafeConstructor()
        return cast("object", constructor.construct_object(yaml.ScalarNode(tag, text)))  # pyright: ignore[reportUnknownMemberType]  PyYAML is untyped here
    except (ValueError, KeyError, IndexError, OverflowError, yaml.YAMLError) as err:
        message = f"the text does not stand for {KINDS[tag]}"
        raise ScalarError(message) from err
