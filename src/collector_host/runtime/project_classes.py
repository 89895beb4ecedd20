"""Finds classes that a project lacks, and what depends on the kind of a class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from collector_host.config.project import codes
from collector_host.config.project.modules import uncreated
from collector_host.errors import PluginError
from devocollectorsdk.legacy.collector_puller_abstract import (
    RATE,
    CollectorPullerAbstract,
    rate_limits,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_host.config.project.blocks import Block, ModuleBlocks
    from collector_host.plugins.provider import ClassProvider
    from collector_lint.findings import Finding

_SETUP: Final = "setup_class"
_CALCULATOR: Final = "submodule_calculator_class"


def class_mistakes(blocks: ModuleBlocks, classes: ClassProvider) -> Iterator[Finding]:
    """Yield what is wrong with the classes of one module.

    Args:
        blocks: Where its settings stand.
        classes: Where they come from; `agent.modules` can be imported.
    """
    module = blocks.module
    given: dict[str, Any] = dict(module.data)
    older = False
    try:
        older = issubclass(
            classes.puller(str(module.path[-1])), CollectorPullerAbstract
        )
    except PluginError as error:
        yield _missing(module, error, at_key=True)
    # In the older layout a puller makes its setup out of its own imports.
    finders = {_SETUP: classes.setup} if not older else {}
    for key, find in (*finders.items(), (_CALCULATOR, classes.calculator)):
        if name := given.get(key):
            try:
                find(name)
            except PluginError as error:
                yield _missing(module.below(key), error)
    if older:
        yield from _check_rate(blocks)


def _missing(block: Block, error: PluginError, *, at_key: bool = False) -> Finding:
    message = str(error.args[0])
    return block.document.finding(
        block.path, codes.CLASS_MISSING, message, hint=error.hint, at_key=at_key
    )


def _check_rate(blocks: ModuleBlocks) -> Iterator[Finding]:
    """Check what is a limit in the older layout, and nothing but a hint since."""
    places = (
        blocks.service,
        blocks.module.below("module_properties"),
        blocks.source,
    )
    given = [one for one in places if RATE in one.data][:1]
    if not given or given[0].data[RATE] is None:
        given = [blocks.input_definition.below("module_globals")]
    for block in given:
        try:
            rate_limits(block.data.get(RATE))
        except ValueError as error:
            yield block.wrong(uncreated(str(error)), RATE)
