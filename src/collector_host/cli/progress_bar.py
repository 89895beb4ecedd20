"""A progress bar on a terminal, below the log lines.

While it is shown, `sys.stderr` is a stand-in that writes above the bar; so it must be
there before logging is set up. All drawing is done by the thread that calls `show`.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from rich.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from collector_host.runtime import progress

_BAR_WIDTH: Final = 20


class ProgressBar:
    """One bar for each module that is far behind; a `Display`.

    Args:
        console: Where it is drawn; the terminal at stderr when None.
    """

    period_s = 1.0

    def __init__(self, console: Console | None = None) -> None:
        self._rich = Progress(
            BarColumn(_BAR_WIDTH, table_column=Column(min_width=_BAR_WIDTH)),
            _text("{task.description}"),
            # A log line is one line, however wide the terminal is.
            console=console or Console(file=sys.stderr, soft_wrap=True),
            auto_refresh=False,
            transient=True,
            redirect_stdout=False,
        )
        self._bars: dict[str, TaskID] = {}

    def begin(self) -> Self:
        """Take stderr over; nothing is drawn yet."""
        self._rich.start()
        # A process that is killed could not give a hidden cursor back.
        self._rich.console.show_cursor(show=True)
        return self

    def show(self, progress: Sequence[progress.Progress]) -> None:
        """Draw a bar for each module that is far behind, and no other."""
        behind = {one.owner: one for one in progress if one.is_behind}
        for owner in self._bars.keys() - behind.keys():
            self._rich.remove_task(self._bars.pop(owner))
        for owner, one in behind.items():
            if owner not in self._bars:
                self._bars[owner] = self._rich.add_task("", total=None)
            self._rich.update(
                self._bars[owner],
                total=one.span_days,
                completed=one.done_days,
                description=one.text if len(behind) == 1 else f"{one.text}: {owner}",
            )
        self._rich.refresh()

    def end(self) -> None:
        """Take the bars away, and give stderr back."""
        self.show(())
        self._rich.stop()


def _text(form: str) -> TextColumn:
    """Return a column that is cut where the terminal ends."""
    column = Column(no_wrap=True, overflow="ellipsis")
    return TextColumn(form, markup=False, table_column=column)
