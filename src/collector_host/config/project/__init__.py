"""Configuration and definitions in the form of the Devo Collector SDK's projects.

That form asks for less than the host's own and takes more: what works there must work
here. So typing mistakes are warnings, and what cannot work is refused before anything
starts, with the contract's own code and with the place in the file.
"""
