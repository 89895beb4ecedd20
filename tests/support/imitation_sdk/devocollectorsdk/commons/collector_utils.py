"""What is known of the collector as a whole."""

from __future__ import annotations


class CollectorUtils:
    """Name and version, set once at the start."""

    collector_name = "unknown"
    collector_id = "unknown"
    collector_version = "unknown"
    collector_owner = "unknown"
