"""What `run.py` measures; each benchmark is a module with a function `measure`."""
