"""Stand-ins that tests share; each keeps a journal or a clock of its own."""
