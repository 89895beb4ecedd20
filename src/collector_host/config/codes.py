"""Codes of the findings this room makes; each is stable and used by one rule."""

from __future__ import annotations

from typing import Final

INPUT_TWICE: Final = "DF201"
"""Two catalogues describe the same input."""
INPUT_UNDEFINED: Final = "DF202"
"""A definition belongs to an input that no catalogue describes."""
SERVICE_TWICE: Final = "DF203"
"""Two files define the same service of an input."""
SCHEMA_UNKNOWN: Final = "DF204"
"""A definition names a schema that no plugin offers."""

UNKNOWN_INPUT: Final = "CF301"
"""An input has no definition."""
UNKNOWN_SERVICE: Final = "CF302"
"""A service has no definition."""
UNKNOWN_TYPE: Final = "CF303"
"""`types` names a module type that the service does not have."""
NO_MODULE: Final = "CF304"
"""A service would run no module."""
DUPLICATE_ID: Final = "CF305"
"""Two inputs have the same identity."""
NO_INPUT: Final = "CF306"
"""No input, or no service of an enabled input, is enabled."""
NO_OUTPUT: Final = "CF307"
"""No output is enabled, or none of those enabled is required."""
NO_FILE: Final = "CF308"
"""A file of an output cannot be found or read."""
LIMITS: Final = "CF309"
"""Two limits contradict each other."""
