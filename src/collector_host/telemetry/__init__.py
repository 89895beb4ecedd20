"""Log lines, masking, and counters."""
