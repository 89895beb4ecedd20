"""Messages on their way to Devo."""
