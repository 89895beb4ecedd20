from .field_puller import *
from .calculator import *
