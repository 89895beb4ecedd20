"""The mine: the older layout, and setups of older releases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from conformance.model import At, Fixture, Run

_SALT = Fixture(
    "SaltPuller",
    rows=(
        "older layout",
        "create_setup_instance",
        "setup of older releases",
        "older requests_per_second",
        "older definitions",
        "state types",
        "string dates",
    ),
    tables={
        "my.app.mine.salt": [
            At("2023-01-05 01:00:00.000", "2023-01-05T01:00:00.000005+00:00 lit"),
            {
                "setup": ["SaltSetup(mine,mine#7,salt#predefined)", True],
                "limited": True,
            },
        ]
    },
    states={
        "mine;7;salt;None": {
            "last": datetime(2023, 1, 5, 1, microsecond=5, tzinfo=UTC),
            "seams": {1: 31.1, 2: 62.2, 3: 93.3},
        }
    },
    log=(
        "WARNING .* PJ407 .*config_obfuscation",
        (
            r"SaltPuller\(mine,7,salt,predefined\) -> Starting data collection every 60"
            " seconds$"
        ),
    ),
)
_COAL = Fixture(
    "CoalPuller",
    rows=("setup of older releases", "create_setup_instance is ignored"),
    tables={"my.app.mine.coal.deep": [{"setup": [900, "deep", "deep"]}]},
    states={"mine;7;coal;deep": {"of": "deep"}},
    silent=("nobody calls this",),
)
_SLAG = Fixture(
    "SlagPuller",
    rows=("setup of older releases", "field style"),
    tables={"my.app.mine.slag.high": [{"setup": [1200, "high", {"metres": 3}]}]},
    states={"mine;7;slag;high": {"of": "high"}},
)
MINE: Final = Run("mine", "mine", (_SALT, _COAL, _SLAG), config="config.json")
TAKEN_OVER: Final = replace(
    MINE,
    name="mine after the genuine SDK",
    fixtures=(
        replace(
            _SALT,
            rows=("genuine states",),
            tables={
                "my.app.mine.salt": [
                    At(
                        "2023-02-03 05:00:00.000",
                        "2023-02-03T05:00:00.000005+00:00 lit",
                    ),
                    _SALT.tables["my.app.mine.salt"][1],
                ]
            },
            states={
                "mine;7;salt;None": {
                    "last": datetime(2023, 2, 3, 5, microsecond=5, tzinfo=UTC),
                    "seams": {9: "closed", 1: 31.1, 2: 62.2, 3: 93.3},
                }
            },
            log=("Took over the state of mine;7;salt;None from ",),
        ),
        _COAL,
        _SLAG,
    ),
    states={
        "mine_7_salt_predefined_SaltPuller": {
            "last": datetime(2023, 2, 3, 4, tzinfo=UTC),
            "seams": {9: "closed"},
        }
    },
)
