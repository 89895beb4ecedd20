"""One module per output type; each is the only door to its library."""
