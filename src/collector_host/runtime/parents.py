"""What a module sees of the host around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from devocollectorsdk.persistence.persistence_object import PersistenceObject

if TYPE_CHECKING:
    from collections.abc import Callable

    from collector_host.delivery.owner import Owner
    from devocollectorsdk.commons.clock import Clock


@dataclass(frozen=True, slots=True)
class ServiceParent:
    """Stands where a puller expects its parent thread.

    Attributes:
        name: The service, for messages.
        clock: Time and waiting for the module.
        find_setup_class: Gives the class named in the module's definition.
        wake_up: Called by a module that ends.
    """

    name: str
    clock: Clock
    find_setup_class: Callable[[str], type[Any]]
    wake_up: Callable[[], None]


class PersistenceFactory:
    """Gives a module the persistence object of an address.

    Args:
        owner: The module's own owner.
        open_owner: Opens the owner of another address; a module may look at the
            state it had under another configuration.
        collector_id: Identity of the input.
        module_name: Last part of every address, where one is used.
    """

    def __init__(
        self,
        owner: Owner,
        open_owner: Callable[[str], Owner],
        collector_id: str,
        module_name: str | None,
    ) -> None:
        self._owner = owner
        self._open_owner = open_owner
        self._collector_id = collector_id
        self._module_name = module_name

    def create(
        self,
        input_name: str,
        input_id: str,
        service_name: str,
        submodule_name: str | None = None,
    ) -> PersistenceObject:
        """Return the persistence object of an address.

        Raises:
            StateError: Another address' state cannot be read.
        """
        name = owner_name(
            input_name, input_id, service_name, submodule_name, self._module_name
        )
        owner = self._owner if name == self._owner.name else self._open_owner(name)
        return PersistenceObject(
            owner, self._collector_id, lambda old: self._open_owner(old).staged()
        )


def owner_name(
    input_name: str,
    input_id: str,
    service_name: str,
    submodule_name: str | None,
    module_name: str | None = None,
) -> str:
    """Return the address of a state.

    Args:
        input_name: Key of the input in the configuration.
        input_id: Its `id`.
        service_name: Key of the service.
        submodule_name: Submodule, or None.
        module_name: Only where a service has several modules, so that they do not
            write one state.
    """
    parts = [input_name, input_id, service_name, str(submodule_name)]
    return ";".join([*parts, module_name] if module_name else parts)
