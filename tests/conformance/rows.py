"""Rows of the contract in words, and the fixture modules that cover each.

A number names the point of the contract's checklist or, in brackets, the section
whose table or list has the row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from conformance.expectations import farm, garden, lab, mill, mine, office, quarry, shop

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.model import Fixture, Run

CONTRACT: Final[Mapping[str, str]] = {
    # 1. Pullers.
    "puller base": "1: a puller is a thread with the contract's constructor and names",
    "abstract methods": "1: a puller that lacks one of the five methods is not made",
    "attributes before init_variables": "1: all attributes are there before that call",
    "init_variables fails": "1: its failure is logged, and nothing is pulled",
    "puller without setup": "1 (1.2): without a setup class there is no setup",
    "field style": "1 (1.2): star imports, mangled names, static helpers, subclasses",
    "class attributes": "1: an attribute of a class belongs to all its instances",
    # 2. Setups.
    "setup base": "2: a setup is a thread with the contract's constructor and names",
    "setup ready before pre_pull": "2: nothing is pulled before the setup succeeds",
    "shared collector_variables": "2: setup and puller share one dictionary",
    "token refresh": "2 (1.3): a setup runs again after an interval it may change",
    "setup retries": "2 (1.3): a failing setup is tried again, later and later",
    "setup that ends": "2 (1.2): a module ends with its setup",
    "setup of older releases": "2 (1.1): setups of 1.6 and 1.7 have an argument less",
    # 3. Life cycle.
    "one shot": "3: `running_flag = False` ends the thread, and at last the collector",
    "end in pre_pull": "3: a module may end itself before its first pull",
    "timestamps of cycles": "3: the timestamp of a cycle is aware and UTC",
    "pre_pull retries": "3 (1.2): pre_pull is repeated every 60 s until it succeeds",
    "period of pulls": "3: pulls begin a period apart",
    "precedence of periods": "3 (2.2): module globals, then module, then user",
    "period that means nothing": "3 (2.2): a period that is no number above zero",
    "slow pull": "3 (1.2): a pull longer than its period is followed at once",
    "no wait": "3 (1.2): `no_wait_next_loop` skips a wait, once",
    "offset": "3 (1.2): `retrieval_offset_in_seconds` makes a wait longer, once",
    "time slots": "3 (1.2): pulls at multiples of the period since the epoch",
    "wake_up": "3 (1.2): `wake_up` ends the wait for the next pull",
    "failing pull with setup": "3: after a failed pull the setup runs again",
    "failing pull without setup": "3: a failed pull is tried again, later and later",
    "exceptions never kill": "3: no exception of a module ends the collector",
    "unusable modules kill no other": "3: a module that cannot be made stops no other",
    "swallowed exceptions": "3 (8): a module may swallow what its source raises",
    "sys.exit": "3: `sys.exit` in a thread ends neither the collector nor the module",
    "pause": "3 (1.2): no pull begins between pause and unpause",
    "stop": "3: a signal ends every module, with exit code 0",
    "pull_pause and pull_stop": "3: both are called at a stop, by another thread",
    "is_command_in_progress": "3 (1.2): a long pull can ask whether it shall end",
    "waits end at a stop": "3 (8): no wait of the base classes holds up a stop",
    "endless pull": "3 (8): a pull that never asks is left behind",
    "sleeping pull": "3 (8): a pull that sleeps is left behind",
    "own threads": "3: a module may have threads of its own, and leave them behind",
    "own queue": "3: a module may have a queue and a consumer of its own",
    "validate": "3 (1.3): with --validate setups run once, and nothing is pulled",
    # 4. Sending.
    "contents of messages": "4: a text goes out as it is, a dict as JSON",
    "lists of messages": "4: lists are sent in one call, mixed or not",
    "wrong type of a message": "4 (1.2): another type is an error, 200 or 250",
    "dates of messages": "4: datetime, text, seconds, milliseconds or float",
    "string dates": "4 (3.1): timestamps of the configuration reach modules as text",
    "order": "4: the order of a puller's messages is kept",
    "back-pressure": "4: sending waits while the queue is full",
    "environment": "4: `@devo_environment` is added to dicts",
    "obfuscation": "4 (5.2): dicts are masked as the definition says",
    "obfuscation by user": "4 (5.2): a user's entry replaces one of the same name",
    "obfuscation of lists": "4 (5.2): wildcards, lists and string_patterns",
    "lookups": "4: lookups are created, modified, and thinned out",
    "lookup in pages": "4 (4.4): a lookup is filled by several jobs",
    "internal messages": "4 (4.6): telemetry goes to the tables devo.collectors.out",
    "metrics": "4 (4.6): what was sent is told to the table of metrics",
    "queues": "4 (1.2): messages may be put into the queue directly, alone or in lists",
    # 5. Logs.
    "double logging": "5: log helpers also send an internal message at their level",
    "logging of modules": "5: what modules log by `logging` is in the log",
    "printing": "5: what modules print is in the log, and never among messages",
    "thread name of a puller": "5: Puller(input,id,service,type[,submodule])",
    "thread name of a setup": "5: Setup(collector,input#id,service#type[,submodule])",
    "log line form": "5 (4.1): date, level, process, thread, text",
    "sender statistics": "5 (4.1): the sender tells what it has sent",
    # 6. States.
    "persistence": "6: load, save, clean, None at first, further arguments",
    "state per submodule": "6: every submodule has a state of its own",
    "state types": "6: datetimes, tuples and numbers as keys are kept",
    "unserialisable state": "6 (5.1): what cannot be kept is an error, 1300",
    "two modules of a service": "6 (8): two modules of a service share no state",
    "genuine states": "6 (5.1): a state that the genuine SDK left is taken over",
    "no state kept": "6 (3.3): --no-save-state",
    "save before send": "6 (8): a state that is saved too early is reported",
    "module that never saves": "6: a module need not save",
    # 7. Rate limiter.
    "rate limiter": "7: it is a context manager, and there always",
    "limits of all levels": "7 (2.5): limits of all levels count together",
    "requests_per_second is handed on": "7 (2.2): it is only a note for the module",
    "older requests_per_second": "7 (2.2): in the older layout it is a limit",
    # 8. Other names.
    "lookup jobs": "8: a factory's LookupJob may be queued directly",
    "rejected lookup rows": "8 (4.4): a bad row is rejected with a reason, not raised",
    "message class": "8 (4.3): Message",
    "obfuscation_utils": "8: ObfuscationUtils.process_json",
    "SDK exceptions": "8 (1.5): exceptions of the SDK carry code, sub code and cause",
    "own exceptions": "8 (1.5): exceptions of modules with code and cause",
    "CollectorUtils": "8: name, id, version and owner of the collector",
    "submodule calculator": "8 (2.3): a class calculates the submodules",
    "template puller": "8 (1.4): a puller in steps",
    "template setup": "8 (1.4): a setup in steps",
    "template schemas": "8 (1.4): settings are checked against the project's schemas",
    "template overwrites": "8 (1.4): allowed_overwrites",
    "template state version": "8 (1.4): the state carries @persistence_version",
    "template upgrade": "8 (1.4): a state of an older version is brought up to date",
    "template without state": "8 (1.4): with version 0 nothing is kept",
    "template statistics": "8 (1.4): each turn of a pull is reported",
    "template exceptions": "8 (1.5): each phase has its exception and range of codes",
    "flatten_dict_key": "8 (1.4): a list in an event becomes one event an element",
    # 9. Discovery.
    "default modules": "9: without types the modules marked as default run",
    "types": "9: a user chooses modules by their type",
    "types are mandatory": "9 (2): module_type_mandatory",
    "custom service": "9 (2.6): unknown services are the one of type custom",
    "empty service": "9 (3.1): a service without a body has no settings: None",
    "several inputs": "9 (3.1): inputs beside each other; one that is not enabled",
    "module_definition class_name": "9 (2.4): the definition tells the class's name",
    "no submodules": "9 (2.3): no property: one instance without a name",
    "submodules missing": "9 (2.3): no value: one instance named all",
    "submodules of a dict": "9 (2.3): one instance a key",
    "submodules of texts": "9 (2.3): one instance a text",
    "submodules of single-key dicts": "9 (2.3): one instance a dict",
    "mixed submodules": "9 (2.3): texts and dicts in one list are an error",
    "changed configuration": "9: a module may change what it is given, for itself only",
    # 10. Configuration and command line.
    "relative files": "10: relative names begin in the project's folder",
    "pair of files": "10 (3.2): the two files of a Collector Server",
    "the SDK's command": "10 (3.3): python -m devocollectorsdk.main",
    "production mode": "10 (3.3): --prod-mode",
    "silent typos": "10 (8): a key that nothing reads is reported",
    # 11. Other releases.
    "older layout": "11 (1.1): agent.inputs and its siblings",
    "create_setup_instance": "11 (1.1): in the older layout a puller makes its setup",
    "create_setup_instance is ignored": "11 (1.1): the newer layout never calls it",
    "older definitions": "11 (2.1): definitions of the oldest form",
}

RUNS: Final[tuple[Run, ...]] = (
    garden.GARDEN,
    garden.TO_A_RELAY,
    mill.MILL,
    mill.VALIDATED,
    farm.FARM,
    farm.MIXED,
    farm.SERVED,
    mine.MINE,
    mine.TAKEN_OVER,
    office.OFFICE,
    office.UPGRADED,
    office.WRONG_TYPE,
    office.TOO_MANY,
    shop.SHOP,
    shop.FORGETFUL,
    shop.NO_TYPES,
    lab.LAB,
    lab.BROKEN,
    lab.SENSELESS,
    lab.POISONED,
    quarry.QUARRY,
)


def covered(row: str) -> list[Fixture]:
    """Return the fixtures that cover a row."""
    return [
        fixture for each in RUNS for fixture in each.fixtures if row in fixture.rows
    ]
