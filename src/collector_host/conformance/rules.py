"""The rules a module is held against, and how to mend what breaks them.

Numbers are stable. Texts say what it costs, not how the kit found it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Severity: TypeAlias = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the contract.

    Attributes:
        id: Stable number, e.g. `KT601`.
        severity: An error loses messages or stops the module; a warning repeats them
            or holds elsewhere only; a note may well be meant, and breaks nothing.
        title: The rule, as it should be.
        why: What it costs to break it.
        mend: How a module keeps it.
    """

    id: str
    severity: Severity
    title: str
    why: str
    mend: str


_RULES: Final = (
    Rule(
        "KT101",
        "error",
        "init_variables accepts the configuration",
        "The module is never started.",
        "Mend what the place named raises, or the configuration it was given.",
    ),
    Rule(
        "KT102",
        "error",
        "setup succeeds",
        "The puller waits for its setup, whose retries come at up to 30 minutes.",
        "Mend what the place named raises; check the credentials of this run.",
    ),
    Rule(
        "KT103",
        "error",
        "pre_pull succeeds",
        "It is tried again every 60 seconds, and nothing is pulled.",
        "Mend what the place named raises.",
    ),
    Rule(
        "KT104",
        "error",
        "pull succeeds when nothing is wrong",
        "Every failure is followed by a growing wait of up to 30 minutes.",
        "Mend what the place named raises.",
    ),
    Rule(
        "KT105",
        "warning",
        "a pull comes to its end",
        "What it does not return from cannot be judged, nor does a failure end it.",
        "Return from pull once the source has nothing more; the host calls it again.",
    ),
    Rule(
        "KT106",
        "error",
        "the module does not end the process",
        "All other modules of the collector end with it.",
        "Set self.running_flag = False to end one module; never call exit.",
    ),
    Rule(
        "KT201",
        "error",
        "back-pressure loses nothing",
        "While the receiver is slow messages are lost.",
        "Let every send wait: no queue of your own that drops, no time limit.",
    ),
    Rule(
        "KT202",
        "note",
        "back-pressure keeps the order",
        "While the receiver is slow messages are sent in another order.",
        "Fine where the source has no order; else send from one thread, in its order.",
    ),
    Rule(
        "KT301",
        "error",
        "a dying receiver loses nothing",
        "What the receiver had not confirmed never arrives.",
        "Leave resending to the host: do not give up, drop or skip on your own.",
    ),
    Rule(
        "KT302",
        "note",
        "a dying receiver keeps the order",
        "While the receiver dies messages are sent in another order.",
        "Fine where the source has no order; else send from one thread, in its order.",
    ),
    Rule(
        "KT401",
        "error",
        "a pull ends when a stop is asked for",
        "The host abandons it after 3 seconds; what it does later is cut off anywhere.",
        "Ask self.is_command_in_progress() in every loop; wait for nothing for long.",
    ),
    Rule(
        "KT402",
        "error",
        "the process ends within the grace time",
        "An orchestrator kills the collector.",
        "Do not block signals, and do not hold locks of the host.",
    ),
    Rule(
        "KT403",
        "warning",
        "pull_pause and pull_stop do not raise",
        "What was to be closed there stays open.",
        "Catch there what may go wrong; both are called from another thread.",
    ),
    Rule(
        "KT404",
        "warning",
        "no thread is left behind",
        "Each restart of the module leaves more of them.",
        "End and join them in pull_stop, or when pull returns.",
    ),
    Rule(
        "KT501",
        "error",
        "a restart after a stop loses nothing",
        "What was not sent before the stop never arrives.",
        "Save only what stands for messages that were sent before, and resume from it.",
    ),
    Rule(
        "KT502",
        "warning",
        "a module remembers how far it is",
        "Everything comes again at each start of the collector.",
        "Call save_state behind what was sent, and load_state in pre_pull.",
    ),
    Rule(
        "KT503",
        "warning",
        "a restart between two pulls repeats nothing",
        "Messages come twice although the state was saved and committed.",
        "Save the position behind the last message of every pull, exactly.",
    ),
    Rule(
        "KT601",
        "error",
        "a kill behind a commit loses nothing",
        "A crash at that moment loses the messages for good.",
        "Call save_state behind the last message, lookup or put it stands for.",
    ),
    Rule(
        "KT602",
        "warning",
        "a kill behind a commit repeats nothing",
        "A crash at that moment delivers the messages twice.",
        "Save the position behind the last message of every page, exactly.",
    ),
    Rule(
        "KT603",
        "warning",
        "the last save of a pull is behind its last send",
        "A crash in between loses messages or repeats them.",
        "Call save_state behind the last message, lookup or put it stands for.",
    ),
    Rule(
        "KT701",
        "error",
        "a module recovers from a setup that fails once",
        "One outage of the source's login ends the module.",
        "Raise in setup and leave the retry to the host; keep no half-made session.",
    ),
    Rule(
        "KT702",
        "error",
        "the exception of a send leaves the pull",
        "The host cannot tell the module that a message was not taken, and goes on.",
        "Do not catch Exception around send_…; catch what your source raises.",
    ),
    Rule(
        "KT703",
        "error",
        "a send that fails once loses nothing",
        "The message that was not taken never arrives.",
        "Let the exception out; change your position only behind the send.",
    ),
    Rule(
        "KT704",
        "error",
        "a pull broken off in mid-page loses nothing",
        "After a failure of the source the rest of the page never arrives.",
        "Change your position only behind what was sent; begin the page again.",
    ),
    Rule(
        "KT801",
        "warning",
        "the state is plain JSON",
        "The genuine SDK refuses to save it: error 1300.",
        "Save text, numbers, booleans, None, lists and dicts; dates as text.",
    ),
    Rule(
        "KT802",
        "warning",
        "the state survives a round trip through JSON",
        "The genuine SDK's redis store gives back something else than was saved.",
        "Use lists in place of tuples, and text as keys.",
    ),
    Rule(
        "KT803",
        "error",
        "instances share nothing that changes",
        "Two modules, or a module built anew, go on from each other's values.",
        "Keep it in self, and make it in init_variables.",
    ),
    Rule(
        "KT804",
        "error",
        "the state can be saved",
        "Nothing is remembered, and the pull fails each time.",
        "Save a dict of text, numbers, booleans, None, dates, lists and dicts.",
    ),
    Rule(
        "KT805",
        "note",
        "what load_state gave is not changed",
        "Here it is a copy. With a store in memory it would be the saved state itself.",
        "Copy it before you change it.",
    ),
    Rule(
        "KT806",
        "note",
        "no value of a Python module changes",
        "All instances share it, and so does the same module built anew.",
        "Fine for a cache or a common quota; keep what a pull goes by in self.",
    ),
    Rule(
        "KT901",
        "warning",
        "the configuration is only read",
        "Other modules, and the same one built anew, may be given what was changed.",
        "Copy what you change: copy.deepcopy(input_config).",
    ),
    Rule(
        "KT902",
        "error",
        "what is sent has the contract's types",
        "It is not taken, and the module starts again from its saved state.",
        "Send text or a dict of JSON; a date, a number or a text as its time.",
    ),
    Rule(
        "KT903",
        "warning",
        "only the contract is used",
        "The module does not run under another host of the contract, or a later one.",
        "Use the names the contract has.",
    ),
)

RULES: Final = {rule.id: rule for rule in _RULES}
"""Every rule by its number, in order."""
