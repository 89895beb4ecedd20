"""From texts to messages: what is added, what is left alone, what is parsed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from alibaba_cloud.log_service import searching
from alibaba_cloud.log_service.shaper import Shaped, Shaper, wanted_fields

FIELDS = {"origin": "__source__", "module": "__topic__"}
VALUES = ("actiontrail_internal", "actiontrail_audit_event")
ADDED = {
    "origin": VALUES[0],
    "module": VALUES[1],
    "@devo_pulling_id": "1.5",
    "@devo_environment": "prod",
}
LONG = "x" * 100


def _shaper(
    fields: dict[str, str] | None = None, environment: str | None = "prod"
) -> Shaper:
    added = FIELDS if fields is None else fields
    return Shaper("1.5", environment, added, wanted_fields(added), "event")


def _shape(text: str, **options: Any) -> str:
    (message,) = _shaper(**options).shape([text.encode()], VALUES).texts
    return message


def test_long_event_is_spliced_and_not_touched() -> None:
    """Blanks, order, numbers and equal keys of the event stay as they were."""
    text = f'{{"eventId" : "1",  "n": 1.10, "n": 1e400, "x": "{LONG}"}}'

    message = _shape(text)

    assert message == f"{json.dumps(ADDED, separators=(',', ':'))[:-1]},{text[1:]}"


@pytest.mark.parametrize("pad", ["", LONG], ids=["short", "long"])
def test_event_without_the_keys_gets_all(pad: str) -> None:
    """The message is of one form, whatever its length."""
    message = _shape(json.dumps({"eventId": "1", "x": pad}))

    assert list(json.loads(message).items()) == [
        *ADDED.items(),
        ("eventId", "1"),
        ("x", pad),
    ]


@pytest.mark.parametrize("key", [*ADDED])
@pytest.mark.parametrize("pad", ["", LONG], ids=["short", "long"])
def test_key_of_the_event_is_never_replaced(key: str, pad: str) -> None:
    """Nor given twice: a parser that takes the first of two would lose it."""
    text = json.dumps({"x": pad, key: {"mine": 1}})

    pairs: list[tuple[str, Any]] = json.loads(_shape(text), object_pairs_hook=list)

    assert [name for name, _ in pairs].count(key) == 1
    assert dict(pairs)[key] == [("mine", 1)]
    assert {name for name, _ in pairs} == {*ADDED, "x"}


def test_event_that_has_all_keys_stays_as_it_is() -> None:
    """There is nothing to add."""
    text = json.dumps({**dict.fromkeys(ADDED, 1), "x": LONG})

    assert _shape(text) == text


def test_escaped_key_of_the_event_wins_for_a_reader_that_takes_the_last() -> None:
    """It is not found without parsing; it stands behind what was added."""
    message = _shape(f'{{"\\u006frigin":"mine","x":"{LONG}"}}')

    assert json.loads(message)["origin"] == "mine"


def test_key_inside_the_event_does_not_count() -> None:
    """Only the top level is ours."""
    message = _shape(json.dumps({"x": LONG, "inner": {"origin": 1}}))

    assert json.loads(message)["origin"] == VALUES[0]


@pytest.mark.parametrize(
    "text",
    ["{}", "{ }", "{\n}", "{" + " " * 100 + "}", "{" + "\t" * 100 + "}"],
    ids=["empty", "blank", "line", "many-blanks", "many-tabs"],
)
def test_object_without_keys_takes_no_comma(text: str) -> None:
    """It becomes what is added, and nothing else."""
    assert json.loads(_shape(text)) == ADDED


@pytest.mark.parametrize("pad", ["", LONG], ids=["short", "long"])
def test_line_feeds_between_parts_become_blanks(pad: str) -> None:
    """A pretty-printed event is one line."""
    text = json.dumps({"a": 1, "b": [pad, "c"]}, indent=2).replace("\n", "\r\n")

    message = _shape(text)

    assert "\n" not in message
    assert "\r" not in message
    assert json.loads(message) == {**ADDED, "a": 1, "b": [pad, "c"]}


_NO_OBJECTS = {
    "torn-with-a-key-of-ours": '{"origin":}',
    "set": "{1}",
    "no-quotes": "{a:1}",
    "line-feed-inside-a-text": '{"a":"\n", "b":}',
    "deep": '{"origin":' + "[" * 20_000 + "}",
}


@pytest.mark.parametrize("text", _NO_OBJECTS.values(), ids=_NO_OBJECTS)
def test_text_that_is_no_object_is_sent_as_a_text(text: str) -> None:
    """Where it is found out, the message is right JSON all the same."""
    shaper = _shaper()

    (message,) = shaper.shape([text.encode()], VALUES).texts

    assert json.loads(message) == {**ADDED, "event": text}
    assert shaper.no_objects == 1
    assert "\n" not in message


@pytest.mark.parametrize("pad", ["", LONG], ids=["short", "long"])
def test_text_that_only_looks_like_an_object_is_spliced_all_the_same(pad: str) -> None:
    """Looking closer would cost every event: it stays one line, with what is added."""
    message = _shape(f'{{"a":,"x":"{pad}"}}')

    added = json.dumps(ADDED, separators=(",", ":"))
    assert message == f'{added[:-1]},"a":,"x":"{pad}"}}'


def test_without_an_environment_there_is_no_key_for_it() -> None:
    """Its key in an event is then nothing special."""
    message = json.loads(_shape('{"@devo_environment":1}', environment=None))

    assert message["@devo_environment"] == 1
    assert "@devo_environment" not in json.loads(_shape("{}", environment=None))


def test_empty_environment_is_one() -> None:
    """An empty text was configured, and is sent."""
    assert json.loads(_shape("{}", environment=""))["@devo_environment"] == ""


def test_fixed_texts_and_tags_can_be_added() -> None:
    """The mapping is data; only names of reserved fields have values of the record."""
    fields = {"a": "fixed", "b": "__tag__:t", "c": "_single", 'd"\n': "__source__"}
    wanted = wanted_fields(fields)
    shaper = Shaper("1.5", None, fields, wanted, "event")

    (message,) = shaper.shape([b'{"x":1}'], ("source", 'tag"\n')).texts

    assert wanted == ("__source__", "__tag__:t")
    assert json.loads(message) == {
        "@devo_pulling_id": "1.5",
        "a": "fixed",
        "b": 'tag"\n',
        "c": "_single",
        'd"\n': "source",
        "x": 1,
    }
    assert "\n" not in message


def test_pulling_id_cannot_be_replaced_by_the_mapping() -> None:
    """It names the pull, whatever is configured."""
    message = _shape("{}", fields={"@devo_pulling_id": "mine"})

    assert json.loads(message)["@devo_pulling_id"] == "1.5"


def test_one_odd_text_does_not_change_the_others() -> None:
    """Each message is what it would be alone."""
    texts = [json.dumps({"n": n, "x": LONG}) for n in range(3)]
    texts[1:1] = ["{}", '{"origin":1}', '{"a":\n1}', "{no}"]

    shaped = _shaper().shape([text.encode() for text in texts], VALUES)

    assert shaped.texts == [_shape(text) for text in texts]


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
_KEYS = st.sampled_from([*ADDED, "eventId", "event", "x"]) | st.text(max_size=8)


@given(
    fields=st.dictionaries(_KEYS, _JSON, max_size=6),
    pad=st.sampled_from(["", LONG]),
    indent=st.sampled_from([None, 0, 2]),
    is_ascii=st.booleans(),
    values=st.tuples(st.text(max_size=8), st.text(max_size=8)),
    environment=st.none() | st.text(max_size=8),
)
@example({}, "", None, True, ("", ""), None)  # noqa: FBT003 - hypothesis takes them so
def test_message_is_the_event_with_what_it_lacks(  # noqa: PLR0917 - drawn values
    fields: dict[str, Any],
    pad: str,
    indent: int | None,
    is_ascii: bool,  # noqa: FBT001 - drawn
    values: tuple[str, str],
    environment: str | None,
) -> None:
    """Whatever an object holds, it arrives in one line with the additions."""
    event = {**fields, **({"pad": pad} if pad else {})}
    text = json.dumps(event, indent=indent, ensure_ascii=is_ascii)
    shaper = Shaper("1.5", environment, FIELDS, wanted_fields(FIELDS), "event")

    (message,) = shaper.shape([text.encode()], values).texts

    added = {"origin": values[0], "module": values[1], "@devo_pulling_id": "1.5"}
    if environment is not None:
        added["@devo_environment"] = environment
    pairs: list[tuple[str, Any]] = json.loads(message, object_pairs_hook=list)
    assert json.loads(message) == {**added, **event}
    assert len({name for name, _ in pairs}) == len(pairs)
    assert not {"\n", "\r"} & {*message}
    assert shaper.no_objects == 0


@given(
    st.lists(
        st.tuples(
            st.dictionaries(_KEYS, _JSON, max_size=4),
            st.sampled_from(["", LONG]),
            st.sampled_from([None, 1]),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_series_is_shaped_like_its_events_alone(
    events: list[tuple[dict[str, Any], str, int | None]],
) -> None:
    """A line each, and how many, and how long at most."""
    texts = [
        json.dumps({**fields, "pad": pad} if pad else fields, indent=indent)
        for fields, pad, indent in events
    ]

    shaped = _shaper().shape([text.encode() for text in texts], VALUES)

    lines = shaped.lines.split(b"\n")
    assert [json.loads(line) for line in lines] == [
        json.loads(_shape(text)) for text in texts
    ]
    assert shaped.number == len(lines)
    assert shaped.longest_bytes >= max(map(len, lines))
    assert shaped.texts == [line.decode() for line in lines]


def test_series_are_joined() -> None:
    """Lines of several series are lines of one."""
    one = _shaper().shape([b'{"a":1}', b'{"a":2}'], VALUES)
    other = _shaper().shape([b'{"abc":3}'], ("", ""))

    joined = Shaped.joined([one, other])

    assert joined.texts == [*one.texts, *other.texts]
    assert joined.number == 3
    assert joined.longest_bytes >= max(map(len, joined.texts))
    assert Shaped.joined([one]) is one


@given(st.binary(max_size=40), st.binary(min_size=1, max_size=3))
def test_search_of_the_machine_finds_what_python_finds(
    data: bytes, wanted: bytes
) -> None:
    """Also behind a zero byte, where texts of C end."""
    assert searching.holds(data, wanted) is (wanted in data)
    assert searching._of_python(data, wanted) is (wanted in data)


@pytest.mark.parametrize("error", [AttributeError, OSError, TypeError])
def test_machine_without_such_a_search_is_no_error(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    """Then Python's own is used."""

    def refuse(_name: object) -> None:
        raise error

    monkeypatch.setattr(searching.ctypes, "PyDLL", refuse)

    assert searching._of_the_c_library() is None
