"""Hook specifications and the only caller of pluggy."""
