"""The lab: faults that modules of the field have, and what becomes of them."""

from __future__ import annotations

from typing import Final

from conformance.model import Fixture, Run

_TAG: Final = "my.app.lab"


def _state(service: str, submodule: str | None = None) -> str:
    return f"lab;l1;{service};{submodule}"


_NEVER = Fixture(
    "NeverSavesPuller",
    rows=("module that never saves", "logging of modules"),
    tables={f"{_TAG}.never": ["again 1", "again 2"]},
    states={_state("never"): None},
    log=(
        (
            r"INFO InputProcess::NeverSavesPuller\(lab,l1,never,predefined\) -> module"
            r" logger: begins anew$"
        ),
        r"INFO InputProcess::NeverSavesPuller\(.*\) -> \{'a dict': \['is', 'logged'\]\}",
        r"ERROR InputProcess::NeverSavesPuller\(.*\) -> module logger: caught.*KeyError",
    ),
    silent=("not asked for", r"NeverSavesPuller\(.* after the last save_state"),
)
_FIRST = Fixture(
    "SavesFirstPuller",
    rows=("save before send",),
    tables={f"{_TAG}.first": [{"number": number} for number in (1, 2, 3, 4)]},
    states={_state("first"): {"number": 4}},
    log=(
        (
            r"WARNING InputProcess::SavesFirstPuller\(.*\) -> SavesFirstPuller\(lab,l1,"
            r"first,predefined\) sent 2 item\(s\) after the last save_state of its pull"
        ),
    ),
)
_SWALLOWS = Fixture(
    "SwallowingPuller",
    rows=("swallowed exceptions", "order"),
    tables={
        f"{_TAG}.swallows": [
            {"number": number, "share": 12 / (number - 2)} for number in (0, 1, 3)
        ]
    },
    states={_state("swallows"): {"sent": 3, "clock": "noon"}},
)
_SHARES = Fixture(
    "ClassStatePuller",
    rows=("class attributes", "state per submodule"),
    tables={
        f"{_TAG}.shares.{side}": [{"seen": ["left", "right"]}]
        for side in ("left", "right")
    },
    states={_state("shares", side): {"seen": 2} for side in ("left", "right")},
)
_SPOILS = Fixture(
    "SpoilingPuller",
    rows=("changed configuration",),
    tables={f"{_TAG}.spoils": [{"fresh": "milk", "setup": "by the puller"}]},
    states={_state("spoils"): {"spoilt": True}},
)
_ROTS = Fixture(
    "RottingPuller",
    rows=("changed configuration",),
    tables={f"{_TAG}.rots": [{"fresh": "egg", "setup": "by the puller"}]},
    states={_state("rots"): {"spoilt": True}},
)
_EXITS = Fixture(
    "ExitingPuller",
    rows=("sys.exit",),
    tables={f"{_TAG}.exits": [{"number": 1}, {"number": 2}]},
    states={_state("exits"): {"number": 2}},
    log=(r"WARNING .*ExitingPuller\(.*\) starts again in 5 seconds$",),
)
_EARLY = Fixture(
    "EarlyPuller",
    rows=("end in pre_pull", "one shot"),
    tables={f"{_TAG}.early": ["nothing to do"]},
    states={_state("early"): {"done": True}},
    silent=("pull after the end", r"EarlyPuller\(.*\) -> Starting data collection"),
)
_DIES = Fixture(
    "DyingSetupPuller",
    rows=("setup that ends", "sys.exit"),
    tables={f"{_TAG}.setup_dies": ["made again"]},
    states={_state("setup_dies"): {"done": True}},
    log=(
        r"DyingSetupPuller\(.*\) -> The setup has ended: the module ends, too$",
        r"DyingSetupPuller\(.*\) starts again in 5 seconds$",
        "Setup for module <DyingSetupPuller> has been successfully executed",
    ),
)
LAB: Final = Run(
    "lab",
    "lab",
    (_NEVER, _FIRST, _SWALLOWS, _SHARES, _SPOILS, _ROTS, _EXITS, _EARLY, _DIES),
)


def _unusable(puller: str, service: str, step: str, cause: str) -> Fixture:
    name = rf"{puller}\(lab,l1,{service},predefined\)"
    return Fixture(
        puller,
        rows=(
            "init_variables fails",
            "own exceptions",
            "unusable modules kill no other",
        ),
        log=(
            (
                rf"ERROR .* -> {name} -> Error when {step}, details: LabException{cause} \|"
                r" <class 'agent\.modules\.unusable\.LabException'>$"
            ),
            (
                r"SdkServiceInitializationError\[CODE:0030-30\] .*Error when creating class,"
                rf" module_name: {name}, .*details: LabException{cause}$"
            ),
        ),
        silent=(rf"{name} -> Starting data collection", "without variables"),
    )


BROKEN: Final = Run(
    "lab with modules that cannot be initialized",
    "lab",
    (
        _NEVER,
        _unusable(
            "InitAlonePuller",
            "init_alone",
            "initializing the variables",
            r"\[CODE:0008\] no credentials, alone",
        ),
        _unusable(
            "InitWithSetupPuller",
            "init_with_setup",
            "initializing the variables",
            r"\[CODE:0007\] no credentials, with setup",
        ),
        _unusable(
            "SetupBreaksPuller",
            "setup_breaks",
            "creating the setup",
            r"\[CODE:0009\] the flask is empty",
        ),
        Fixture(
            "GivingUpPuller",
            rows=("setup that ends",),
            states={_state("gives_up"): None},
            log=(
                "the key is gone for good",
                r"GivingUpPuller\(.*\) -> The setup has ended: the module ends, too$",
                r"Removed finalized thread: GivingUpPuller\(.*\)$",
            ),
            silent=("pulled without hope", r"GivingUpSetup\(.*\) -> Retrying"),
        ),
        Fixture(
            "UnfinishedPuller",
            rows=("abstract methods", "unusable modules kill no other"),
            log=(
                (
                    r"ERROR .* -> SdkServiceInitializationError\[CODE:0030-30\] .*Error when"
                    r" creating class, module_name: UnfinishedPuller, .*details: Can't"
                    " instantiate abstract class UnfinishedPuller"
                ),
            ),
            silent=("pulled unfinished",),
        ),
    ),
    code=1,
    config="broken.yaml",
)
# Refused before any module starts, like every other mistake in a configuration.
SENSELESS: Final = Run(
    "lab with a period that means nothing",
    "lab",
    (
        Fixture(
            "SavesFirstPuller",
            rows=("period that means nothing",),
            log=(
                (
                    r"senseless\.yaml:13:\d+: PJ401"
                    r" SdkServiceInitializationError\[CODE:0030-30\]"
                    " request_period_in_seconds must be a number"
                ),
            ),
            silent=(r"SavesFirstPuller\(.* - Starting thread",),
        ),
    ),
    code=255,
    config="senseless.yaml",
)
POISONED: Final = Run(
    "lab with a message of a wrong type",
    "lab",
    (
        Fixture(
            "PoisonPuller",
            rows=("wrong type of a message", "SDK exceptions"),
            tables={f"{_TAG}.poison": ["sound", "sound, too"]},
            states={_state("poison"): {"position": 3}},
            log=(
                (
                    r"ERROR InputProcess::PoisonPuller\(.*\) -> skipped:"
                    r" SdkPullerAbstractError\[CODE:0050-200\] "
                ),
                (
                    r"saved its state behind 1 item\(s\) that cannot be sent \(a message"
                    r" is text or a dict, not NoneType\): they are lost"
                ),
            ),
            silent=("starts again",),
        ),
    ),
    config="poison.yaml",
)
