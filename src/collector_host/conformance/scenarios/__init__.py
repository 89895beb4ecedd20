"""What the kit does to a module, one file for each kind of trouble."""
