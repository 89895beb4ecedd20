"""Rows of the SDK's contract, modules that cover them, and what a host makes of them."""
