"""How a module saves and loads its state."""
