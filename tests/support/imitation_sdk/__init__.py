"""A host like that of the Devo Collector SDK, and what runs projects under it."""
