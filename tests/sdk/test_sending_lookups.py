"""What a puller sends to lookups."""

from __future__ import annotations

from typing import Any

import pytest

from devocollectorsdk.commons.collector_exceptions import SdkPullerAbstractError
from devocollectorsdk.message.lookup_job_factory import LookupJobFactory
from fakes.modules import ScriptedPuller, build


def _factory() -> LookupJobFactory:
    factory = LookupJobFactory("Printers", ["name"], "name")
    factory.add_item_to_list_to_initialize(["created"])
    factory.add_item_to_list_to_modify(["modified"])
    factory.add_item_to_list_to_remove(["removed"])
    return factory


@pytest.mark.parametrize(
    ("buffer", "action", "row"),
    [
        ("Create", "INITIALIZE", "created"),
        ("Modify", "MODIFY", "modified"),
        ("Remove", "REMOVE", "removed"),
    ],
)
def test_buffer_becomes_a_job_in_the_lookup_queue(
    buffer: Any, action: str, row: str
) -> None:
    """Each buffer has its list and its action; the list stays."""
    puller = build(ScriptedPuller)
    factory = _factory()

    puller.send_lookup_messages(factory, True, False, buffer)  # noqa: FBT003  (the contract's form)

    [job] = puller.lookup_queue.items
    assert (job.action, job.rows) == (action, ((row,),))
    assert (job.send_start, job.send_end) == (True, False)
    assert puller.output_queue.items == []
    assert factory.get_size() == 3


@pytest.mark.parametrize(
    ("sub_code", "arguments", "cause"),
    [
        (300, (None, True, True, "Create"), "is needed, not NoneType"),
        (301, (_factory(), 1, True, "Create"), "start is a boolean, not int"),
        (302, (_factory(), True, None, "Create"), "end is a boolean, not NoneType"),
        (303, (_factory(), True, True, "create"), "Create, Modify or Remove, not 'cr"),
    ],
    ids=["factory", "start", "end", "buffer"],
)
def test_wrong_argument_is_an_error_that_the_host_learns_of(
    sub_code: int, arguments: tuple[Any, ...], cause: str
) -> None:
    """A module that swallows it and saves is told of in the log."""
    puller = build(ScriptedPuller)

    with pytest.raises(SdkPullerAbstractError, match=cause) as caught:
        puller.send_lookup_messages(*arguments)

    assert caught.value.sub_code == sub_code
    assert puller.lookup_queue.items == []
    [reason] = puller.lookup_queue.unsent
    assert cause in reason
