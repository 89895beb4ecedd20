"""Where the plugin's data files are: beside the installed package, or the checkout."""

from __future__ import annotations

from pathlib import Path


def data_root() -> Path:
    """Return the folder with the catalogue, `definitions` and `schemas`.

    An installed package carries them in `_data`; an editable installation does not,
    so the top level of the checkout takes their place.
    """
    package = Path(__file__).resolve().parent
    return choose_root(package / "_data", package.parent.parent)


def choose_root(installed: Path, checkout: Path) -> Path:
    """Return `installed` if that folder exists, else `checkout`."""
    return installed if installed.is_dir() else checkout
