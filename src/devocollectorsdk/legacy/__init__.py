"""The older layout of the contract: the SDK's names inside the project's `agent`.

`install` makes them importable, where the project itself has none.
"""

from __future__ import annotations

from devocollectorsdk.legacy.finder import install

__all__ = ["install"]
