"""Constructors of setups as they were written for several releases of the SDK."""

from __future__ import annotations

from typing import Any

import pytest

from devocollectorsdk.inputs.collector_puller_setup_abstract import (
    CollectorPullerSetupAbstract,
)
from fakes.modules import ScriptedPuller, ScriptedSetup, build


class ByPosition(ScriptedSetup):
    """Releases 1.6 and 1.7: no `execute_only_setup_and_exit`, passed on by position."""

    def __init__(  # noqa: PLR0917  (the contract)
        self,
        parent_thread: Any,
        collector_variables: Any,
        autosetup_enabled: Any,
        input_id: Any,
        input_name: Any,
        input_config: Any,
        input_definition: Any,
        service_name: Any,
        service_type: Any,
        service_config: Any,
        service_definition: Any,
        module_name: Any,
        module_config: Any,
        module_definition: Any,
        persistence_object: Any,
        internal_queue: Any,
        submodule_name: Any = None,
        submodule_config: Any = None,
    ) -> None:
        super().__init__(
            parent_thread, collector_variables, autosetup_enabled, input_id, input_name,
            input_config, input_definition, service_name, service_type, service_config,
            service_definition, module_name, module_config, module_definition,
            persistence_object, internal_queue, submodule_name, submodule_config,
        )  # fmt: skip


class ByName(ScriptedSetup):
    """The same, passed on by name."""

    def __init__(  # noqa: PLR0917  (the contract)
        self,
        parent: Any,
        variables: Any,
        enabled: Any,
        iid: Any,
        iname: Any,
        iconfig: Any,
        idef: Any,
        sname: Any,
        stype: Any,
        sconfig: Any,
        sdef: Any,
        mname: Any,
        mconfig: Any,
        mdef: Any,
        persistence: Any,
        queue: Any,
        subname: Any = None,
        subconfig: Any = None,
    ) -> None:
        super().__init__(
            parent, variables, enabled, iid, iname, iconfig, idef, sname, stype,
            sconfig, sdef, mname, mconfig, mdef, persistence, queue,
            submodule_name=subname, submodule_config=subconfig,
        )  # fmt: skip


class WithoutSubmodule(ScriptedSetup):
    """Sixteen arguments, the last it knows is the queue."""

    def __init__(  # noqa: PLR0917  (the contract)
        self,
        parent: Any,
        variables: Any,
        enabled: Any,
        iid: Any,
        iname: Any,
        iconfig: Any,
        idef: Any,
        sname: Any,
        stype: Any,
        sconfig: Any,
        sdef: Any,
        mname: Any,
        mconfig: Any,
        mdef: Any,
        persistence: Any,
        queue: Any,
    ) -> None:
        super().__init__(
            parent, variables, enabled, iid, iname, iconfig, idef, sname, stype,
            sconfig, sdef, mname, mconfig, mdef, persistence, queue,
        )  # fmt: skip


class ConfigurationOnly(WithoutSubmodule):
    """Seventeen arguments, the last of them is a submodule's configuration."""

    def __init__(  # noqa: PLR0917  (the contract)
        self,
        parent: Any,
        variables: Any,
        enabled: Any,
        iid: Any,
        iname: Any,
        iconfig: Any,
        idef: Any,
        sname: Any,
        stype: Any,
        sconfig: Any,
        sdef: Any,
        mname: Any,
        mconfig: Any,
        mdef: Any,
        persistence: Any,
        queue: Any,
    ) -> None:
        CollectorPullerSetupAbstract.__init__(
            self, parent, variables, enabled, iid, iname, iconfig, idef, sname, stype,
            sconfig, sdef, mname, mconfig, mdef, persistence, queue,
            {"zone": 1},
        )  # fmt: skip


class AllByName(ScriptedSetup):
    """Takes everything by name."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)


class AllByPosition(ScriptedSetup):
    """Takes everything by position."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)


KINDS = [
    ScriptedSetup,
    ByPosition,
    ByName,
    WithoutSubmodule,
    ConfigurationOnly,
    AllByName,
    AllByPosition,
]


@pytest.mark.parametrize("only_setup", [False, True], ids=["run", "validate"])
@pytest.mark.parametrize("submodule", [None, "eu"])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_setup_gets_what_it_takes_and_knows_the_rest(
    kind: type[ScriptedSetup], submodule: str | None, *, only_setup: bool
) -> None:
    """Whatever the constructor passes on, name, queue and verdict are right."""
    puller = build(
        ScriptedPuller,
        setup_class=kind,
        submodule=submodule,
        submodule_config={"zone": 1},
        only_setup=only_setup,
    )

    assert puller.initialization_error is None
    setup = puller.setup_instance
    assert setup.parent_thread is puller
    assert setup.internal_queue is puller.internal_queue
    assert setup.persistence_object is puller.persistence_object
    assert setup.collector_variables is puller.collector_variables
    assert (setup.submodule_name, setup.submodule_config) == (submodule, {"zone": 1})
    assert setup.execute_only_setup_and_exit is only_setup
    setup.clock.on_wait = lambda _seconds: setup.stop()
    setup.run()
    assert setup.ready_to_collect
