"""One request to one answer: dispatch, faults, and the entry in the ledger.

It knows the order of the rooms (gateway, action, answer), not what happens in
them.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final, NamedTuple

from collector_emulators.http_server import KEEP_ALIVE_S, Answer, Request
from collector_emulators.log_service.errors import ApiError
from collector_emulators.log_service.fault_kinds import ERROR_FAULT
from collector_emulators.log_service.gateway import Gateway
from collector_emulators.log_service.grouping import Grouping
from collector_emulators.log_service.managing import Managing
from collector_emulators.log_service.reading import Reading
from collector_emulators.log_service.replies import Turn
from collector_emulators.log_service.routes import read_ask
from collector_emulators.log_service.searching import Searching
from collector_emulators.log_service.signatures import parse_authorization
from collector_emulators.log_service.wire_faults import (
    ANSWER_FAULTS,
    SPOILING,
    WRONG_ANSWERS,
    planned_error,
)
from collector_emulators.log_service.world_faults import WORLD_FAULTS, change_world
from collector_emulators.log_service.writing import Writing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from collector_emulators.accounts import AccessKey
    from collector_emulators.faults import Strike
    from collector_emulators.ledger import Served
    from collector_emulators.log_service.replies import Parts, Reply
    from collector_emulators.log_service.routes import Ask, Route

_WITHOUT_PROJECT: Final = frozenset({"ListProject", "CreateProject"})


class Outcome(NamedTuple):
    """An answer, and what the ledger says about it."""

    answer: Answer
    verdict: str
    events: tuple[Served, ...] = ()
    event_count: int = 0


class Service:
    """The emulated service behind its HTTP listener."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._gateway = Gateway(parts.region, parts.accounts, parts.knobs, parts.clock)
        self._actions = _actions(parts)

    def respond(self, request: Request) -> Answer:
        """Answer `request`; the ledger has it before the answer leaves."""
        parts = self._parts
        ask = read_ask(request, parts.suffixes)
        strike = parts.faults.draw(ask.subject())
        outcome = self._outcome(ask, strike)
        kinds = tuple(fault.kind for fault in strike.faults)
        parts.ledger.record(
            at=parts.clock.seconds(),
            data_at=parts.data_clock.seconds(),
            region=parts.region,
            action=ask.route.action if ask.route else "",
            parameters={"project": ask.project, **ask.names, **ask.query},
            key_id=_claimed_key(request),
            verdict=outcome.verdict,
            events=outcome.events,
            event_count=outcome.event_count,
            faults=kinds,
            is_spoiled=not SPOILING.isdisjoint(kinds),
        )
        return _spoil(outcome.answer, strike)

    def _outcome(self, ask: Ask, strike: Strike) -> Outcome:
        try:
            for fault in strike.faults:
                if fault.kind == ERROR_FAULT:
                    raise planned_error(fault)
                if fault.kind in WRONG_ANSWERS:
                    return Outcome(WRONG_ANSWERS[fault.kind], "fault")
                if fault.kind in WORLD_FAULTS:
                    change_world(self._parts, ask, fault)
            reply = self._perform(ask, strike)
        except ApiError as err:
            headers = {"content-type": "application/json"}
            answer = self._answer(err.status, err.body(), headers)
            return Outcome(answer, err.code)
        answer = self._answer(200, reply.body, reply.headers)
        return Outcome(answer, "ok", reply.events, reply.event_count)

    def _perform(self, ask: Ask, strike: Strike) -> Reply:
        self._check_place(ask)
        if ask.route is None:
            message = f"no {ask.request.method} {ask.request.path} in the emulator"
            raise ApiError(code="UnsupportedByEmulator", message=message)
        key = self._gateway.admit(ask.request)
        self._check_rights(ask, ask.route, key)
        turn = Turn(ask, key, strike, self._parts.data_clock.seconds())
        return self._actions[ask.route.action](turn)

    def _check_place(self, ask: Ask) -> None:
        if not ask.is_known_host:
            host = ask.request.headers.get("host", "")
            raise ApiError(code="InvalidHost" if host else "MissingHost")
        if ask.region not in {None, self._parts.region}:
            message = f"The Project does not exist : {ask.project}"
            raise ApiError(code="ProjectNotExist", message=message)

    def _check_rights(self, ask: Ask, route: Route, key: AccessKey) -> None:
        resource = ask.resource
        if route.action not in _WITHOUT_PROJECT:
            owner = self._parts.catalogue.project(ask.project).owner
            if owner != key.account_id:
                message = f"denied by sts or ram, action: {route.right}, resource: "
                resource = f"acs:log:{self._parts.region}:{owner}:{resource}"
                raise ApiError(code="Unauthorized", message=message + resource)
        self._gateway.check_right(key, route.right, resource)

    def _answer(self, status: int, body: bytes, headers: Mapping[str, str]) -> Answer:
        common = {
            "server": "AliyunSLS",
            "connection": "keep-alive",
            "keep-alive": f"timeout={KEEP_ALIVE_S}",
            "x-log-requestid": secrets.token_hex(12).upper(),
            "x-log-time": str(int(self._parts.clock.seconds())),
        }
        return Answer(status, body, {**common, **headers})


def _actions(parts: Parts) -> Mapping[str, Callable[[Turn], Reply]]:
    """Return the function of each API."""
    reading, writing = Reading(parts), Writing(parts)
    managing, grouping = Managing(parts), Grouping(parts)
    searching = Searching(parts)
    return {
        "ListShards": reading.list_shards,
        "GetCursor": reading.get_cursor,
        "GetCursorTime": reading.get_cursor_time,
        "PullLogs": reading.pull_logs,
        "PutLogs": writing.put_logs,
        "SplitShard": writing.split_shard,
        "MergeShard": writing.merge_shard,
        "DeleteShard": writing.delete_shard,
        "ListProject": managing.list_projects,
        "CreateProject": managing.create_project,
        "GetProject": managing.get_project,
        "UpdateProject": managing.update_project,
        "DeleteProject": managing.delete_project,
        "ListLogStores": managing.list_stores,
        "CreateLogStore": managing.create_store,
        "GetLogStore": managing.get_store,
        "UpdateLogStore": managing.update_store,
        "DeleteLogStore": managing.delete_store,
        "ListConsumerGroup": grouping.list_groups,
        "CreateConsumerGroup": grouping.create_group,
        "UpdateConsumerGroup": grouping.update_group,
        "DeleteConsumerGroup": grouping.delete_group,
        "ConsumerGroupHeartBeat": grouping.heartbeat,
        "ConsumerGroupUpdateCheckPoint": grouping.check_in,
        "GetCheckPoint": grouping.get_checkpoints,
        "GetLogs": searching.get_logs,
        "GetHistograms": searching.get_histograms,
    }


def _claimed_key(request: Request) -> str:
    claim = parse_authorization(request.headers.get("authorization", ""))
    return claim.key_id if claim is not None else ""


def _spoil(answer: Answer, strike: Strike) -> Answer:
    for fault in strike.faults:
        if fault.kind in ANSWER_FAULTS:
            answer = ANSWER_FAULTS[fault.kind](answer, fault)
    return answer
