from .letter_puller import LetterPuller, StampPuller
from .letter_puller_setup import LetterPullerSetup
