"""What holds for the masking of any data by any entries."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from devocollectorsdk.inputs._event_masking import EventMasker

KEYS = st.sampled_from(["a", "b", "c", "0", "*"])
SECRET = "s3cr3t"  # noqa: S105  (a marker)


def _trees(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3)
        ),
        max_leaves=12,
    )


EVENTS = st.dictionaries(
    KEYS,
    _trees(st.none() | st.booleans() | st.integers() | st.floats() | st.text()),
)
SECRETS = st.dictionaries(KEYS, _trees(st.just(SECRET)))
PATHS = st.lists(KEYS | st.integers(0, 2), min_size=1, max_size=4)
VALUES = st.none() | st.just("X") | st.just(1) | st.just([1])
PATTERNS = st.none() | st.lists(st.sampled_from(["(a)", "b", "(c)|d"]), max_size=2)
ENTRIES = st.lists(
    st.fixed_dictionaries(
        {"name": PATHS, "value": VALUES, "string_patterns": PATTERNS}
    ),
    max_size=4,
)


def _masked(event: dict[str, Any], entries: list[Any]) -> dict[Any, Any]:
    masker = EventMasker(lambda _text: None)
    masker.use(entries)
    return masker.masked(event)


def _reached(node: Any, path: list[Any]) -> list[Any]:
    """Return what a reader of the documentation would say the path leads to."""
    if not path:
        return [node]
    if isinstance(node, dict):
        children = [v for k, v in node.items() if path[0] in {"*", k, str(k)}]
        return [each for child in children for each in _reached(child, path[1:])]
    if isinstance(node, list):
        return [
            each
            for index, child in enumerate(node)
            if str(path[0]) in {"*", str(index)}
            for each in _reached(child, path[1:])
        ]
    return []


@given(EVENTS, ENTRIES)
def test_event_of_the_caller_is_never_changed(
    event: dict[str, Any], entries: list[Any]
) -> None:
    """Neither by masking nor by changing what came of it."""
    before = json.dumps(copy.deepcopy(event))

    _masked(event, entries)

    assert json.dumps(event) == before


@given(SECRETS, PATHS)
def test_no_value_that_a_name_reaches_goes_out(
    event: dict[str, Any], path: list[Any]
) -> None:
    """Texts, and containers of texts, are masked at every place the name leads to."""
    masked = _masked(event, [{"name": path}])

    reached = _reached(masked, path)
    assert SECRET not in json.dumps(reached)


@given(EVENTS, PATHS, PATHS)
def test_entry_does_not_depend_on_the_ones_beside_it(
    event: dict[str, Any], first: list[Any], second: list[Any]
) -> None:
    """A name that leads nowhere leaves the other's work as it is."""
    nowhere = ["z", *first]

    both = _masked(event, [{"name": nowhere}, {"name": second}])

    assert json.dumps(both) == json.dumps(_masked(event, [{"name": second}]))


@given(EVENTS, ENTRIES)
def test_masking_never_fails_and_gives_json(
    event: dict[str, Any], entries: list[Any]
) -> None:
    """No shape of an event makes it go out otherwise than masked."""
    masked = _masked(event, entries)

    assert "@devo_obfuscation_error" not in masked
    assert isinstance(json.loads(json.dumps(masked)), dict)


@given(EVENTS)
def test_without_entries_an_event_goes_out_as_it_is(event: dict[str, Any]) -> None:
    """There is nothing to mask."""
    assert json.dumps(_masked(event, [])) == json.dumps(event)
