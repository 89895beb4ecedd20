"""Masks the dict events a puller sends; no trouble ever sends one unmasked."""

from __future__ import annotations

import copy
import logging
from typing import TYPE_CHECKING, Any

from devocollectorsdk.commons.masking import PATH_MISSING, Masking, read_entries
from devocollectorsdk.commons.masks import SANITIZED, Masks

if TYPE_CHECKING:
    from collections.abc import Callable

    from devocollectorsdk.commons.masking import Part

_logger = logging.getLogger(__name__)
ERROR_KEY = "@devo_obfuscation_error"


class EventMasker:
    """Masks by the entries of a module, and tells what could not be done as asked.

    Args:
        warn: Takes a warning for the log and telemetry.
    """

    def __init__(self, warn: Callable[[str], None]) -> None:
        self._warn = warn
        self._entries: Any = None
        self._masking = Masking((), Masks())
        self._known: set[tuple[tuple[Part, ...], int]] = set()
        self._otherwise = self._stand_ins = 0
        self._texts_seen = False

    def use(self, entries: Any) -> bool:
        """Take the module's entries; it may have changed them since the last page.

        Returns:
            Whether there is anything to mask.

        Raises:
            SdkObfuscationError: An entry has a wrong form.
        """
        if entries != self._entries:
            self._masking = Masking(read_entries(entries), Masks())
            self._entries = copy.deepcopy(entries)
        return bool(entries)

    def masked(self, event: dict[Any, Any]) -> dict[Any, Any]:
        """Return a masked copy of an event.

        An event whose masking fails is replaced by its keys, each with the mask, and
        the kind of error under `@devo_obfuscation_error`.
        """
        try:
            masked, reports = self._masking.masked(event)
        except Exception as error:  # noqa: BLE001  (whatever it is, it must not leak)
            self._stand_ins += 1
            kind = type(error).__name__
            if self._stand_ins == 1:
                self._warn(f"An event could not be masked and goes out empty: {kind}")
            return {**{str(key): SANITIZED for key in list(event)}, ERROR_KEY: kind}
        for report in reports:
            known = (report.path, report.problem.sub_code)
            missing = report.problem.sub_code == PATH_MISSING
            self._otherwise += not missing
            if known in self._known:
                continue
            self._known.add(known)
            if missing:
                _logger.debug("%s", report.error())
            else:
                self._warn(f"{report.error()}; its value is masked otherwise")
        return masked

    def note_texts(self) -> None:
        """Say once that texts go out as they are."""
        if not self._texts_seen:
            self._texts_seen = True
            self._warn(
                "The module sends texts, to which obfuscation_data does not apply:"
                " they go out as they are"
            )

    def report(self) -> None:
        """Tell how many values and events were masked otherwise since the last time."""
        if self._otherwise or self._stand_ins:
            self._warn(
                f"Obfuscation: {self._otherwise} value(s) were masked otherwise than"
                f" asked, {self._stand_ins} event(s) went out empty"
            )
        self._otherwise = self._stand_ins = 0
