"""Schemas as people and editors read them: pages, bundles, files to start from."""
