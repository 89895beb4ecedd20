"""A stage whose output is a relay in the house, over plain TCP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.collecting import DELIVERY

if TYPE_CHECKING:
    from support.stage import Stage

_OUTPUT = """\
outputs:
  relay_1:
    type: {kind}
    config: {{address: 127.0.0.1, port: {port}{more}}}
    delivery: {{{delivery}}}
"""


def deliver_also_to(stage: Stage, outputs: str) -> None:
    """Add outputs, indented by two, to those of a stage."""
    config = stage.folder / "config.yaml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("inputs:\n", f"{outputs}inputs:\n"), "utf-8")


def deliver_plainly(
    stage: Stage,
    port: int,
    *,
    delivery: str = DELIVERY,
    kind: str = "syslog",
    more: str = "",
) -> None:
    """Put a plain relay in the place of the configured outputs."""
    stage.write_config()
    config = stage.folder / "config.yaml"
    before, _, rest = config.read_text(encoding="utf-8").partition("outputs:\n")
    _, _, inputs = rest.partition("inputs:\n")
    output = _OUTPUT.format(kind=kind, port=port, delivery=delivery, more=more)
    config.write_text(f"{before}{output}inputs:\n{inputs}", encoding="utf-8")
