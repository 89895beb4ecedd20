"""From files to one validated configuration, or to every mistake at once."""
