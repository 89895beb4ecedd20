"""What modules may ask about the collector they run in."""

from __future__ import annotations

from typing import ClassVar


class CollectorUtils:
    """Identity of the running collector, set by the host before any module exists."""

    collector_name: ClassVar[str] = "collector"
    collector_id: ClassVar[str] = "0"
    collector_version: ClassVar[str] = "0"
    collector_owner: ClassVar[str] = "unknown"
    collector_image: ClassVar[str] = "unknown"
