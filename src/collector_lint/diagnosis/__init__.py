"""Says what is wrong in a text that is neither YAML nor JSON, and how to mend it."""
