from .token_puller import TokenPuller
from .token_setup import TokenPullerSetup
