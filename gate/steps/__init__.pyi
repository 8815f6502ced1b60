from .taking import Taken as Taken
from .taking import take_step as take_step
from .turns import Turn as Turn
