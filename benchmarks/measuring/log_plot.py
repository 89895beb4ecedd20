"""Draws what an event costs against two quantities, one above the other.

It knows numbers and titles, not how they were measured.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pygal
from pygal.style import CleanStyle

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_SCRIPT: Final = re.compile(r"<script.*?</script>", re.DOTALL)
_WIDTH: Final = 720
_HEIGHT: Final = 300


@dataclass
class Curve:
    """What an event costs at several values of a quantity.

    Attributes:
        title: The quantity.
        points: Its value, and CPU microseconds for each event.
    """

    title: str
    points: list[tuple[int, float]] = field(default_factory=list)

    def add(self, value: int, cost_us: float) -> None:
        """Add a point to the right of the others."""
        self.points.append((value, cost_us))


def write_plot(file: Path, curves: Sequence[Curve]) -> None:
    """Write one SVG file without scripts."""
    parts = [
        f'<svg y="{number * _HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}">'
        f"{_chart(curve)}</svg>"
        for number, curve in enumerate(curves)
    ]
    size = f'viewBox="0 0 {_WIDTH} {_HEIGHT * len(parts)}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>'
    file.write_text("\n".join([head, *parts, "</svg>"]) + "\n", encoding="utf-8")


def _chart(curve: Curve) -> str:
    chart: Any = pygal.Line(
        style=CleanStyle,
        js=[],
        width=_WIDTH,
        height=_HEIGHT,
        show_legend=False,
        title=f"CPU time of the collector, µs for each event, by {curve.title.lower()}",
        x_title=curve.title,
        y_title="µs",
        range=(0, max(cost for _, cost in curve.points) * 1.2),
        print_values=True,
        value_formatter=lambda value: f"{value:.1f}",
        margin=12,
    )
    chart.x_labels = [f"{value:,}" for value, _ in curve.points]
    chart.add("CPU", [cost for _, cost in curve.points])
    text = str(chart.render(is_unicode=True, disable_xml_declaration=True))
    return _SCRIPT.sub("", text)
