"""What a module sees of its saved state."""

from __future__ import annotations

from typing import Any

import pytest

from devocollectorsdk.commons.collector_exceptions import SdkPersistenceServiceError
from devocollectorsdk.persistence.persistence_object import PersistenceObject


class _Backend:
    """Takes everything but sets, as the host does."""

    name = "in;id;service;None"

    def __init__(self) -> None:
        self.saved: list[Any] = []

    def stage(self, state: Any) -> None:
        if isinstance(state, dict) and any(isinstance(v, set) for v in state.values()):
            message = "state['x'] is of type set, which cannot be saved"
            raise TypeError(message)
        self.saved.append(state)

    def staged(self) -> dict[str, Any] | None:
        return self.saved[-1] if self.saved else None

    def is_ok(self) -> bool:
        return True


OLD = {"in_id_service_type_Puller": {"old": 1}}


@pytest.fixture
def backend() -> _Backend:
    """The host's side."""
    return _Backend()


@pytest.fixture
def persistence(backend: _Backend) -> PersistenceObject:
    """The module's side."""
    return PersistenceObject(backend, "id", OLD.get)


def test_object_knows_its_names(persistence: PersistenceObject) -> None:
    """Modules print them."""
    assert persistence.unique_identifier == "in;id;service;None"
    assert persistence.collector_id == "id"
    assert persistence.is_ok()


def test_state_is_saved_loaded_and_forgotten(
    persistence: PersistenceObject, backend: _Backend
) -> None:
    """With the arguments of every version of the contract."""
    assert persistence.load_state() is None
    persistence.save_state({"n": 1}, no_log_traces=True, emergency_system_used=False)
    assert persistence.load_state(no_log_traces=True) == {"n": 1}
    persistence.save_state({"n": 2}, True)  # noqa: FBT003  (as modules write it)
    persistence.clean_state()

    assert backend.saved == [{"n": 1}, {"n": 2}, None]


@pytest.mark.parametrize(
    ("state", "says"),
    [
        pytest.param({"x": {1}}, r"state\['x'\] is of type set", id="set inside"),
        pytest.param([1], "a state is a dict, not list", id="list"),
        pytest.param("text", "a state is a dict, not str", id="text"),
    ],
)
def test_state_that_cannot_be_kept_is_refused(
    persistence: PersistenceObject, backend: _Backend, state: Any, says: str
) -> None:
    """With the contract's error, before anything is queued."""
    with pytest.raises(SdkPersistenceServiceError, match=says) as caught:
        persistence.save_state(state)

    assert caught.value.sub_code == 1300
    assert backend.saved == []


def test_state_of_an_older_layout_is_found_by_its_address(
    persistence: PersistenceObject,
) -> None:
    """By keyword or by place; an address without a state gives None."""
    (identifier,) = OLD

    assert persistence.load_state_old_format(True, identifier) == {"old": 1}  # noqa: FBT003  (as modules write it)
    assert persistence.load_state_old_format(unique_identifier="other") is None
    assert persistence.load_state_old_format() is None
