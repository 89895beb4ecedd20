"""The reading side with one mechanism taken out.

Each function patches the product for good, or through the `patch` of a test.
"""

from __future__ import annotations

import json
from importlib import import_module
from typing import TYPE_CHECKING, Any

from alibaba_cloud import endpoint
from alibaba_cloud.actiontrail import (
    answers,
    calls,
    client,
    failures,
    shaper,
    vendor,
    walk,
)
from alibaba_cloud.actiontrail.answers import Page
from alibaba_cloud.actiontrail.calls import PatientCalls
from alibaba_cloud.actiontrail.exact import Exact
from alibaba_cloud.errors import ApiError, Reaction
from alibaba_cloud.problems import PAGE_TOKEN, THROTTLED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alibaba_cloud.actiontrail.window import Window
    from support.mutants.patching import Patch


def malformed_answer_is_an_empty_page(patch: Patch = setattr) -> None:
    """Take any answer without events for the end of the window."""
    parse = answers.parse_page

    def parsed(body: bytes, status: int, **options: Any) -> Page:
        try:
            return parse(body, status, **options)
        except ApiError:
            return Page([], None)

    patch(client, "parse_page", parsed)


def error_documents_only(patch: Patch = setattr) -> None:
    """Leave error answers without a document to the vendor's SDK."""
    patch(client, "refuse_unreadable", lambda *_arguments: None)


def nothing_is_repeated(patch: Patch = setattr) -> None:
    """Give up at the first failure of a call."""
    patch(PatientCalls, "_helps", staticmethod(lambda *_, **__: False))


def throttling_is_not_known(patch: Patch = setattr) -> None:
    """Take throttling for a refusal like any other."""
    table = failures._BY_CODE
    patch(failures, "_BY_CODE", tuple(row for row in table if row[1] is not THROTTLED))


def credentials_are_never_fetched_again(patch: Patch = setattr) -> None:
    """Repeat a call with the key that was refused."""
    patch(client.ActionTrailClient, "refresh_credentials", lambda _self: None)


def refused_token_is_the_end(patch: Patch = setattr) -> None:
    """Take a refused page token for the end of the window."""
    page = PatientCalls.page

    def patient(self: PatientCalls, window: Window, token: str | None) -> Page:
        try:
            return page(self, window, token)
        except ApiError as error:
            if error.problem is not PAGE_TOKEN:
                raise
            return Page([], None)

    patch(PatientCalls, "page", patient)


def short_page_is_the_end(patch: Patch = setattr) -> None:
    """Trust the number of events instead of the token."""
    parse = answers.parse_page

    def parsed(body: bytes, status: int, **options: Any) -> Page:
        page = parse(body, status, **options)
        full = 50
        return page if len(page.events) == full else Page(page.events, None)

    patch(client, "parse_page", parsed)


def loops_are_followed(patch: Patch = setattr) -> None:
    """Ask on for as long as the service gives tokens."""

    def read(pages: Any, window: Window, *, empty_max: int) -> Iterator[Page]:
        del empty_max
        token = None
        while True:
            page = pages.page(window, token)
            yield page
            token = page.token
            if token is None:
                return

    patch(walk, "read_pages", read)


def wait_is_as_long_as_asked(patch: Patch = setattr) -> None:
    """Honour any retry-after."""
    patch(failures, "_RETRY_AFTER_MAX_S", float("inf"))


def every_failed_call_has_two_lines(patch: Patch = setattr) -> None:
    """Warn of a failure that ends the pull, too."""
    once = PatientCalls._once

    def noisy(self: PatientCalls, window: Window, token: str | None) -> Page:
        try:
            return once(self, window, token)
        except ApiError as error:
            if error.reaction in {Reaction.STOP, Reaction.RESTART}:
                calls._logger.warning("Call failed: %s", error)
            raise

    patch(PatientCalls, "_once", noisy)


def json_as_python_reads_it(patch: Patch = setattr) -> None:
    """Round numbers, drop the first of two equal keys, refuse deep nesting."""

    def parse(_self: Exact, text: str) -> Any:
        try:
            return json.loads(text)
        except RecursionError as error:
            raise ValueError(str(error)) from error

    patch(Exact, "parse", parse)


def depth_is_not_bounded(patch: Patch = setattr) -> None:
    """Parse as deep as Python can."""

    def parse(self: Exact, text: str) -> Any:
        try:
            return self._load(text)
        except RecursionError as error:
            raise ValueError(str(error)) from error

    patch(Exact, "parse", parse)


def surrogates_are_replaced(patch: Patch = setattr) -> None:
    """Write a question mark for what UTF-8 cannot carry."""
    patch(shaper, "_escaped", lambda _match: "?")


def proxies_are_not_checked(patch: Patch = setattr) -> None:
    """Let the vendor's SDK find out what is wrong with a proxy's address."""
    patch(endpoint, "_checked", lambda proxy, _origin: proxy)


def our_keys_win(patch: Patch = setattr) -> None:
    """Write our keys over those an event already has."""

    def shape(self: shaper.Shaper, event: object) -> str:
        fields = {**event, **self._additions} if isinstance(event, dict) else event
        return json.dumps(fields, ensure_ascii=True)

    patch(shaper.Shaper, "shape", shape)


def sdk_may_print(patch: Patch = setattr) -> None:
    """Import the vendor's SDK with its own handlers, and leave DEBUG alone."""
    patch(vendor, "load", import_module)
