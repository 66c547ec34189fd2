"""A platform in memory with one broadcast service, its people, and the four networks.

A module says what for: put a new helper where its like is, and a new task into ``worker``.
"""

from tests.unit.core.broadcasts.world.agency import Agency
from tests.unit.core.broadcasts.world.air import Airy
from tests.unit.core.broadcasts.world.lives import Lives
from tests.unit.core.broadcasts.world.mortal import ProcessDied
from tests.unit.core.broadcasts.world.operators import Operators
from tests.unit.core.broadcasts.world.worker import Worker

__all__ = ["AiryWorld", "ProcessDied", "World"]


class World(Agency, Lives, Operators, Worker):
    pass


class AiryWorld(Airy, World):
    """Calls to its networks can hang while others work, and workers die while they do."""
