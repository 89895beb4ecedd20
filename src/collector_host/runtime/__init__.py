"""Inputs, services and modules as threads, and their life cycle."""
