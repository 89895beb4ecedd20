from .ore_puller import OrePuller
