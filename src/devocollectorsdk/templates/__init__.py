"""Base classes that do more: validated settings, versioned state, statistics."""
