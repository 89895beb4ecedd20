from .obedient import *
from .stubborn import *
