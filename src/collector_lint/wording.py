"""Puts violations of a schema into words an operator can act on.

It knows neither files nor the schema library. A value is never part of the words: any
value may be a secret in the wrong place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from collector_lint import codes
from collector_lint.document import holds_unknown
from collector_lint.findings import shown_key
from collector_lint.masking import sounds_secret
from collector_lint.names import listing, suggestion
from collector_lint.odd_characters import oddness
from collector_lint.once import EMPTY
from collector_lint.schema.forms import is_instant, portable_pattern
from collector_lint.schema.rules import same
from collector_lint.wording_instants import FORM, instant_words
from collector_lint.wording_types import type_mend

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from collector_lint.document import DataPath
    from collector_lint.schema.engine import Violation

_TYPES: Final = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "empty",
}
_PYTHON_TYPES: Final[tuple[tuple[type, str], ...]] = (
    (bool, "boolean"),
    (int, "integer"),
    (float, "number"),
    (str, "string"),
    (list, "array"),
    (dict, "object"),
)
_BOUNDS: Final = {
    "minimum": "must be at least {}",
    "maximum": "must be at most {}",
    "exclusiveMinimum": "must be more than {}",
    "exclusiveMaximum": "must be less than {}",
    "multipleOf": "must be a multiple of {}",
    "minLength": "must have at least {} characters",
    "maxLength": "must have at most {} characters",
    "minItems": "must have at least {} entries",
    "maxItems": "must have at most {} entries",
    "minProperties": "must have at least {} keys",
    "maxProperties": "must have at most {} keys",
}
_EMPTY: Final = frozenset({"minLength", "minItems", "minProperties"})


@dataclass(frozen=True, slots=True)
class Problem:
    """A violation in words.

    Attributes:
        path: Where it is, from the root of the checked data.
        code: Stable identifier of the rule.
        message: What is wrong.
        hint: How to mend it, or "".
        at_key: True when the key is wrong rather than its value.
    """

    path: DataPath
    code: str
    message: str
    hint: str = ""
    at_key: bool = False


def explain(violation: Violation) -> Iterator[Problem]:
    """Yield what a violation means: nearly always one problem, sometimes more."""
    keyword = violation.keyword
    if keyword in _BOUNDS:
        yield _bound(violation)
    elif keyword in _EXPLAINERS:
        yield from _EXPLAINERS[keyword](violation)
    else:
        message = f"does not fit its schema (rule {keyword})"
        hint = _description(violation.schema)
        yield Problem(violation.path, codes.COMBINATION, message, hint)


def unknown_name(
    path: DataPath, message: str, name: str, known: Mapping[str, object]
) -> Problem:
    """Complain about a key: suggest the nearest known name, or list them all."""
    near = suggestion(name, known)
    current = [key for key, value in known.items() if not _is_deprecated(value)]
    hint = "" if near else f"known here: {listing(current)}"
    return Problem(path, codes.UNKNOWN_KEY, f"{message}{near}", hint, at_key=True)


def _bound(violation: Violation) -> Problem:
    limit = violation.expected
    empty = violation.keyword in _EMPTY and limit == 1
    message = EMPTY if empty else _BOUNDS[violation.keyword].format(limit)
    hint = _description(violation.schema)
    return Problem(violation.path, codes.OUT_OF_RANGE, message, hint)


def _unknown_keys(violation: Violation) -> Iterator[Problem]:
    properties = _mapping(violation.schema.get("properties"))
    patterns = _mapping(violation.schema.get("patternProperties"))
    for key in _mapping(violation.instance):
        matched = any(portable_pattern(each).search(key) for each in patterns)
        if key not in properties and not matched:
            message = f"unknown key {shown_key(key)}"
            yield unknown_name((*violation.path, key), message, key, properties)


def _missing_keys(violation: Violation) -> Iterator[Problem]:
    properties = _mapping(violation.schema.get("properties"))
    given = _mapping(violation.instance)
    for key in cast("list[str]", violation.expected):
        if key not in given:
            hint = _description(_mapping(properties.get(key)))
            message = f"missing key {key}"
            yield Problem(violation.path, codes.MISSING_KEY, message, hint, at_key=True)


def _missing_partners(violation: Violation) -> Iterator[Problem]:
    given = _mapping(violation.instance)
    for key, partners in _mapping(violation.expected).items():
        for partner in cast("list[str]", partners) if key in given else ():
            if partner not in given:
                message = f"{shown_key(key)} also needs the key {partner}"
                path = (*violation.path, key)
                yield Problem(path, codes.COMBINATION, message, at_key=True)


def _wrong_type(violation: Violation) -> Iterator[Problem]:
    expected = violation.expected
    names = cast("list[str]", expected) if isinstance(expected, list) else [expected]
    wanted = " or ".join(_TYPES.get(str(name), str(name)) for name in names)
    found = _type_name(violation.instance)
    message = f"must be {wanted}, not {_TYPES[found]}"
    mend = type_mend(violation, frozenset(map(str, names)), found)
    hint = mend or _description(violation.schema)
    yield Problem(violation.path, codes.WRONG_TYPE, message, hint)


def _not_allowed(violation: Violation) -> Iterator[Problem]:
    expected = violation.expected
    if violation.keyword == "const":
        expected = [expected]
    names = [_literal(each) for each in cast("list[object]", expected)]
    if violation.at_key:
        key = str(violation.instance)
        message = f"unknown key {shown_key(key)}"
        yield unknown_name(violation.path, message, key, dict.fromkeys(names))
        return
    near = ""
    if isinstance(violation.instance, str):
        near = suggestion(violation.instance, names)
    choice = names[0] if len(names) == 1 else f"one of {', '.join(names)}"
    hint = _odd_words(violation) or _description(violation.schema)
    yield Problem(violation.path, codes.NOT_ALLOWED, f"must be {choice}{near}", hint)


def _odd_words(violation: Violation) -> str:
    """Return which character is most likely wrong, unless a secret may be there."""
    value, schema = violation.instance, violation.schema
    names = [each for each in violation.path if isinstance(each, str)]
    is_secret = schema.get("writeOnly") is True or any(map(sounds_secret, names[-1:]))
    return oddness(value) if isinstance(value, str) and not is_secret else ""


def _wrong_form(violation: Violation) -> Iterator[Problem]:
    if violation.schema.get("format") == "date-time" and not violation.at_key:
        text = str(violation.instance)
        wrong = (
            "it must end with Z, in UTC" if is_instant(text) else instant_words(text)
        )
        message = f"not the instant expected: {wrong}"
        yield Problem(violation.path, codes.WRONG_FORM, message, f"write {FORM}")
        return
    examples = violation.schema.get("examples")
    subject = "the key does" if violation.at_key else "does"
    message = f"{subject} not have the form expected"
    if isinstance(examples, list) and examples:
        message += f", e.g. {_literal(cast('list[object]', examples)[0])}"
    hint = _odd_words(violation) or _description(violation.schema)
    yield Problem(violation.path, codes.WRONG_FORM, message, hint, violation.at_key)


def _repeated(violation: Violation) -> Iterator[Problem]:
    entries = cast("list[object]", violation.instance)
    for index, entry in enumerate(entries):
        first = next((n for n in range(index) if same(entries[n], entry)), None)
        if first is not None:
            message = f"the entry is the same as number {first + 1} of the list"
            path = (*violation.path, index)
            yield Problem(path, codes.OUT_OF_RANGE, message, "remove one of them")


def _forbidden(violation: Violation) -> Iterator[Problem]:
    message = "must not be given here"
    yield Problem(violation.path, codes.COMBINATION, message, at_key=True)


def _best_branch(violation: Violation) -> Iterator[Problem]:
    """Explain the alternative that fits best: right shape first, then fewest faults."""
    choices = _choices(violation)
    if choices and violation.branches:
        hint = _description(violation.schema) if len(choices) == 1 else "give one"
        message = f"missing key {' or '.join(choices)}"
        yield Problem(violation.path, codes.MISSING_KEY, message, hint, at_key=True)
        return
    given = [key for key in choices if key in _mapping(violation.instance)]
    if given:
        message = f"{' and '.join(given)} are given, but only one of them may be"
        path = (*violation.path, given[-1])
        yield Problem(path, codes.COMBINATION, message, "remove one", at_key=True)
        return
    if not violation.branches:
        message = "fits more than one of the forms allowed; give only one"
        hint = _description(violation.schema)
        yield Problem(violation.path, codes.COMBINATION, message, hint)
        return

    def misfit(branch: tuple[Violation, ...]) -> tuple[int, int]:
        return sum(_is_other_kind(each, violation.path) for each in branch), len(branch)

    best = min(violation.branches, key=misfit)
    problems = [problem for each in best for problem in explain(each)]
    if holds_unknown(violation.instance):
        # Which one was meant may depend on what is unknown.
        shape = misfit(best)[0]
        likely = [each for each in violation.branches if misfit(each)[0] == shape]
        problems = _common(problems, likely)
    yield from problems


def _common(
    problems: list[Problem], branches: list[tuple[Violation, ...]]
) -> list[Problem]:
    """Return those problems that every alternative has."""
    said = [{_said(p) for each in branch for p in explain(each)} for branch in branches]
    return [each for each in problems if all(_said(each) in one for one in said)]


def _said(problem: Problem) -> tuple[object, ...]:
    # An unknown key may have another suggestion in each alternative.
    words = "" if problem.code == codes.UNKNOWN_KEY else problem.message
    return problem.path, problem.code, words


def _choices(violation: Violation) -> list[str]:
    """Return the keys to choose from, where alternatives ask for one key each."""
    keys: list[str] = []
    for part in cast("list[object]", violation.expected):
        rule = _mapping(part)
        needed = rule.get("required")
        if set(rule) - {"required", "description"} or not isinstance(needed, list):
            return []
        keys += cast("list[str]", needed) if len(cast("list[str]", needed)) == 1 else ()
    is_whole = len(keys) == len(cast("list[object]", violation.expected))
    return keys if is_whole else []


def _is_other_kind(violation: Violation, path: DataPath) -> bool:
    """Return whether the value at `path` was plainly meant as another alternative."""
    if violation.keyword in {"const", "enum"}:
        return len(violation.path) <= len(path) + 1
    return violation.keyword == "type" and violation.path == path


def _type_name(value: object) -> str:
    return next((n for kind, n in _PYTHON_TYPES if isinstance(value, kind)), "null")


def _literal(value: object) -> str:
    if isinstance(value, bool) or value is None:
        return str(value).lower().replace("none", "null")
    return str(value)


def _mapping(value: object) -> Mapping[str, object]:
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def _is_deprecated(schema: object) -> bool:
    return _mapping(schema).get("deprecated") is True


def _description(schema: Mapping[str, object]) -> str:
    text = schema.get("description")
    return text if isinstance(text, str) else ""


_EXPLAINERS: Final[dict[str, Callable[[Violation], Iterator[Problem]]]] = {
    "additionalProperties": _unknown_keys,
    "required": _missing_keys,
    "dependentRequired": _missing_partners,
    "type": _wrong_type,
    "enum": _not_allowed,
    "const": _not_allowed,
    "pattern": _wrong_form,
    "format": _wrong_form,
    "uniqueItems": _repeated,
    "false": _forbidden,
    "anyOf": _best_branch,
    "oneOf": _best_branch,
}
