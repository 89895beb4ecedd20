"""What the runtime asks for when it needs a module's classes."""

from __future__ import annotations

from typing import Protocol


class ClassProvider(Protocol):
    """Gives classes by the names that definitions use.

    Installed plugins are one, a project laid out for the SDK is another.
    """

    def puller(self, class_name: str) -> type:
        """Return a puller class.

        Raises:
            PluginError: Nobody offers it, or it cannot be imported.
        """
        ...

    def setup(self, class_name: str) -> type:
        """Return a setup class; raises as `puller` does."""
        ...

    def calculator(self, class_name: str) -> type:
        """Return a submodule calculator class; raises as `puller` does."""
        ...
