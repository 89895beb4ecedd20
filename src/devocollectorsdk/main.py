"""The SDK's command: `devo-collector`, or `python -m devocollectorsdk.main`.

A door only. What runs a collector lies in the host, which this package does not need
and does not import: the host is looked for when the command is given.
"""

from __future__ import annotations

import pkgutil
import sys

_HOST = "collector_host.cli.sdk_command:main"
_USAGE = 2


def main() -> None:
    """Run the collector project in the current folder; ends the process."""
    try:
        run = pkgutil.resolve_name(_HOST)
    except ModuleNotFoundError as error:
        sys.stderr.write(f"the collector's host is not installed: {error}\n")
        sys.exit(_USAGE)
    run()


if __name__ == "__main__":
    main()
