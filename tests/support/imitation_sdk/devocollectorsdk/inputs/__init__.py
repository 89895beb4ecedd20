"""Base classes of modules."""
