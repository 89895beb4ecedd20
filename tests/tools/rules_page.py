"""Write docs/rules.md from the rules: `make docs`."""

from __future__ import annotations

import sys
from pathlib import Path

from collector_lint.explaining import page
from collector_lint.plugins import Registry

PAGE = Path(__file__).resolve().parents[2] / "docs" / "rules.md"


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(Registry.installed().rules), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
