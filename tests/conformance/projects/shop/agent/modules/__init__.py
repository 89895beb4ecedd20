from .counters import *
from .shelves import *
