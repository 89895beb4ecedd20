"""Finding plugins and what they offer."""

from __future__ import annotations

from pathlib import Path

import pluggy
import pytest

from collector_host.errors import PluginError
from collector_host.plugins import spec
from collector_host.plugins.manager import Plugins, new_manager

_hook = pluggy.HookimplMarker(spec.NAME)


def _plugin(**offers: object) -> object:
    """Return a plugin whose hooks return what is given."""

    def implement(name: str, value: object) -> object:
        def hook() -> object:
            return value

        hook.__name__ = name
        return staticmethod(_hook(hook))

    hooks = {
        f"collector_{name}": implement(f"collector_{name}", value)
        for name, value in offers.items()
    }
    return type("Plugin", (), hooks)()


def _plugins(*each: object) -> Plugins:
    manager = new_manager()
    for number, plugin in enumerate(each):
        manager.register(plugin, f"plugin_{number}")
    return Plugins(manager)


def test_installed_plugin_is_found_by_its_entry_point() -> None:
    """This project's own plugin is one like any other."""
    plugins = Plugins.installed()

    assert plugins.names == ["alibaba_cloud"]
    assert [file.name for file in plugins.definitions] == [
        "collector_definitions.yaml",
        "access_log_service.yaml",
        "actiontrail.yaml",
        "actiontrail_log_service.yaml",
        "db_log_service.yaml",
    ]
    assert plugins.puller("ActionTrailStandardPuller").__module__ == (
        "alibaba_cloud.actiontrail.puller"
    )


def test_definitions_keep_the_order_of_registration() -> None:
    """A catalogue comes before the definitions that complete it."""
    plugins = _plugins(
        _plugin(definitions=[Path("a.yaml"), Path("b.yaml")]),
        _plugin(definitions=[Path("c.yaml")]),
    )

    assert plugins.definitions == [Path("a.yaml"), Path("b.yaml"), Path("c.yaml")]


def test_same_class_from_two_plugins_stops_the_start() -> None:
    """Nobody should have to guess which of two classes runs."""
    with pytest.raises(PluginError, match="two plugins offer the same puller class: X"):
        _plugins(_plugin(pullers={"X": "a:X"}), _plugin(pullers={"X": "b:X"}))


@pytest.mark.parametrize(
    ("location", "message"),
    [
        (None, "no plugin offers the setup class X; offered: Y"),
        ("no_such_module:X", "the setup class no_such_module:X cannot be imported"),
        ("collections:X", "the setup class collections:X cannot be imported"),
        ("math:pi", "math:pi is not a class"),
    ],
    ids=["unknown", "no module", "no attribute", "no class"],
)
def test_class_that_cannot_be_used_is_named(location: str | None, message: str) -> None:
    """The error says which class, and why."""
    offered = {"Y": "a:Y"} | ({"X": location} if location else {})
    plugins = _plugins(_plugin(setups=offered))

    with pytest.raises(PluginError) as caught:
        plugins.setup("X")

    assert message in str(caught.value)


def test_broken_entry_point_is_an_error_of_the_plugin(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A plugin that cannot be imported stops the start with its reason."""

    def fail(_self: object, _group: str) -> int:
        message = "No module named 'missing'"
        raise ImportError(message)

    monkeypatch.setattr(pluggy.PluginManager, "load_setuptools_entrypoints", fail)

    with pytest.raises(PluginError, match="No module named 'missing'"):
        Plugins.installed()


def test_every_hook_is_documented() -> None:
    """A hook without a docstring promises nothing."""
    hooks = [value for name, value in vars(spec).items() if name.startswith("coll")]

    assert len(hooks) == 7
    assert all(hook.__doc__ for hook in hooks)
