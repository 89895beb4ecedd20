"""Python files of plugins and projects, looked at without being imported."""
