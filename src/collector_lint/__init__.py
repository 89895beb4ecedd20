"""Loads and checks definitions, configurations and schemas."""
