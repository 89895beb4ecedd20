from .system_load import *
