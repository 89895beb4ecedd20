"""From an installed plugin to a project in the layout of the Devo Collector SDK."""
