"""Which release works with which schema, so that two releases serve side by side while one replaces the other.

A release is named by its newest revision. A revision *expands* the schema (what earlier releases use stays as it is),
or *contracts* it: takes away what no release from its ``works_from`` on uses. So a database says from which release on
it works, and a process accepts each schema that has all it needs and has lost nothing it uses. See
``docs/upgrading.md``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

# The first revision that says from which release on the schema works. Those before it belong to it.
FIRST = "0015"


@dataclass(frozen=True, slots=True)
class Step:
    """A revision, and the oldest release that works with the schema after it. ``alone``: it is no transaction, since
    PostgreSQL makes an index beside other work in none."""

    revision: str
    works_from: str
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Schema:
    """What a database has; no ``revision``: nothing."""

    revision: str | None
    works_from: str | None = None


class Fit(StrEnum):
    """What a database is to a release."""

    FITS = "fits"
    EMPTY = "empty"
    LACKS = "lacks what the release needs"
    CONTRACTED = "has lost what the release uses"


@dataclass(frozen=True, slots=True)
class Release:
    """What a release knows: the steps to its newest schema, the oldest, which is :data:`FIRST`, first."""

    steps: Sequence[Step]

    @property
    def newest(self) -> str:
        return self.steps[-1].revision

    def fit(self, schema: Schema) -> Fit:
        """Whether processes of this release can work with a database."""
        if schema.revision is None:
            return Fit.EMPTY
        if schema.revision > self.newest:
            # Of a newer release, whose steps are unknown here: what the database says of them counts.
            return Fit.FITS if (schema.works_from or schema.revision) <= self.newest else Fit.CONTRACTED
        return Fit.FITS if all(self.contracts(step) for step in self.after(schema)) else Fit.LACKS

    def contracts(self, step: Step) -> bool:
        """Whether a step takes away what a former release uses."""
        return step is not self.steps[0] and step.works_from > self.before(step).works_from

    def after(self, schema: Schema) -> Sequence[Step]:
        """The steps that a database has not had, the oldest first."""
        return [step for step in self.steps if schema.revision is None or step.revision > schema.revision]

    def forward(self, schema: Schema, *, contract: bool) -> Step | None:
        """The step that a database takes next; None: there is none, or only one that takes something away."""
        for step in self.after(schema)[:1]:
            if contract or not self.contracts(step):
                return step
        return None

    def back(self, schema: Schema, revision: str) -> Sequence[Step]:
        """The steps to undo until a database has the schema ``revision``, the newest first."""
        return [step for step in reversed(self.steps) if revision < step.revision <= (schema.revision or "")]

    def before(self, step: Step) -> Step:
        """The step before one that is not the first."""
        return self.steps[self.steps.index(step) - 1]
