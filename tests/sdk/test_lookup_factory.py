"""Rows of lookups: which are taken, and what becomes of them."""

from __future__ import annotations

import re
from typing import Any

import pytest

from devocollectorsdk.commons.collector_exceptions import SdkLookupFactoryError
from devocollectorsdk.message.lookup_job import LookupJob as Job
from devocollectorsdk.message.lookup_job_factory import LookupJob, LookupJobFactory
from devocollectorsdk.message.lookup_table import describe_table
from devocollectorsdk.message.lookup_types import FIELD_TYPES
from fakes.clocks import ManualClock

_SAMPLES: dict[str, Any] = {
    "text": "printer",
    "address": "10.0.0.1",
    "int": 7,
    "float": 0.5,
    "bool": True,
    "null": None,
}
_TAKEN = {
    "str": {"text", "address", "null"},
    "int": {"int", "null"},
    "int4": {"int", "null"},
    "int8": {"int", "null"},
    "float": {"float", "int", "null"},
    "bool": {"bool", "null"},
    "ip4": {"address", "null"},
}


def _factory(**changes: Any) -> LookupJobFactory:
    arguments: dict[str, Any] = {
        "lookup_name": "Printers",
        "headers": ["name", "address", "pages"],
        "key": "name",
        "field_types": ["str", "ip4", "int"],
    }
    return LookupJobFactory(**(arguments | changes))


def _rows(job: LookupJob) -> list[tuple[Any, ...]]:
    return list(job.rows)


@pytest.mark.parametrize("declared", FIELD_TYPES)
def test_column_takes_values_of_compatible_types(declared: str) -> None:
    """Whole numbers are fractions, addresses are texts, null is anything."""
    factory = _factory(
        headers=["key", "value"], key="key", field_types=["str", declared]
    )

    taken = {
        name
        for name, value in _SAMPLES.items()
        if factory.add_item_to_list_to_initialize(["k", value]) == [0, []]
    }

    assert taken == _TAKEN[declared]


@pytest.mark.parametrize(
    "text",
    [
        "10.0.0.256",
        "10.0.0",
        "host.example",
        "10.0.0.1 ",
        "10.0.0.01",
        "1\u0660.0.0.1",
        "",
    ],
)
def test_text_that_is_no_address_is_no_ip4(text: str) -> None:
    """An address column holds addresses, not names of hosts."""
    count, _ = _factory().add_item_to_list_to_modify([["p", text, 1]])

    assert count == 1


def test_bad_rows_are_given_back_with_reasons_and_good_ones_kept() -> None:
    """A row that does not fit never raises, and costs none of the others."""
    factory = _factory()
    rows = [
        ["a", "10.0.0.1", 1],
        ["b", "b.example", 1],
        ["c", "10.0.0.3"],
        [None, "10.0.0.4", 1],
        "text",
        ["e", {}, 1],
        ["f", None, None],
    ]

    count, rejected = factory.add_item_to_list_to_initialize(rows)

    assert count == 5
    assert [each["item"] for each in rejected] == rows[1:6]
    assert [each["reason"] for each in rejected] == [
        '"address" is ip4, the value is str',
        "2 value(s) for 3 header(s)",
        'the key "name" is null',
        "a row is a list of values, not str",
        '"address" is ip4, the value is dict',
    ]
    job = factory.create_job_to_initialize_items(send_start=True, send_end=True)
    assert _rows(job) == [("a", "10.0.0.1", 1), ("f", None, None)]


def test_payload_is_one_row_or_a_list_of_rows() -> None:
    """A flat list is a row; tuples are lists; nothing is nothing."""
    factory = _factory()

    for payload in (["a", "10.0.0.1", 1], [("b", None, 2)], ("c", None, 3), []):
        assert factory.add_item_to_list_to_modify(payload) == [0, []]

    assert factory.get_size() == 3


def test_only_a_removal_may_be_the_key_alone() -> None:
    """To remove a row its key is enough, and the whole row is as good."""
    factory = _factory()

    assert factory.add_item_to_list_to_remove([["a"], ["b", None, 1]]) == [0, []]
    assert factory.add_item_to_list_to_remove(["c"]) == [0, []]
    assert factory.add_item_to_list_to_remove([[7]])[0] == 1
    assert factory.add_item_to_list_to_remove(["d", None])[0] == 1
    assert factory.add_item_to_list_to_modify([["a"]])[0] == 1


def test_lists_are_apart_and_are_emptied_by_request_only() -> None:
    """A job is a copy: what is added or forgotten later does not change it."""
    factory = _factory()
    row = ["a", None, 1]
    factory.add_item_to_list_to_initialize([row])
    factory.add_item_to_list_to_modify([["b", None, 1], ["c", None, 1]])
    factory.add_item_to_list_to_remove(["d"])
    row[0] = "changed"

    first = factory.create_job_to_modify_items(send_start=True, send_end=False)
    again = factory.create_job_to_modify_items(send_start=False, send_end=True)
    create = factory.create_job_to_initialize_items(send_start=True, send_end=True)
    remove = factory.create_job_to_remove_items(send_start=True, send_end=True)
    sizes = [factory.get_size()]
    for clean in (
        factory.clean_modify_list,
        factory.clean_initialize_list,
        factory.clean_remove_list,
    ):
        clean()
        sizes.append(factory.get_size())

    assert sizes == [4, 2, 1, 0]
    assert _rows(first) == _rows(again) == [("b", None, 1), ("c", None, 1)]
    assert (create.action, _rows(create)) == ("INITIALIZE", [("a", None, 1)])
    assert (remove.action, _rows(remove)) == ("REMOVE", [("d",)])
    assert repr(create) == "LookupJob(INITIALIZE, 'Printers', 1 rows)"


def test_pages_of_an_upload_share_its_name_and_uploads_never_do() -> None:
    """From a start to an end there is one upload, whatever is done beside it."""
    clock = ManualClock()  # stands still
    factory, other = _factory(clock=clock), _factory(clock=clock)

    def create(*, start: bool, end: bool) -> str:
        return factory.create_job_to_initialize_items(start, end).upload_id

    pages = [create(start=True, end=False), create(start=False, end=False)]
    beside = factory.create_job_to_modify_items(send_start=True, send_end=True)
    pages.append(create(start=False, end=True))
    later = [create(start=True, end=False), create(start=True, end=True)]
    foreign = other.create_job_to_initialize_items(send_start=True, send_end=True)

    assert len(set(pages)) == 1
    assert len({*pages, beside.upload_id, *later, foreign.upload_id}) == 5
    assert re.fullmatch(r"\d{10}\.\d{6}", pages[0])
    assert beside.timestamp == "2023-01-10 00:00:00.000"


@pytest.mark.parametrize(
    ("changes", "types"),
    [
        ({"field_types": {"pages": "int8", "name": "ip4", "address": "float"}},
         ("ip4", "float", "int8")),
        ({"field_types": None}, ("str", "str", "str")),
        ({"field_types": None, "get_field_types_from": ["p", "10.0.0.1", 7]},
         ("str", "ip4", "int")),
        ({"field_types": None, "get_field_types_from": ("p", None, True)},
         ("str", "str", "bool")),
        ({"get_field_types_from": ["10.0.0.9", None, 7]}, ("str", "ip4", "int")),
    ],
    ids=["by header", "by default", "sample", "null in the sample", "both"],
)  # fmt: skip
def test_types_are_declared_or_told_from_a_sample(
    changes: dict[str, Any], types: tuple[str, ...]
) -> None:
    """Without either, every column is text."""
    job = _factory(**changes).create_job_to_remove_items(send_start=True, send_end=True)

    assert job.table.types == types


@pytest.mark.parametrize(
    ("sub_code", "changes", "cause"),
    [
        (1, {"lookup_name": 7}, "is text, not int"),
        (2, {"lookup_name": "short"}, '"short" has not 6 to 900 characters'),
        (2, {"lookup_name": "x" * 901}, "has not 6 to 900 characters"),
        (3, {"lookup_name": "my.lookup"}, '"my.lookup" has other characters'),
        (4, {"headers": "name"}, "are a list, not str"),
        (5, {"headers": []}, "there are no headers"),
        (6, {"headers": ["name", 'a"b', "c"]}, "the header 'a\"b' is not text"),
        (6, {"headers": ["name", 7, "c"]}, "the header 7 is not text"),
        (7, {"headers": ["name", "a", "a"]}, '"a" stands there twice'),
        (8, {"key": 0}, "the key is text, not int"),
        (9, {"key": "id"}, '"id" is not one of the headers'),
        (10, {"field_types": "str"}, "are a list or dict, not str"),
        (11, {"field_types": ["str"]}, "1 field type(s) for 3 header(s)"),
        (11, {"field_types": {"name": "str"}}, "not one for each header"),
        (12, {"field_types": ["str", "ip6", "int"]}, "'ip6' is not one of: str, int"),
        (12, {"field_types": ["str", [], "int"]}, "type [] is not one of"),
        (13, {"key": "pages", "field_types": ["str", "ip4", "int8"]}, "is int8; a key"),
        (14, {"get_field_types_from": "abc"}, "is a list, not str"),
        (15, {"get_field_types_from": ["a"]}, "1 sample value(s) for 3 header(s)"),
        (16, {"get_field_types_from": ["a", {}, 1]}, 'of "address", a dict'),
        (17, {"get_field_types_from": ["a", "host", 1]}, 'contradict: "address"'),
        (18, {"historic_tag": "my.app.a.b"}, "is not supported"),
    ],
)  # fmt: skip
def test_lookup_that_cannot_be_is_refused_with_its_sub_code(
    sub_code: int, changes: dict[str, Any], cause: str
) -> None:
    """Each mistake has a number and says what is wrong."""
    with pytest.raises(SdkLookupFactoryError) as caught:
        _factory(**changes)

    assert caught.value.sub_code == sub_code
    assert cause in str(caught.value)
    assert re.match(
        rf"SdkLookupFactoryError\[CODE:0038-0?{sub_code}\] Error in lookup factory: ",
        str(caught.value),
    )


def test_what_is_no_list_of_rows_or_no_job_is_refused() -> None:
    """These are mistakes in the module's code, not in its data."""
    factory = _factory()
    flag: Any = "yes"
    action: Any = "REPLACE"
    table = describe_table("Printers", ["name"], "name")

    calls = {
        19: lambda: factory.add_item_to_list_to_modify(flag),
        20: lambda: factory.create_job_to_modify_items(flag, send_end=True),
        21: lambda: Job(action, "1", "t", table, (), send_start=True, send_end=True),
    }

    for sub_code, call in calls.items():
        with pytest.raises(SdkLookupFactoryError) as caught:
            call()
        assert caught.value.sub_code == sub_code
