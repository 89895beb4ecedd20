"""The garden: everything a module may send, and every way to send it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from conformance.model import At, Fixture, Run

_DATE: Final = "2023-01-05 10:20:30.456"
_BEDS: Final = "my.lookup.control.Garden_beds"
_ROWS: Final = "my.lookup.data.Garden_beds"
_HEADERS: Final = re.escape(
    '[{"bed":{"type":"str","key":true}},{"address":{"type":"ip4"}},'
    '{"plants":{"type":"int8"}}]'
)
_START: Final = re.compile(rf"[\d.]+_Garden_beds\|START\|{_HEADERS}")
_END: Final = re.compile(rf"[\d.]+_Garden_beds\|END\|{_HEADERS}")

_FLOWERS = Fixture(
    "FlowerPuller",
    rows=(
        "puller base",
        "attributes before init_variables",
        "puller without setup",
        "one shot",
        "string dates",
        "thread name of a puller",
        "field style",
        "timestamps of cycles",
        "log line form",
    ),
    tables={
        "my.app.garden.flowers": [
            At(
                f"2023-01-0{6 + n}T00:00:00Z",
                {"seen": f"2023-01-0{6 + n}T00:00:00Z"} | {"flower": n},
            )
            for n in range(3)
        ]
    },
    states={
        "garden;g1;flowers;None": {"last_seen": "2023-01-08T00:00:00Z", "number": 3}
    },
    log=(
        (
            r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}    INFO InputProcess::MainThread -> "
            r"FlowerPuller\(garden,g1,flowers,predefined\) -> 2023-01-05T00:00:00Z is of"
            r" type str$"
        ),
        (
            r"FlowerPuller\(garden,g1,flowers,predefined\) -> Starting data collection"
            r" every 60 seconds"
        ),
        r"Removed finalized thread: FlowerPuller\(garden,g1,flowers,predefined\)",
    ),
    silent=("Error when initializing the variables",),
)
_DATES = Fixture(
    "DatePuller",
    rows=("dates of messages", "sender statistics"),
    tables={
        "my.app.garden.dates": [
            At(_DATE, "naive"),
            At(_DATE, "aware"),
            At(_DATE, "text"),
            At("date", "any text"),
            At("2023-01-05 10:20:30.000", "seconds"),
            At(_DATE, "milliseconds"),
            At(_DATE, "float"),
            At(_DATE, "a list"),
            At(_DATE, "of it"),
        ]
    },
    states={"garden;g1;dates;None": {"kinds": 7}},
    log=(
        (
            r"OutputProcess::\w+SenderManagerMonitor\(standard_senders,\w+\) -> Standard -"
            r' Total number of messages: \d+ messages/bytes sent since "[^"]+": \d+/\d+,'
        ),
        r'\[EXIT\] Process "MainProcess" completely terminated',
    ),
)
_CONTENTS = Fixture(
    "ContentPuller",
    rows=("contents of messages", "lists of messages", "order"),
    tables={
        "my.app.garden.contents": [
            "  as it is ",
            '{"name": "Zoë", "nested": {"b": [1, null]}}',
            '{"text": "stays",  "as": "it is"}',
            "first",
            '{"second": 2}',
            "third",
            '{"fourth": "ü"}',
        ]
    },
    states={"garden;g1;contents;None": {"sent": 7}},
)
_PEBBLES = Fixture(
    "BulkPuller",
    rows=("lists of messages", "order", "back-pressure"),
    tables={"my.app.garden.pebbles": [f"pebble {n:05}" for n in range(10_000)]},
    states={"garden;g1;pebbles;None": {"pebbles": 10_000}},
)
_QUEUES = Fixture(
    "QueuePuller",
    rows=("queues", "message class", "lookup jobs"),
    tables={
        "my.app.garden.queues": [
            At(_DATE, text) for text in ("alone", "by the method", "last")
        ],
        "my.app.garden.queues.left": ["left"],
        "my.app.garden.queues.right": ["right"],
        "my.lookup.control.Garden_tools.FULL": [
            re.compile(r"[\d.]+_Garden_tools\|START\|.*"),
            re.compile(r"[\d.]+_Garden_tools\|END\|.*"),
        ],
        "my.lookup.data.Garden_tools": [
            re.compile(r'[\d.]+_Garden_tools\|"spade",7'),
        ],
    },
    states={"garden;g1;queues;None": {"put": 4}},
)
_LOOKUPS = Fixture(
    "LookupPuller",
    rows=("lookups", "rejected lookup rows", "lookup in pages"),
    tables={
        "my.app.garden.lookups": [{"rejected": 1, "row": ["shed", "host-name", 0]}],
        f"{_BEDS}.FULL": [_START, _END],
        f"{_BEDS}.INC": [_START, _END, _START, _END],
        _ROWS: [
            re.compile(r'[\d.]+_Garden_beds\|"north",10\.0\.0\.1,10'),
            re.compile(r'[\d.]+_Garden_beds\|"south",10\.0\.0\.2,'),
            re.compile(r'[\d.]+_Garden_beds\|"north",10\.0\.0\.9,90'),
        ],
        f"{_ROWS}.DELETE": [re.compile(r'[\d.]+_Garden_beds\|"south"')],
    },
    states={"garden;g1;lookups;None": {"filled": True}},
)
_TELEMETRY = Fixture(
    "TelemetryPuller",
    rows=("internal messages", "double logging"),
    states={"garden;g1;telemetry;None": {"told": True}},
    telemetry={
        "local.info": ["telemetry: initialized", "telemetry: a text"],
        "local.warning": ["telemetry: wind"],
        "local.error": ["telemetry: storm"],
        "global.error": [{"weather": "hail"}],
    },
    log=(
        r"INFO InputProcess::MainThread -> telemetry: initialized",
        r"WARNING InputProcess::TelemetryPuller\(.*\) -> telemetry: wind",
        r"ERROR InputProcess::TelemetryPuller\(.*\) -> telemetry: storm",
    ),
    silent=("nobody asked for this level", "hail"),
)
_MASKS = Fixture(
    "MaskingPuller",
    rows=(
        "obfuscation",
        "obfuscation by user",
        "obfuscation of lists",
        "obfuscation_utils",
    ),
    tables={
        "my.app.garden.masks": [
            {
                "owner": {
                    "name": "****SANITIZED****",
                    "address": dict.fromkeys(("street", "city"), "hidden by the user"),
                },
                "keys": [
                    {"id": 1, "code": "****SANITIZED****-0489"},
                    {"id": 2, "code": "none"},
                ],
                "age": 99,
                "organic": False,
            },
            {"a": {"b": "****SANITIZED****"}},
        ]
    },
    states={"garden;g1;masks;None": {"events": 2}},
    silent=("Ada", "4111-1111-0489"),
)
_PRINTS = Fixture(
    "PrintingPuller",
    rows=("printing",),
    tables={"my.app.garden.prints": ["sent"]},
    states={"garden;g1;prints;None": {"printed": 3}},
    log=("printed before the first pull", "printed in a pull; written to stdout"),
)
_FILES = Fixture(
    "FilePuller",
    rows=("relative files",),
    tables={
        "my.app.garden.files": [
            {"seed": seed, "word": "thyme"} for seed in ("bean", "pea")
        ]
    },
    states={"garden;g1;files;None": {"here": ["collector_definitions.yaml"]}},
)
_ENVIRONMENTS = Fixture(
    "EnvironmentPuller",
    rows=("environment", "empty service", "several inputs"),
    tables={
        "my.app.greenhouse.environments": [
            {"sensor": 1, "@devo_environment": "test"},
            "text",
            {"sensor": 1, "@devo_environment": "test"},
        ]
    },
    states={"greenhouse;g2;environments;None": {"events": 3}},
    log=("EnvironmentPuller.* every 300 seconds",),
)

GARDEN: Final = Run(
    "garden",
    "garden",
    (
        _FLOWERS,
        _DATES,
        _CONTENTS,
        _PEBBLES,
        _QUEUES,
        _LOOKUPS,
        _TELEMETRY,
        _MASKS,
        _PRINTS,
        _FILES,
        _ENVIRONMENTS,
    ),
    hurried=False,
)


def _undated(fixture: Fixture) -> Fixture:
    """Return what a relay can tell, which keeps no dates."""
    tables = {
        table: [each.content if isinstance(each, At) else each for each in contents]
        for table, contents in fixture.tables.items()
    }
    return replace(fixture, tables=tables)


TO_A_RELAY: Final = replace(
    GARDEN,
    name="garden to a relay",
    fixtures=tuple(map(_undated, GARDEN.fixtures)),
    relay=True,
)
