"""From what a module sends to messages in the host's queue."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal, cast

from devocollectorsdk.commons.collector_exceptions import SdkPullerAbstractError
from devocollectorsdk.commons.fault_points import point
from devocollectorsdk.message.lines import Lines
from devocollectorsdk.message.lookup_job_factory import LookupJobFactory
from devocollectorsdk.message.messages import Messages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from devocollectorsdk.inputs._event_masking import EventMasker
    from devocollectorsdk.message.lookup_job import LookupJob

_BAD_MESSAGE = 200
_BAD_MESSAGES = 250
_BAD_FACTORY = 300
_BAD_START = 301
_BAD_END = 302
_BAD_BUFFER = 303


class SendingMixin:
    """The send methods of a puller.

    Attributes:
        output_queue: The host's queue; `put` blocks while it is full.
        lookup_queue: The same for lookup jobs; the order is kept over both.
        environment: Added to dict messages as `@devo_environment`, if set.
        obfuscation_data: What to mask in dict messages; a module may change it.
    """

    output_queue: Any
    lookup_queue: Any
    environment: str | None
    obfuscation_data: Any = None
    _sdk_masker: EventMasker | None = None

    def send_standard_message(
        self, msg_date: datetime | str | float, msg_tag: str, msg_content: Any
    ) -> None:
        """Queue one message.

        Args:
            msg_date: A datetime (naive means UTC), a text kept as it is, or seconds
                since the epoch (milliseconds if an int of more than ten digits).
            msg_tag: Table, e.g. `cloud.alibaba.actiontrail.events`.
            msg_content: A text, sent as it is, or a dict, sent as JSON.

        Raises:
            SdkPullerAbstractError: 200, an argument has a wrong type.
        """
        self._sdk_send(msg_date, msg_tag, [msg_content], _BAD_MESSAGE)

    def send_standard_messages(
        self,
        msg_date: datetime | str | float,
        msg_tag: str,
        list_of_messages: Iterable[Any],
    ) -> None:
        """Queue several messages as one item, in order; the faster way by far.

        Args:
            msg_date: As for `send_standard_message`, of all of them.
            msg_tag: Table.
            list_of_messages: Texts or dicts, in order.

        Raises:
            SdkPullerAbstractError: 250, an argument has a wrong type.
        """
        self._sdk_send(msg_date, msg_tag, list_of_messages, _BAD_MESSAGES)

    def send_standard_lines(
        self,
        msg_date: datetime | str | float,
        msg_tag: str,
        lines: bytes,
        number: int,
        longest_bytes: int,
    ) -> None:
        """Queue messages that are joined already; the fastest way there is.

        Not of the contract: a module that may run elsewhere asks whether there is
        this method, and else splits the lines for `send_standard_messages`.

        Args:
            msg_date: As for `send_standard_message`, of all of them.
            msg_tag: Table.
            lines: UTF-8, with line feeds between the messages and nowhere else.
            number: How many messages, at least one.
            longest_bytes: No message is longer.

        Raises:
            SdkPullerAbstractError: 250, an argument has a wrong type.
        """
        self._sdk_queue(
            lambda: Lines(msg_date, msg_tag, lines, number, longest_bytes),
            _BAD_MESSAGES,
        )

    def send_lookup_messages(
        self,
        lookup_job_factory: LookupJobFactory,
        start: bool,
        end: bool,
        buffer: Literal["Create", "Modify", "Remove"],
    ) -> None:
        """Queue what one list of a factory holds; the list stays as it is.

        Args:
            lookup_job_factory: The lookup and its rows.
            start: Whether an upload begins with these rows.
            end: Whether it ends with them; Devo then takes what it was given.
            buffer: `Create` replaces all rows of the lookup, `Modify` adds rows or
                replaces those of the same key, `Remove` removes rows.

        Raises:
            SdkPullerAbstractError: 300, no factory; 301, `start` is no boolean; 302,
                `end` is none; 303, there is no such buffer.
        """
        point("puller.before_send")
        try:
            job = _lookup_job(lookup_job_factory, start, end, buffer)
        except SdkPullerAbstractError as error:
            self.lookup_queue.unsendable(error.cause)
            raise
        self.lookup_queue.put(job)
        point("puller.after_send")

    def _sdk_send(
        self,
        msg_date: datetime | str | float,
        msg_tag: str,
        contents: Iterable[Any],
        sub_code: int,
    ) -> None:
        self._sdk_queue(
            lambda: Messages(msg_date, msg_tag, self._sdk_texts(contents)), sub_code
        )

    def _sdk_queue(self, make: Callable[[], Any], sub_code: int) -> None:
        point("puller.before_send")
        try:
            messages = make()
        except Exception as error:
            self.output_queue.unsendable(str(error))
            raise SdkPullerAbstractError(sub_code, str(error)) from error
        self.output_queue.put(messages)
        point("puller.after_send")

    def _sdk_texts(self, contents: Iterable[Any]) -> tuple[str, ...]:
        given = tuple(contents)
        masker = self._sdk_masker
        if masker and not masker.use(self.obfuscation_data):
            masker = None
        # One look for a page: its texts, by far the usual case, go as they are.
        if not set(map(type, given)) - {str}:
            if masker and given:
                masker.note_texts()
            return given
        return tuple(self._sdk_text(content, masker) for content in given)

    def _sdk_text(self, content: Any, masker: EventMasker | None) -> str:
        if isinstance(content, str):
            if masker:
                masker.note_texts()
            return content
        if not isinstance(content, dict):
            message = f"a message is text or a dict, not {type(content).__name__}"
            raise TypeError(message)
        fields = cast("dict[Any, Any]", content)
        if masker:
            fields = masker.masked(fields)
        if self.environment:
            # In a copy: the genuine SDK adds the key to the module's own dict.
            fields = {**fields, "@devo_environment": self.environment}
        return json.dumps(fields, ensure_ascii=False)


def _lookup_job(factory: Any, start: Any, end: Any, buffer: Any) -> LookupJob:
    if not isinstance(factory, LookupJobFactory):
        cause = f"a lookup job factory is needed, not {type(factory).__name__}"
        raise SdkPullerAbstractError(_BAD_FACTORY, cause)
    for name, value, sub_code in (
        ("start", start, _BAD_START),
        ("end", end, _BAD_END),
    ):
        if not isinstance(value, bool):
            cause = f"{name} is a boolean, not {type(value).__name__}"
            raise SdkPullerAbstractError(sub_code, cause)
    match buffer:
        case "Create":
            return factory.create_job_to_initialize_items(start, end)
        case "Modify":
            return factory.create_job_to_modify_items(start, end)
        case "Remove":
            return factory.create_job_to_remove_items(start, end)
        case _:
            cause = f"the buffer is Create, Modify or Remove, not {buffer!r}"
            raise SdkPullerAbstractError(_BAD_BUFFER, cause)
