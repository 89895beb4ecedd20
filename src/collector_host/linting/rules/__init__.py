"""The host's rules, one a file."""
