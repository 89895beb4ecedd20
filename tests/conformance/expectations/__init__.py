"""What the fixture projects send, save and log, one file a project."""
