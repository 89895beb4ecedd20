"""JSON Schema as this project means it: data and schemas in, violations out."""
