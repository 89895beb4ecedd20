"""Limits on how often a module may ask its source."""
