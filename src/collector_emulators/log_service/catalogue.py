"""The projects of a region and the logstores in them.

It knows names and what exists, nothing of requests. Times are virtual seconds
since 1970 UTC.
"""

from __future__ import annotations

import itertools
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from collector_emulators.accounts import EXAMPLE_ACCOUNT_ID
from collector_emulators.clock import format_instant
from collector_emulators.log_service.consumers import ConsumerGroups
from collector_emulators.log_service.errors import ApiError
from collector_emulators.log_service.logstores import Logstore, Settings

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(slots=True)
class Project:
    """One project.

    Attributes:
        name: Unique in the region.
        owner: Account it belongs to.
        description: Free text.
        created: When it was made.
        modified: When it was changed last.
        stores: Its logstores by name.
        groups: Consumer groups of each logstore.
    """

    name: str
    owner: str
    description: str
    created: float
    modified: float
    stores: dict[str, Logstore] = field(default_factory=dict[str, Logstore])
    groups: dict[str, ConsumerGroups] = field(default_factory=dict[str, ConsumerGroups])

    def to_json(self, region: str) -> dict[str, Any]:
        """Return the project as GetProject tells it."""
        return {
            "projectName": self.name,
            "status": "Normal",
            "description": self.description,
            "region": region,
            "owner": self.owner,
            "createTime": format_instant(self.created),
            "lastModifyTime": format_instant(self.modified),
            "resourceGroupId": "",
        }


class Catalogue:
    """The projects of one region; any thread may change them."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._projects: dict[str, Project] = {}
        self._shard_numbers = itertools.count()

    def projects(self) -> list[Project]:
        """Return all projects, by name."""
        with self._lock:
            return [self._projects[name] for name in sorted(self._projects)]

    def project(self, name: str) -> Project:
        """Return one project.

        Raises:
            ApiError: ProjectNotExist.
        """
        with self._lock:
            if name not in self._projects:
                message = f"The Project does not exist : {name}"
                raise ApiError(code="ProjectNotExist", message=message)
            return self._projects[name]

    def add_project(
        self,
        name: str,
        now: float,
        *,
        owner: str = EXAMPLE_ACCOUNT_ID,
        description: str = "",
    ) -> Project:
        """Make a project.

        Raises:
            ApiError: ProjectAlreadyExist.
        """
        with self._lock:
            if name in self._projects:
                raise ApiError(
                    code="ProjectAlreadyExist", message=f"Project {name} already exists"
                )
            project = Project(name, owner, description, now, now)
            self._projects[name] = project
            return project

    def delete_project(self, name: str) -> None:
        """Drop a project and all its logstores.

        Raises:
            ApiError: ProjectNotExist.
        """
        with self._lock:
            self.project(name)
            del self._projects[name]

    def store(self, project: str, name: str) -> Logstore:
        """Return one logstore.

        Raises:
            ApiError: ProjectNotExist or LogStoreNotExist.
        """
        with self._lock:
            stores = self.project(project).stores
            if name not in stores:
                message = f"logstore {name} does not exist"
                raise ApiError(code="LogStoreNotExist", message=message)
            return stores[name]

    def add_store(
        self, project: str, name: str, settings: Settings, now: float
    ) -> Logstore:
        """Make a logstore.

        Raises:
            ApiError: ProjectNotExist or LogStoreAlreadyExist.
        """
        with self._lock:
            found = self.project(project)
            if name in found.stores:
                message = f"logstore {name} already exists"
                raise ApiError(code="LogStoreAlreadyExist", message=message)
            store = Logstore(name, settings, self._shard_numbers.__next__, now)
            found.stores[name] = store
            found.groups[name] = ConsumerGroups()
            return store

    def delete_store(self, project: str, name: str) -> None:
        """Drop a logstore; one of the same name starts with other cursors.

        Raises:
            ApiError: ProjectNotExist or LogStoreNotExist.
        """
        with self._lock:
            self.store(project, name)
            found = self.project(project)
            del found.stores[name], found.groups[name]

    def groups(self, project: str, name: str) -> ConsumerGroups:
        """Return the consumer groups of a logstore.

        Raises:
            ApiError: ProjectNotExist or LogStoreNotExist.
        """
        with self._lock:
            self.store(project, name)
            return self.project(project).groups[name]


def matching(names: Iterable[str], part: str) -> list[str]:
    """Return the names that contain `part`, in alphabetical order."""
    return sorted(name for name in names if part in name)
