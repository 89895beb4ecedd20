"""Exceptions of modules built on the templates."""
