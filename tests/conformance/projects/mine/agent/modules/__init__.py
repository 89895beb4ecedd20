from .ore import *
from .coal import *
