"""The process in which a module is run and watched; the kit itself is not in it."""
