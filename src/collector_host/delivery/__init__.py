"""From queued messages to confirmed delivery."""
