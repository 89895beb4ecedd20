"""The shop: which modules of which services run, and what their states hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final

from conformance.model import Fixture, Run


def _till(
    puller: str,
    service: str,
    settings: Any,
    rows: tuple[str, ...],
    *,
    service_type: str = "predefined",
    table: str = "",
    alone: bool = False,
) -> Fixture:
    """Return what a module does that counts to two."""
    where = f"shop;s1;{service};None" + ("" if alone else f";{puller}")
    name = f"{puller}(shop,s1,{service},{service_type})"
    return Fixture(
        puller,
        rows=rows,
        tables={
            f"my.app.shop.{table or service}.{puller}": [
                {
                    "till": name,
                    "state": {puller: number},
                    "settings": settings,
                    "production": True,
                }
                for number in (1, 2)
            ]
        },
        states={where: {puller: 2}},
    )


_SHELVES = Fixture(
    "ShelfPuller",
    rows=("persistence", "state types", "unserialisable state", "CollectorUtils"),
    states={
        "shop;s1;shelves;None": {
            "when": datetime(2023, 1, 5, 10, tzinfo=UTC),
            "naive": datetime(2023, 1, 5, 10),  # noqa: DTZ001  (as the module has it)
            "day": date(2023, 1, 5),
            7: {"seven": [1, 2.5, None, True, "ü"]},
            "pair": (1, 2),
        }
    },
    log=(r"refused: SdkPersistenceServiceError\[CODE:0082",),
)
_CHOSEN: Final = {"types": ["second", "third"]}
SHOP: Final = Run(
    "shop",
    "shop",
    (
        _till(
            "FirstTillPuller",
            "tills",
            None,
            ("default modules", "empty service", "two modules of a service"),
        ),
        _till("SecondTillPuller", "tills", None, ("two modules of a service",)),
        _till("SecondTillPuller", "chosen", _CHOSEN, ("types",)),
        _till(
            "ThirdTillPuller", "chosen", _CHOSEN, ("types", "two modules of a service")
        ),
        _till(
            "ThirdTillPuller",
            "mandatory",
            {"types": ["third"]},
            ("types are mandatory",),
        ),
        replace(
            _till(
                "CounterPuller",
                "corner_kiosk",
                {"opens_at": 7},
                ("custom service", "module_definition class_name", "production mode"),
                service_type="custom",
                table="custom",
                alone=True,
            ),
            log=(
                (
                    'WARNING .* The "input" configuration entry for closed_shop is not'
                    " enabled$"
                ),
            ),
            silent=("ServiceThread.closed_shop", "InputThread.closed_shop"),
        ),
        _SHELVES,
    ),
    arguments=("--prod-mode",),
)
FORGETFUL: Final = replace(
    SHOP,
    name="shop that keeps no state",
    fixtures=tuple(
        replace(each, rows=("no state kept",), states={}) for each in SHOP.fixtures
    ),
    arguments=("--prod-mode", "--no-save-state"),
)
NO_TYPES: Final = Run(
    "shop without the types that are mandatory",
    "shop",
    (
        Fixture(
            "ThirdTillPuller",
            rows=("types are mandatory", "silent typos"),
            log=(
                (
                    r"no_types\.yaml:13:\d+: PJ401"
                    r" SdkServiceInitializationError\[CODE:0030-101\]"
                ),
                r"no_types\.yaml:14:\d+: PJ402 no module reads opens_at",
            ),
        ),
    ),
    code=255,
    config="no_types.yaml",
)
