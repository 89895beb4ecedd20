"""The page about the emulators lists what the Log Service knows."""

from __future__ import annotations

import click

from collector_emulators.log_service.command import log_service
from collector_emulators.log_service.fault_kinds import FAULT_KINDS
from collector_emulators.log_service.routes import BOUND_BY, TYPES
from docs.pages import code_words, first_words, page, section

EMULATORS = page("docs/emulators.md")
FAULTS = section(EMULATORS, "Faults of Log Service")

# What every emulator has, and what explains itself.
USUAL = {
    "--port",
    "--control-port",
    "--control-secret-file",
    "--region",
    "--key-id",
    "--key-secret",
}


def test_kinds_of_faults_are_listed() -> None:
    """Each kind has a place in the table, and each stands for one that exists."""
    assert set(first_words(FAULTS)) == FAULT_KINDS


def test_what_faults_can_be_bound_to_is_told() -> None:
    """Options and types stand in the text."""
    words = set(code_words(FAULTS))

    assert words >= TYPES
    assert words >= set(BOUND_BY)


def test_options_are_listed() -> None:
    """Each option of the command but the usual ones has a place in the table."""
    text = section(EMULATORS, "Log Service: `collector emulate log-service`")
    listed = {word.split(" ")[0] for word in first_words(text)}
    options = {
        parameter.opts[0]
        for parameter in log_service.params
        if isinstance(parameter, click.Option)
    }

    assert listed == options - USUAL
