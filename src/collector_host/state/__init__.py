"""Committed state on disk."""
