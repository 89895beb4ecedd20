from .salt import *
from .coal import *
