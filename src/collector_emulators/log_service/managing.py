"""The APIs that list, make, change and drop projects and logstores.

Source: vendor documentation of projects and logstores.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

from collector_emulators.log_service.catalogue import matching
from collector_emulators.log_service.errors import ApiError
from collector_emulators.log_service.logstores import Settings
from collector_emulators.log_service.replies import (
    Reply,
    json_reply,
    read_number,
    read_object,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from collector_emulators.log_service.replies import Parts, Turn

_Item = TypeVar("_Item")


class Managing:
    """The managing APIs."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._catalogue = parts.catalogue

    def list_projects(self, turn: Turn) -> Reply:
        """Return the account's projects, by name."""
        part = turn.ask.query.get("projectName", "")
        own = [
            project.to_json(self._parts.region)
            for project in self._catalogue.projects()
            if project.owner == turn.key.account_id and part in project.name
        ]
        return json_reply(_page("projects", own, turn.ask.query))

    def create_project(self, turn: Turn) -> Reply:
        """Make the project of the host."""
        wanted = read_object(turn.ask.request.body)
        self._catalogue.add_project(
            turn.ask.project,
            turn.now,
            owner=turn.key.account_id,
            description=str(wanted.get("description", "")),
        )
        return Reply()

    def get_project(self, turn: Turn) -> Reply:
        """Return a project."""
        project = self._catalogue.project(turn.ask.project)
        return json_reply(project.to_json(self._parts.region))

    def update_project(self, turn: Turn) -> Reply:
        """Change the description of a project."""
        project = self._catalogue.project(turn.ask.project)
        wanted = read_object(turn.ask.request.body)
        project.description = str(wanted.get("description", ""))
        project.modified = turn.now
        return Reply()

    def delete_project(self, turn: Turn) -> Reply:
        """Drop a project and all its logstores."""
        self._catalogue.delete_project(turn.ask.project)
        return Reply()

    def list_stores(self, turn: Turn) -> Reply:
        """Return the names of the logstores."""
        stores = self._catalogue.project(turn.ask.project).stores
        names = matching(stores, turn.ask.query.get("logstoreName", ""))
        return json_reply(_page("logstores", names, turn.ask.query))

    def create_store(self, turn: Turn) -> Reply:
        """Make a logstore."""
        wanted = read_object(turn.ask.request.body)
        name = wanted.get("logstoreName")
        if not isinstance(name, str) or not name:
            raise ApiError(code="PostBodyInvalid", message="logstoreName is required")
        settings = _change(Settings(), wanted)
        self._catalogue.add_store(turn.ask.project, name, settings, turn.now)
        return Reply()

    def get_store(self, turn: Turn) -> Reply:
        """Return a logstore."""
        store = self._catalogue.store(turn.ask.project, turn.ask.logstore)
        return json_reply(store.to_json())

    def update_store(self, turn: Turn) -> Reply:
        """Change the settings of a logstore; its shards stay as they are."""
        store = self._catalogue.store(turn.ask.project, turn.ask.logstore)
        wanted = read_object(turn.ask.request.body)
        kept = {**wanted, "shardCount": store.settings.shardCount}
        store.settings = _change(store.settings, kept)
        store.modified = turn.now
        return Reply()

    def delete_store(self, turn: Turn) -> Reply:
        """Drop a logstore."""
        self._catalogue.delete_store(turn.ask.project, turn.ask.logstore)
        return Reply()


def _page(
    name: str, items: Sequence[_Item], query: Mapping[str, str]
) -> dict[str, Any]:
    offset = read_number(query, "offset", 0)
    size = read_number(query, "size", 500)
    if offset < 0 or size < 0:
        raise ApiError(
            code="ParameterInvalid", message="offset and size must not be negative"
        )
    chosen = items[offset : offset + size]
    return {"count": len(chosen), "total": len(items), name: chosen}


def _change(settings: Settings, wanted: Mapping[str, Any]) -> Settings:
    """Return `settings` with what is wanted; other fields are passed over."""
    values: dict[str, Any] = {}
    for setting in fields(Settings):
        old = getattr(settings, setting.name)
        value = wanted.get(setting.name, old)
        if type(value) is not type(old):
            message = f"{setting.name} takes no {value!r}"
            raise ApiError(code="PostBodyInvalid", message=message)
        values[setting.name] = value
    changed = Settings(**values)
    if changed.ttl < 1 or changed.shardCount < 1:
        raise ApiError(
            code="ParameterInvalid", message="ttl and shardCount must be positive"
        )
    return changed
