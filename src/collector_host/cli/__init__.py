"""The command line; everything heavy is imported inside a command."""
