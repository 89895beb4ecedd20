"""What every part of the SDK package shares."""
