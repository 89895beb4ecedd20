"""A small project, right in every way, and the mistakes a module can make in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from support.sdk_project import CONFIG, DEFINITIONS, SdkProject

GOOD: Final = """\
import datetime
import os
import queue
import threading

from devocollectorsdk.inputs.collector_puller_abstract import CollectorPullerAbstract
from devocollectorsdk.inputs.collector_puller_setup_abstract import (
    CollectorPullerSetupAbstract,
)

SEEN = []


class AppleSetup(CollectorPullerSetupAbstract):
    def setup(self, execution_timestamp):
        self.collector_variables["token"] = "a token"


class ApplePuller(CollectorPullerAbstract):
    shared = []

    def init_variables(
        self, input_config, input_definition, service_config, service_definition,
        module_config, module_definition, submodule_config,
    ):
        self.apples = (service_config or {}).get("apples_per_pull", 3)

    def pre_pull(self, retrieving_timestamp):
        state = self.persistence_object.load_state() or {}
        self.number = state.get("number", 0)

    def pull(self, retrieving_timestamp):
        number = self.number
        for _ in range(self.apples):
            if self.is_command_in_progress():
                break
            number += 1
            self.pick(number)
        self.number = number
        self.persistence_object.save_state({"number": number})

    def pick(self, number):
        self.send_standard_message("date", "my.app.fruit.apples", {"apple": number})

    def pull_pause(self, wait=None):
        pass

    def pull_stop(self):
        pass
"""
"""Sends apples 1, 2, 3... and remembers the last one."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A change of the good module, and what it breaks.

    Attributes:
        rule: The rule it is made for.
        changes: Pairs of a text of `GOOD` and what stands in its place.
        also: Further rules that break for the same reason.
        sometimes: Rules that may break, which depends on time.
        apples: Messages of a pull.
    """

    rule: str
    changes: tuple[tuple[str, str], ...]
    also: tuple[str, ...] = ()
    apples: int = 3
    sometimes: tuple[str, ...] = ()

    @property
    def broken(self) -> tuple[str, ...]:
        """Return every rule that breaks."""
        return tuple(sorted({self.rule, *self.also}))


def write(
    folder: Path, *changes: tuple[str, str], apples: int = 3, config: str = CONFIG
) -> Path:
    """Write the project with changes, and return its folder.

    Raises:
        AssertionError: A change has nothing to change.
    """
    source = GOOD
    for old, new in changes:
        assert old in source, old
        source = source.replace(old, new)
    given = config.replace(
        "      apples:\n", f"      apples: {{apples_per_pull: {apples}}}\n"
    )
    SdkProject(folder, config=given, definitions=DEFINITIONS, modules=source)
    return folder


_INIT = "        self.apples ="
_SAVE = '        self.persistence_object.save_state({"number": number})\n'
_LOOP = "        for _ in range(self.apples):\n"
_POLL = "            if self.is_command_in_progress():\n                break\n"
_PICK = "            self.pick(number)\n"
_SEND = (
    '        self.send_standard_message("date", "my.app.fruit.apples",'
    ' {"apple": number})\n'
)
_NUMBER = "        self.number = number\n"
_SETUP = '        self.collector_variables["token"] = "a token"\n'
_LOAD = '        self.number = state.get("number", 0)\n'
_STOP = "    def pull_stop(self):\n        pass\n"

HASTY = (
    (_SAVE, ""),
    (
        _LOOP,
        '        self.persistence_object.save_state({"number": number + self.apples})\n'
        + _LOOP,
    ),
)
DEAF = ((_POLL, ""),)
SHARING = ((_PICK, "            self.shared.append(number)\n" + _PICK),)
MEDDLING = ((_INIT, '        input_config["region"] = "here"\n' + _INIT),)
SWALLOWING = (
    (
        _PICK,
        (
            "            try:\n                self.pick(number)\n"
            "            except Exception:\n                pass\n"
        ),
    ),
)

MISTAKES: Final = {
    "init_raises": Mistake("KT101", ((_INIT, "        self.soil\n" + _INIT),)),
    "setup_raises": Mistake("KT102", ((_SETUP, "        raise OSError('no')\n"),)),
    "pre_pull_raises": Mistake("KT103", ((_LOAD, "        self.nothing.at_all\n"),)),
    "pull_raises": Mistake("KT104", ((_LOOP, "        raise ValueError\n" + _LOOP),)),
    "pull_never_ends": Mistake(
        "KT105",
        (
            (
                _LOOP,
                "        while not self.is_command_in_progress():\n"
                "            threading.Event().wait(0.05)\n" + _LOOP,
            ),
        ),
    ),
    "ends_the_process": Mistake("KT106", ((_SAVE, _SAVE + "        os._exit(0)\n"),)),
    "drops_when_slow": Mistake(
        "KT201",
        (
            (_LOAD, _LOAD + "        self.waiting = queue.Queue(maxsize=2)\n"),
            (
                _LOOP,
                "        feeder = threading.Thread(target=self.feed, daemon=True)\n"
                "        feeder.start()\n" + _LOOP,
            ),
            (
                _PICK,
                (
                    "            try:\n"
                    "                self.waiting.put(number, timeout=0.05)\n"
                    "            except queue.Full:\n"
                    "                pass\n"
                ),
            ),
            (
                _NUMBER,
                _NUMBER + "        self.waiting.put(None)\n        feeder.join()\n",
            ),
            (
                _STOP,
                _STOP + "\n    def feed(self):\n"
                "        while (number := self.waiting.get()) is not None:\n"
                "            self.pick(number)\n",
            ),
        ),
        also=("KT703",),
        sometimes=("KT501",),
        apples=12,
    ),
    "runs_for_ever_after_a_restart": Mistake(
        "KT105",
        (
            (_LOAD, _LOAD + "        self.began_at = self.number\n"),
            (
                _LOOP,
                "        while self.began_at and not self.is_command_in_progress():\n"
                "            threading.Event().wait(0.05)\n" + _LOOP,
            ),
        ),
    ),
    "sleeps_through_a_stop": Mistake(
        "KT401",
        ((_LOOP, "        threading.Event().wait()\n" + _LOOP),),
        also=("KT105",),
    ),
    "deaf_to_a_stop": Mistake("KT401", DEAF, apples=60),
    "raises_in_a_stop": Mistake(
        "KT403", ((_STOP, "    def pull_stop(self):\n        raise OSError\n"),)
    ),
    "leaves_a_thread": Mistake(
        "KT404",
        (
            (
                _LOOP,
                "        threading.Thread(\n"
                "            target=threading.Event().wait, name='left', daemon=True\n"
                "        ).start()\n" + _LOOP,
            ),
        ),
    ),
    "skips_after_a_restart": Mistake(
        "KT501",
        ((_LOAD, _LOAD + "        self.number += bool(self.number)\n"),),
        also=("KT601",),
    ),
    "remembers_nothing": Mistake("KT502", ((_SAVE, ""),)),
    "saves_one_too_few": Mistake(
        "KT503",
        (
            (
                _SAVE,
                '        self.persistence_object.save_state({"number": number - 1})\n',
            ),
        ),
        also=("KT602",),
    ),
    "saves_before_it_sends": Mistake("KT601", HASTY, also=("KT703",)),
    "saves_in_mid_page": Mistake(
        "KT603",
        (
            (
                _NUMBER,
                _NUMBER + '        self.send_standard_message("date", "my.app.end",'
                ' "the end")\n',
            ),
            (_SAVE, ""),
            (_PICK, _PICK + "    " + _SAVE),
        ),
    ),
    "logs_in_once": Mistake(
        "KT701",
        (
            (
                _SETUP,
                '        if "token" in self.collector_variables:\n'
                '            raise RuntimeError("somebody is logged in already")\n'
                + _SETUP,
            ),
        ),
        also=("KT704",),
    ),
    "swallows_what_a_send_raises": Mistake("KT702", SWALLOWING),
    "drops_what_was_refused": Mistake(
        "KT703",
        (
            (
                "    def pull_pause",
                "    lost = set()\n\n    def pull_pause",
            ),
            (
                _SEND,
                "        if number in self.lost:\n            return\n"
                "        self.lost.add(number)\n" + _SEND,
            ),
        ),
        also=("KT803",),
    ),
    "turns_the_page_too_early": Mistake(
        "KT704",
        (
            (_LOOP, "        self.number += self.apples\n" + _LOOP),
            (_NUMBER, ""),
        ),
    ),
    "saves_a_date": Mistake(
        "KT801",
        (
            (
                _SAVE,
                _SAVE.replace(
                    "number}", 'number, "at": datetime.datetime(2024, 1, 1)}'
                ),
            ),
        ),
    ),
    "saves_a_tuple": Mistake(
        "KT802", ((_SAVE, _SAVE.replace("number}", 'number, "pair": (1, 2)}')),)
    ),
    "shares_a_list": Mistake("KT803", SHARING),
    "saves_an_object": Mistake(
        "KT804",
        ((_SAVE, _SAVE.replace("number}", 'number, "it": object()}')),),
        also=("KT104", "KT801"),
    ),
    "changes_what_it_loaded": Mistake(
        "KT805",
        (
            (_LOAD, _LOAD + "        self.state = state\n"),
            (
                _SAVE,
                (
                    '        self.state["number"] = number\n'
                    "        self.persistence_object.save_state(self.state)\n"
                    "        self.state = self.persistence_object.load_state()\n"
                ),
            ),
        ),
    ),
    "shares_a_global": Mistake(
        "KT806", ((_PICK, "            SEEN.append(number)\n" + _PICK),)
    ),
    "meddles_with_the_configuration": Mistake("KT901", MEDDLING),
    "sends_a_number": Mistake(
        "KT902",
        (
            (
                _SEND,
                (
                    '        self.send_standard_message("date", "my.app.fruit.apples",'
                    " number)\n"
                ),
            ),
        ),
        also=("KT104",),
    ),
    "imports_the_host": Mistake(
        "KT903", (("import datetime\n", "import datetime\n\nimport collector_host\n"),)
    ),
    "uses_what_the_host_adds": Mistake(
        "KT903", ((_INIT, "        self.pulls_left\n" + _INIT),)
    ),
    "looks_into_the_queue": Mistake(
        "KT903", ((_INIT, "        self.output_queue.name\n" + _INIT),)
    ),
}
"""Name -> mistake; every rule but a few has one, see the test."""
