"""The farm: one module instance for each submodule."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from conformance.model import Fixture, Run


def _fixture(
    service: str,
    parts: dict[str | None, Any],
    rows: tuple[str, ...],
    log: tuple[str, ...] = (),
    puller: str = "FieldPuller",
) -> Fixture:
    """Return what a service does whose module is parted in this way."""
    tables: dict[str, list[Any]] = {}
    for name, config in parts.items():
        end, suffix = (f".{name}", f",{name}") if name else ("", "")
        tables[f"my.app.farm.{service}{end}"] = [
            {
                "thread": f"{puller}(farm,f1,{service},predefined{suffix})",
                "name": name,
                "config": config,
                "setup": [name, config],
            }
        ]
    states = {f"farm;f1;{service};{name}": {"of": name} for name in parts}
    return Fixture(puller, rows=rows, tables=tables, states=states, log=log)


_WHOLE: Final = _fixture("whole", {None: None}, ("no submodules", "empty service"))

FARM: Final = Run(
    "farm",
    "farm",
    (
        _WHOLE,
        _fixture(
            "unparted",
            {"all": None},
            ("submodules missing",),
            (
                (
                    "There is not defined any submodule, using the default one with value"
                    ' "all"$'
                ),
                (
                    r"FieldPuller\(farm,f1,unparted,predefined,all\) -> Starting data"
                    " collection every 30 seconds$"
                ),
            ),
        ),
        _fixture(
            "dicts",
            {"north": {"crop": "rye"}, "south": "oat"},
            ("submodules of a dict", "state per submodule"),
            (
                (
                    r"FieldPullerSetup\(farm,farm#f1,dicts#predefined,north\) -> Setup for"
                    " module <FieldPuller> has been successfully executed$"
                ),
            ),
        ),
        _fixture("texts", {"east": "east", "west": "west"}, ("submodules of texts",)),
        _fixture(
            "singles",
            {"hill": {"crop": "wine"}, "dale": [1, 2]},
            ("submodules of single-key dicts",),
        ),
        _fixture(
            "orchard",
            {
                f"{kind}_{number}": {"kind": kind, "number": number}
                for kind, number in (("apple", 1), ("apple", 2), ("pear", 1))
            },
            ("submodule calculator",),
            puller="OrchardPuller",
        ),
    ),
)
# Refused before any module starts, like every other mistake in a configuration.
MIXED: Final = Run(
    "farm with a mixed list",
    "farm",
    (
        Fixture(
            "FieldPuller",
            rows=("mixed submodules",),
            log=(
                r"mixed\.yaml:17:13: CF328 .*SdkServiceInitializationError\[CODE:0030-10\]",
            ),
            silent=(r"FieldPuller\(.* - Starting thread",),
        ),
    ),
    code=255,
    config="mixed.yaml",
)
SERVED: Final = Run(
    "farm by a Collector Server",
    "farm",
    (
        replace(
            _fixture("texts", {"east": "east", "west": "west"}, ("pair of files",)),
            log=(r"FieldPullerSetup\(served,farm#f1,texts#predefined,east\)",),
        ),
    ),
    arguments=(
        "--job_config_loc",
        "job/job_config.json",
        "--collector_config_loc",
        "job/collector_config.json",
    ),
)
