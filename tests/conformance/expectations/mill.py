"""The mill: when a module is called, and what happens when it fails."""

from __future__ import annotations

import re
from typing import Final

from conformance.model import Fixture, Run, Some

_TAG: Final = "my.app.mill"


def _state(service: str) -> str:
    return f"mill;m1;{service};None"


_TOKENS = Fixture(
    "TokenPuller",
    rows=(
        "setup base",
        "setup ready before pre_pull",
        "shared collector_variables",
        "token refresh",
        "thread name of a setup",
        "requests_per_second is handed on",
    ),
    tables={f"{_TAG}.tokens": [{"used": f"token {n}"} for n in (1, 2, 3)]},
    states={_state("tokens"): {"used": ["token 1", "token 2", "token 3"]}},
    log=(
        (
            r"InputProcess::TokenPullerSetup\(mill,mill#m1,tokens#predefined\) ->"
            r" TokenPullerSetup\(mill,mill#m1,tokens#predefined\) -> made token 1$"
        ),
        (
            r"INFO InputProcess::TokenPullerSetup\(.*\) -> Setup for module <TokenPuller>"
            r" has been successfully executed$"
        ),
        (
            r"TokenPuller\(mill,m1,tokens,predefined\) -> Starting data collection every"
            r" 2 seconds$"
        ),
        "made token 2$",
        "made token 3$",
    ),
)
_RECOVERIES = Fixture(
    "RecoveringPuller",
    rows=("setup retries", "own exceptions", "exceptions never kill"),
    tables={f"{_TAG}.recoveries": [{"setup_tries": 3}]},
    states={_state("recoveries"): {"setup_tries": 3}},
    log=(
        (
            r"ERROR InputProcess::RecoveringPullerSetup\(mill,mill#m1,recoveries#predefined"
            r"\) -> \{'msg': 'MillException\[CODE:0004\] the river is dry \(1\)', 'file':"
            r" '.*recovering\.py', 'line': \d+, 'function': 'setup', 'details': \{'type':"
            r" 'MillException', 'text': .*\}\}$"
        ),
        (
            r"WARNING InputProcess::RecoveringPullerSetup\(.*\) -> Retrying collector"
            r" setup: 1/∞$"
        ),
        r"the river is dry \(2\)",
        r"RecoveringPullerSetup\(.*\) -> Retrying collector setup: 2/∞$",
        "Setup for module <RecoveringPuller> has been successfully executed",
        r"RecoveringPuller\(.*\) -> Starting data collection",
    ),
    silent=(r"the river is dry \(3\)",),
)
_BREAKS = Fixture(
    "BrokenPullPuller",
    rows=("failing pull with setup", "exceptions never kill", "SDK exceptions"),
    tables={f"{_TAG}.breaks": [{"setups": 2, "calls": ["pre_pull", "pull", "pull"]}]},
    states={_state("breaks"): {"setups": 2, "calls": ["pre_pull", "pull", "pull"]}},
    log=(
        (
            r"ERROR InputProcess::BrokenPullPuller\(mill,m1,breaks,predefined\) -> "
            r'\{"msg": "PullerPullError\[CODE:0093-07\] .*the wheel is stuck", "file": ".*'
            r'broken_pull\.py", "line": \d+, "function": "pull", "details": \{"type":'
            r' "PullerPullError", "text": .*\}\}$'
        ),
        (
            r"WARNING InputProcess::BrokenPullPuller\(.*\) -> Waiting until setup thread"
            r" will execute again$"
        ),
        "Setup for module <BrokenPullPuller> has been successfully executed",
        r"BrokenPullPuller\(.*\) -> Starting data collection every 3 seconds",
    ),
)
_LONELINESS = Fixture(
    "LonelyPuller",
    rows=("failing pull without setup", "exceptions never kill"),
    tables={
        f"{_TAG}.loneliness": [
            "try 1",
            "try 2",
            {"waited": [True, True], "timestamp_kept": True},
        ]
    },
    states={_state("loneliness"): {"tries": 3}},
    log=(
        r'ERROR InputProcess::LonelyPuller\(.*\) -> \{"msg": "nobody grinds"',
        r"WARNING InputProcess::LonelyPuller\(.*\) -> Retrying collector puller: 1/∞$",
        r"LonelyPuller\(.*\) -> Sleeping <5> seconds before next retry$",
        r"LonelyPuller\(.*\) -> Retrying collector puller: 2/∞$",
        r"LonelyPuller\(.*\) -> Sleeping <25> seconds before next retry$",
        (
            r"LonelyPuller\(.*\) -> Data collection completed\. Elapsed time: \d+\.\d{3}"
            r" seconds\. Waiting for \d+\.\d{3} second\(s\) until the next one$"
        ),
    ),
)
_PRE_PULLS = Fixture(
    "PrePullPuller",
    rows=("pre_pull retries", "period of pulls", "exceptions never kill", "metrics"),
    tables={
        f"{_TAG}.pre_pulls": ["pre_pull, pre_pull, pull, pull"],
        # It runs for more than a minute, long enough for statistics.
        "devo.collector.metric.message_sent": Some(
            re.compile(
                r'\{"col_id": "not_used", "col_name": "mill", "col_version": "1\.8\.0",'
                r' "col_image": "unknown", "msg_sent": \{"part_counter": \d+,'
                r' "part_bytes": \d+, "since_ts": \d{13}\}\}'
            )
        ),
    },
    states={_state("pre_pulls"): {"calls": ["pre_pull", "pre_pull", "pull", "pull"]}},
    log=(
        r"ERROR InputProcess::PrePullPuller\(.*\) -> \{\"msg\": \"'grain'\"",
        r"WARNING .*PrePullPuller\(.*\) -> Sleeping 60 sec before retry pre-pull$",
        r"PrePullPuller\(.*\) -> Starting data collection every 3 seconds$",
    ),
)
_NO_WAITS = Fixture(
    "NoWaitPuller",
    rows=("no wait", "precedence of periods"),
    tables={f"{_TAG}.no_waits": [{"below_an_hour": True}]},
    states={_state("no_waits"): {"pulls": 4}},
    log=(
        r"NoWaitPuller\(.*\) -> Starting data collection every 86400 seconds$",
        *(
            (
                r"NoWaitPuller\(.*\) -> Elapsed time: [\d.]+ seconds\. It has been"
                r" activated the flag for no waiting until the next loop$"
            ),
        )
        * 3,
    ),
)
_OFFSETS = Fixture(
    "OffsetPuller",
    rows=("offset", "precedence of periods"),
    tables={f"{_TAG}.offsets": [{"longer": True, "once": True}]},
    states={_state("offsets"): {"pulls": 2}},
)
_SLOTS = Fixture(
    "SlotPuller",
    rows=("time slots",),
    tables={f"{_TAG}.slots": [{"whole": True, "different": True}]},
    states={_state("slots"): {"pulls": 3}},
)
_SLOWNESS = Fixture(
    "SlowPuller",
    rows=("slow pull",),
    tables={f"{_TAG}.slowness": ["no wait"]},
    states={_state("slowness"): {"pulls": 2}},
    log=(
        (
            r"SlowPuller\(.*\) -> Elapsed time: [\d.]+ seconds\. Last retrieval took too"
            r" much time, no wait will be applied in this loop$"
        ),
    ),
)
_PAUSES = Fixture(
    "PausingPuller",
    rows=("pause", "is_command_in_progress"),
    tables={
        f"{_TAG}.pauses": [
            {
                "notes": [
                    ["pull_pause", "miller", True, False],
                    ["seen", True, False],
                    ["pulls in the pause", 1],
                ]
            }
        ]
    },
    states={_state("pauses"): {"pulls": 2}},
)
_LIMITS = Fixture(
    "LimitedPuller",
    rows=("rate limiter", "limits of all levels"),
    tables={f"{_TAG}.limits": [{"two in 9 seconds": True}]},
    states={_state("limits"): {"pulls": 1}},
    log=(
        (
            r"INFO InputProcess::LimitedPuller\(.*\) -> Local rate limit is blocking new"
            r" calls for \d\.\d{5} seconds$"
        ),
    ),
)
_WORKERS = Fixture(
    "WorkerPuller",
    rows=("own threads",),
    tables={
        f"{_TAG}.workers": [{"sent": ["rye 50", "oat 50", "corn 50"]}],
        **{
            f"{_TAG}.workers.{grain}": [{"sack": n} for n in range(50)]
            for grain in ("rye", "oat", "corn")
        },
    },
    states={_state("workers"): {"pulls": 1}},
)
_CONSUMERS = Fixture(
    "ConsumerPuller",
    rows=("own threads", "own queue"),
    tables={
        f"{_TAG}.consumers.bags": [{"bag": n} for n in range(100)],
        f"{_TAG}.consumers": ["consumed"],
    },
    states={_state("consumers"): {"pulls": 1}},
)
_WAKERS = Fixture(
    "WakingPuller",
    rows=("wake_up",),
    tables={f"{_TAG}.wakers": [{"below_an_hour": True}]},
    states={_state("wakers"): {"pulls": 2}},
)
_ALL = (
    _TOKENS,
    _RECOVERIES,
    _BREAKS,
    _LONELINESS,
    _PRE_PULLS,
    _NO_WAITS,
    _OFFSETS,
    _SLOTS,
    _SLOWNESS,
    _PAUSES,
    _LIMITS,
    _WORKERS,
    _CONSUMERS,
    _WAKERS,
)
MILL: Final = Run("mill", "mill", _ALL)
VALIDATED: Final = Run(
    "mill validated",
    "mill",
    (
        Fixture(
            "TokenPuller",
            rows=("validate", "the SDK's command"),
            states={_state("tokens"): None},
            log=("execute only setup and exit: True", "made token 1$"),
            silent=("made token 2", "Starting data collection"),
        ),
        Fixture(
            "RecoveringPuller",
            rows=("validate", "own exceptions"),
            log=(r"MillException\[CODE:0004\] the river is dry \(1\)",),
            silent=(r"the river is dry \(2\)", "Retrying collector setup"),
        ),
    ),
    code=254,
    arguments=("--validate",),
    hurried=False,
    inside=True,
)
