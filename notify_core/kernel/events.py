"""Domain events: what happened, named in the past tense, noted in the unit of work."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DomainEvent:
    """Base of all domain events. ``registry/reactions.py`` says what follows from each."""
