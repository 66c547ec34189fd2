"""Wiring: which part is made of which. A table, without logic."""

from notify_entrypoints.containers.database import check_schema, migrate
from notify_entrypoints.containers.parts import prepare
from notify_entrypoints.containers.platform import Container, container_of

__all__ = ["Container", "check_schema", "container_of", "migrate", "prepare"]
