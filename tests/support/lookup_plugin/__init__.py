"""A plugin that fills lookups, found by the entry point a test writes beside it."""

from __future__ import annotations

from pathlib import Path

import pluggy

_HERE = Path(__file__).parent
_hook = pluggy.HookimplMarker("collector_host")

ENTRY_POINT = "[collector_host]\nlookup_plugin = support.lookup_plugin\n"


@_hook
def collector_pullers() -> dict[str, str]:
    """Offer the one puller there is."""
    where = "support.lookup_plugin.printers"
    return {"PrinterLookupPuller": f"{where}:PrinterLookupPuller"}


@_hook
def collector_definitions() -> list[Path]:
    """Offer the catalogue."""
    return [_HERE / "catalogue.yaml"]


def install(folder: Path) -> None:
    """Make the plugin an installed one for whoever has `folder` on its path."""
    metadata = folder / "lookup_plugin-1.0.dist-info"
    metadata.mkdir(exist_ok=True)
    (metadata / "entry_points.txt").write_text(ENTRY_POINT, encoding="utf-8")
    text = "Metadata-Version: 2.1\nName: lookup_plugin\nVersion: 1.0\n"
    (metadata / "METADATA").write_text(text, encoding="utf-8")
