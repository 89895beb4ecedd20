"""Write docs/rules.md from the rules, and docs/linting.svg from a run: `make docs`."""

from __future__ import annotations

import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from collector_lint import example_files as files
from collector_lint.discovery import discover
from collector_lint.engine import lint
from collector_lint.explaining import page
from collector_lint.output import picture
from collector_lint.plugins import Registry
from collector_lint.reports.text import pieces
from collector_lint.workspace import Workspace

DOCS: Final = Path(__file__).resolve().parents[2] / "docs"
_WRONG: Final = """\
globals:
  id: c1
  name: collector
  debgu: true
outputs:
  devo_1:
    type: console
inputs:
  fruit:
    id: f1
    credentials: {password: example}
    services:
      appels: {}
"""


def screenshot() -> str:
    """Return the picture of a run over a configuration with mistakes."""
    registry = Registry.installed()
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            for name, text in {**files.BESIDE_CONFIG, "config.yaml": _WRONG}.items():
                Path(name).write_text(text, encoding="utf-8")
            now = datetime(2026, 1, 1, tzinfo=UTC)
            workspace = Workspace(discover(["config.yaml"]), {}, now)
            chosen = frozenset(r.id for r in registry.rules.values() if not r.machine)
            result = lint(workspace, registry, chosen)
            shown = list(pieces(result, registry.rules))
        finally:
            os.chdir(before)
    return picture(shown, title="collector lint config.yaml", columns=88) + "\n"


def main() -> int:
    """Write both."""
    text = page(Registry.installed().rules)
    (DOCS / "rules.md").write_text(text, encoding="utf-8")
    (DOCS / "linting.svg").write_text(screenshot(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
