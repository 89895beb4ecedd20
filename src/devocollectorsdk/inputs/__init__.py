"""Base classes of pullers, setups and submodule calculators."""
