"""The office: modules built on the template base classes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from conformance.model import Fixture, Run

_REPORT: Final = (
    r"Statistics for this pull cycle \(@devo_pulling_id=\d{13}\):Number of requests"
    r" made: \d+; Number of events received: \d+; Number of duplicated events filtered"
    r" out: \d+; Number of events generated and sent: \d+; Average of events per"
    r" second: \d+\.\d{3}\.$"
)
_WHERE: Final = "office;o1;letters;None"


def _letters(*numbers: int) -> list[re.Pattern[str]]:
    return [
        re.compile(
            rf'\{{"number": {number}, "to": \{{"names": "{name}", "names_found": 2,'
            rf' "names_id": {index}\}}, "base_url": "https://office\.example",'
            r' "@devo_pulling_id": "\d{13}", "@devo_environment": "desk"\}'
        )
        for number in numbers
        for index, name in enumerate(("Ada", "Bob"))
    ]


_LETTERS = Fixture(
    "LetterPuller",
    rows=(
        "template puller",
        "template setup",
        "template state version",
        "template statistics",
        "template overwrites",
        "flatten_dict_key",
        "environment",
    ),
    tables={"my.app.office.letters": _letters(1, 2)},
    states={
        _WHERE: {
            "number": 2,
            "written": [1, 2],
            "base_url": "https://office.example",
            "@persistence_version": 2,
        }
    },
    log=(
        r"LetterPuller\(office,o1,letters,predefined\) -> \(Partial\) " + _REPORT,
        r"LetterPuller\(office,o1,letters,predefined\) -> " + _REPORT,
    ),
    silent=("a-key-nobody-may-see", "upgrading"),
)
_STAMPS = Fixture(
    "StampPuller",
    rows=("template puller", "template without state"),
    tables={
        "my.app.office.stamps": [
            re.compile(r'\{"stamp": 1, "@devo_pulling_id": "\d{13}"\}'),
            "bare",
        ]
    },
    states={"office;o1;stamps;None": None},
)
OFFICE: Final = Run("office", "office", (_LETTERS, _STAMPS))
UPGRADED: Final = replace(
    OFFICE,
    name="office with a state of version 1",
    fixtures=(
        replace(
            _LETTERS,
            tables={"my.app.office.letters": _letters(8, 9)},
            states={
                _WHERE: {
                    "number": 9,
                    "written": [8, 9],
                    "base_url": "https://office.example",
                    "@persistence_version": 2,
                }
            },
            rows=("template upgrade", "genuine states"),
            log=(r"upgrading \{'count': '7', '@persistence_version': 1\}$",),
            silent=(),
        ),
        _STAMPS,
    ),
    states={_WHERE: {"count": "7", "@persistence_version": 1}},
)
WRONG_TYPE: Final = Run(
    "office with a setting of the wrong type",
    "office",
    (
        Fixture(
            "LetterPuller",
            rows=("template schemas", "init_variables fails"),
            states={_WHERE: None},
            telemetry={
                "local.error": ['user.json: $.letters: breaks the rule type: "integer"']
            },
            log=(
                r"user\.json: \$\.letters",
                (
                    r"Error when initializing the variables, details: InitVariablesError"
                    r" \[CODE:0001\] "
                ),
                r"SdkServiceInitializationError\[CODE:0030-30\]",
            ),
            silent=("Starting data collection",),
        ),
    ),
    code=1,
    config="wrong_type.yaml",
)
TOO_MANY: Final = Run(
    "office with a setting that the module refuses",
    "office",
    (
        Fixture(
            "LetterPuller",
            rows=("template exceptions", "init_variables fails"),
            states={_WHERE: None},
            log=(
                (
                    r"ERROR .* -> LetterPuller\(office,o1,letters,predefined\) -> Error when"
                    r" initializing the variables, details: InitVariablesError \[CODE:0030\]"
                    r" reason: nobody writes so many letters \| <class '.*'>$"
                ),
            ),
            silent=("Starting data collection",),
        ),
    ),
    code=1,
    config="too_many.yaml",
)
