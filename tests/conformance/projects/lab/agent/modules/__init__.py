from .saving import *
from .sharing import *
from .ending import *
from .unusable import *
from .poison import *
from .giving_up import *
