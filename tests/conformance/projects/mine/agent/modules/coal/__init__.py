from .coal_puller import CoalPuller
from .coal_setup import CoalSetup, SlagSetup
from .slag_puller import SlagPuller
