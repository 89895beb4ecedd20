"""Contract: a subclass of another module, with a setup that hands on `*args`."""

from .coal_puller import CoalPuller


class SlagPuller(CoalPuller):
    pass
