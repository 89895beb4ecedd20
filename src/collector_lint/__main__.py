"""`python -m collector_lint`."""

from __future__ import annotations

from collector_lint.cli import main

if __name__ == "__main__":
    main()
