"""What git ignores below a folder: nobody keeps it, so nobody wants it checked.

Git itself is asked, once for each folder. Where there is none, nothing is ignored.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Final

_COMMAND: Final = (
    # A folder that is only looked at must not be able to start programs.
    *("git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"),
    *("ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory"),
)
_PATIENCE_S: Final = 10


def ignored_below(folder: Path) -> frozenset[str]:
    """Return absolute paths of files and whole folders that git ignores.

    What is kept by git although a pattern fits is not among them. Of a folder that is
    ignored itself, and so was named on purpose, nothing is.
    """
    whole = os.path.abspath(folder)  # noqa: PTH100  (links are kept)
    folders = (Path(whole), *Path(whole).parents)
    if not any((above / ".git").exists() for above in folders):
        return frozenset()
    # A hook of git runs with variables that name the repository it belongs to.
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    try:
        done = subprocess.run(  # noqa: S603  (a fixed command)
            _COMMAND,
            cwd=whole,
            env=environment,
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE_S,
        )
    except (OSError, subprocess.TimeoutExpired):
        return frozenset()
    names = [os.fsdecode(each) for each in done.stdout.split(b"\0") if each]
    if done.returncode or "./" in names:
        return frozenset()
    return frozenset(os.path.join(whole, name.rstrip("/")) for name in names)  # noqa: PTH118
