"""A compatible implementation of the Devo Collector SDK's public contract.

Collector modules import these names; the standard library is all it needs.
"""

from __future__ import annotations

COLLECTOR_HOST_COMPATIBLE = True
"""Marks this implementation; the host refuses to drive modules built on another."""
