"""The Pythons that run exported projects, with the vendors' packages in them.

Python 3.9 gets an environment of its own at the top level of the checkout, made once.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from filelock import FileLock

ROOT: Final = Path(__file__).parents[3]
REQUIREMENTS: Final = Path(__file__).with_name("requirements-3.9.txt")
THIS, OLD = f"{sys.version_info[0]}.{sys.version_info[1]}", "3.9"
PYTHONS: Final = (THIS, OLD)
_ENVIRONMENT: Final = ROOT / ".venv39"
_INSTALL_S: Final = 240


def interpreter(version: str) -> str:
    """Return the command of a Python, or skip the test that asks for it.

    Where there is a Python 3.9, but its packages cannot be installed, a test is
    skipped on a developer's machine and fails on one that decides.
    """
    if version == THIS:
        return sys.executable
    base = _find_old()
    if base is None:
        pytest.skip("there is no Python 3.9 here")
    with FileLock(f"{_ENVIRONMENT}.lock"):
        problem = _prepare(base)
    if problem:
        reason = f"the packages for Python 3.9 cannot be installed: {problem}"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    return str(_ENVIRONMENT / "bin" / "python")


def _find_old() -> str | None:
    """Return a Python 3.9 that works; one of pyenv's need not be switched on."""
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = sorted(versions.glob(f"{OLD}.*/bin/python"), reverse=True)
    candidates = [shutil.which(f"python{OLD}"), *map(str, found)]
    for one in candidates:
        if one and _run(one, "-c", "import venv, ensurepip").returncode == 0:
            return one
    return None


def _prepare(base: str) -> str:
    """Make the environment if it is not what is wanted; return what went wrong."""
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    stamp = _ENVIRONMENT / ".installed"
    if stamp.is_file() and stamp.read_text() == wanted:
        return ""
    shutil.rmtree(_ENVIRONMENT, ignore_errors=True)
    python = str(_ENVIRONMENT / "bin" / "python")
    install = ["-m", "pip", "install", "--quiet", "--no-deps", "-r", str(REQUIREMENTS)]
    for command in ([base, "-m", "venv", str(_ENVIRONMENT)], [python, *install]):
        try:
            result = _run(*command)
        except subprocess.TimeoutExpired:
            return f"not within {_INSTALL_S} s"
        if result.returncode:
            return result.stderr.strip()[-400:]
    stamp.write_text(wanted)
    return ""


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, capture_output=True, text=True, timeout=_INSTALL_S, check=False
    )
