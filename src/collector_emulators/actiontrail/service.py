"""One request to one answer: dispatch, faults, and the entry in the ledger.

It knows the order of the rooms (gateway, action, page, answer), not what
happens in them.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from collector_emulators.actiontrail.errors import ApiError
from collector_emulators.actiontrail.fault_kinds import ERROR_FAULT
from collector_emulators.actiontrail.gateway import (
    VERSION,
    Gateway,
    read_parameters,
)
from collector_emulators.actiontrail.lookup import Lookup
from collector_emulators.actiontrail.page_faults import PAGE_FAULTS, Hit
from collector_emulators.actiontrail.trails import trail_actions
from collector_emulators.actiontrail.wire_faults import (
    ANSWER_FAULTS,
    SPOILING,
    WRONG_ANSWERS,
    planned_error,
)
from collector_emulators.clock import format_instant
from collector_emulators.http_server import KEEP_ALIVE_S, Answer, Request
from collector_emulators.ledger import Ledger, Served, compact_json
from collector_emulators.signing import parse_authorization

if TYPE_CHECKING:
    from collections.abc import Mapping

    from collector_emulators.accounts import AccessKey, Accounts
    from collector_emulators.actiontrail.knobs import Knobs
    from collector_emulators.actiontrail.lookup import Page, Query
    from collector_emulators.actiontrail.store import EventStore
    from collector_emulators.clock import DataClock, TransportClock
    from collector_emulators.faults import FaultPlan, Strike


@dataclass(frozen=True, slots=True)
class Parts:
    """What the service is made of."""

    region: str
    global_region: str
    accounts: Accounts
    knobs: Knobs
    store: EventStore
    clock: TransportClock
    data_clock: DataClock
    faults: FaultPlan
    ledger: Ledger


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer, and what the ledger says about it."""

    answer: Answer
    verdict: str
    events: tuple[Served, ...] = ()


class Service:
    """The emulated service behind its HTTP listener."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._gateway = Gateway(
            parts.accounts, parts.knobs, parts.clock, parts.data_clock
        )
        self._lookup = Lookup(parts.store, parts.data_clock, parts.knobs)
        self._actions = trail_actions(parts.region, parts.global_region)

    def respond(self, request: Request) -> Answer:
        """Answer `request`; the ledger has it before the answer leaves."""
        strike = self._parts.faults.draw()
        parameters = read_parameters(request)
        outcome = self._outcome(request, parameters, strike)
        kinds = [fault.kind for fault in strike.faults]
        self._parts.ledger.record(
            at=self._parts.clock.seconds(),
            data_at=self._parts.data_clock.seconds(),
            region=self._parts.region,
            action=request.headers.get("x-acs-action", ""),
            parameters=parameters,
            key_id=_claimed_key(request),
            verdict=outcome.verdict,
            events=outcome.events,
            faults=tuple(kinds),
            is_spoiled=not SPOILING.isdisjoint(kinds),
        )
        return _spoil(outcome.answer, strike)

    def _outcome(
        self, request: Request, parameters: Mapping[str, str], strike: Strike
    ) -> Outcome:
        request_id = str(uuid.uuid4()).upper()
        try:
            for fault in strike.faults:
                if fault.kind == ERROR_FAULT:
                    raise planned_error(fault)
                if fault.kind in WRONG_ANSWERS:
                    return Outcome(WRONG_ANSWERS[fault.kind], "fault")
            return self._perform(request, parameters, strike, request_id)
        except ApiError as err:
            return self._refusal(err, request_id)

    def _perform(
        self,
        request: Request,
        parameters: Mapping[str, str],
        strike: Strike,
        request_id: str,
    ) -> Outcome:
        action = _action(request)
        if action != "LookupEvents" and action not in self._actions:
            raise ApiError(code="InvalidApi.NotFound")
        key = self._gateway.admit(request, f"actiontrail:{action}")
        if action != "LookupEvents":
            body = {"RequestId": request_id, **self._actions[action](parameters)}
            return Outcome(_json_answer(200, body, request_id), "ok")
        return self._look_up(parameters, key, strike, request_id)

    def _look_up(
        self,
        parameters: Mapping[str, str],
        key: AccessKey,
        strike: Strike,
        request_id: str,
    ) -> Outcome:
        query = self._lookup.query(parameters, key.account_id)
        page = self._lookup.page(parameters, query)
        for fault in strike.faults:
            if fault.kind in PAGE_FAULTS:
                page = PAGE_FAULTS[fault.kind](Hit(page, fault.options, strike.dice))
        body = self._page_body(page, query, request_id)
        events = tuple(Served.of(row.event_id, row.body) for row in page.rows)
        return Outcome(_answer(200, body, request_id), "ok", events)

    def _page_body(self, page: Page, query: Query, request_id: str) -> bytes:
        head = {
            "RequestId": request_id,
            "StartTime": format_instant(page.resume.start),
            "EndTime": format_instant(page.resume.end),
        }
        token = self._lookup.token(page, query)
        tail = b',"NextToken":%b' % compact_json(token) if token else b""
        events = b",".join(row.body for row in page.rows)
        return b'%b,"Events":[%b]%b}' % (compact_json(head)[:-1], events, tail)

    def _refusal(self, err: ApiError, request_id: str) -> Outcome:
        host_id = f"actiontrail.{self._parts.region}.aliyuncs.com"
        body = err.body(request_id=request_id, host_id=host_id)
        answer = _json_answer(err.status, body, request_id)
        headers = {**answer.headers, **err.headers}
        return Outcome(replace(answer, headers=headers), err.code)


def _action(request: Request) -> str:
    """Return the action asked for, once path and version are right."""
    action = request.headers.get("x-acs-action", "")
    if request.path != "/":
        raise ApiError(code="InvalidApi.NotFound")
    if not action:
        raise ApiError(code="MissingAction")
    if request.headers.get("x-acs-version") != VERSION:
        raise ApiError(code="InvalidVersion")
    return action


def _claimed_key(request: Request) -> str:
    claim = parse_authorization(request.headers.get("authorization", ""))
    return claim.key_id if claim is not None else ""


def _spoil(answer: Answer, strike: Strike) -> Answer:
    for fault in strike.faults:
        if fault.kind in ANSWER_FAULTS:
            answer = ANSWER_FAULTS[fault.kind](answer, fault)
    return answer


def _json_answer(status: int, body: Mapping[str, Any], request_id: str) -> Answer:
    return _answer(status, compact_json(body), request_id)


def _answer(status: int, body: bytes, request_id: str) -> Answer:
    headers = {
        "content-type": "application/json;charset=utf-8",
        "connection": "keep-alive",
        "keep-alive": f"timeout={KEEP_ALIVE_S}",
        "x-acs-request-id": request_id,
    }
    return Answer(status, body, headers)
