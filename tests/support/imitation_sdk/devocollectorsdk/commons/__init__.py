"""What other parts share."""
