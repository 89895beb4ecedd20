"""Lets `python -m collector_host` do what the command `collector` does."""

from __future__ import annotations

from collector_host.cli import main

if __name__ == "__main__":
    main()
