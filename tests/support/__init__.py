"""What acceptance tests share: the real program between two real emulators."""
