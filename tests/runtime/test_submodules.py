"""Into which submodules a module is split, by the contract's rules."""

from __future__ import annotations

from typing import Any

import pytest

from collector_host.config.model import Input, Module, Service
from collector_host.runtime.submodules import submodules
from devocollectorsdk.commons.collector_exceptions import (
    SdkServiceInitializationError,
)


def _split(value: Any, *, property_name: str | None = "regions") -> dict[Any, Any]:
    config = {} if value is None else {"regions": value}
    module = Module("P", None, {}, None, property_name)
    service = Service("s", "predefined", config, {}, (module,))
    return submodules(Input("i", "1", {}, {}, (service,)), service, module, None)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, {"all": None}),
        ({"a": {"x": 1}}, {"a": {"x": 1}}),
        (["a", "b"], {"a": "a", "b": "b"}),
        ([{"a": 1}, {"b": 2}], {"a": 1, "b": 2}),
        ("a", {"a": "a"}),
    ],
    ids=["missing", "mapping", "texts", "mappings", "text"],
)
def test_every_form_of_the_property_is_understood(
    value: Any, expected: dict[Any, Any]
) -> None:
    """Name -> configuration, one instance each."""
    assert _split(value) == expected


def test_module_without_the_property_is_one_instance() -> None:
    """No submodule, hence no name."""
    assert _split(["a"], property_name=None) == {None: None}


@pytest.mark.parametrize("value", [["a", {"b": 1}], [{"a": 1, "b": 2}]])
def test_mixed_forms_are_an_error(value: Any) -> None:
    """The contract's error, with its number."""
    with pytest.raises(SdkServiceInitializationError, match="0030-10"):
        _split(value)
