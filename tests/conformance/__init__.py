"""Rows of the SDK's contract, modules that cover them, and what becomes of them."""
