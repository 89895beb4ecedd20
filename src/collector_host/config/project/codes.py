"""Codes of the findings about a project; each is stable."""

from __future__ import annotations

from typing import Final

CONTRACT: Final = "PJ401"
"""A file breaks a rule of the SDK's contract; the message has the contract's code."""
UNREAD: Final = "PJ402"
"""A key that nothing reads, most likely misspelt (warning)."""
NAME_CHANGED: Final = "PJ403"
"""Characters of the collector's name are replaced (warning)."""
WEAK_ID: Final = "PJ404"
"""An input has no id, or that of another input (warning)."""
TYPE_UNUSED: Final = "PJ405"
"""`types` names a module type that the service does not have (warning)."""
REFERENCE_KEPT: Final = "PJ406"
"""A value looks like a reference to something that is not there (warning)."""
OLD_LAYOUT: Final = "PJ407"
"""Definitions of the SDK's oldest layout lack what newer ones must have (warning)."""
CONTRADICTION: Final = "PJ412"
"""The files of a Collector Server say one thing twice, and differently (warning)."""
