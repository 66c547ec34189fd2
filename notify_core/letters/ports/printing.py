"""What a print run has to do, and what it has done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from notify_core.kernel.ids import NotificationId
from notify_core.letters.model import LetterToPrint, Location, Postage, Printed, PrintGroup, PrintRun, Volume
from notify_core.letters.states import LetterStatus
from notify_core.ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Due:
    """Letters that a run of this deadline may take: created after ``after`` (None: whenever), at ``until`` or before
    (None: whenever) and before the deadline, of a normal key, still ``created`` and in no group. ``with_pdf``: only
    those whose PDF was made."""

    deadline: datetime
    after: datetime | None = None
    until: datetime | None = None
    with_pdf: bool = False


class LettersToPrint(Protocol):
    """The letters as print runs see them. What a run has *found* to have a PDF is its until it is in a group; a later
    run may find it again."""

    def volumes(self, due: Due) -> Mapping[Postage, Volume]:
        """How much is due; a postage of which nothing is may be left out."""
        ...

    def oldest(self, due: Due) -> datetime | None:
        """When the oldest letter that is due was created."""
        ...

    def unfound(self, due: Due, limit: int) -> Sequence[LetterToPrint]:
        """Those of which the run has not found the PDF, oldest first."""
        ...

    def count_unfound(self, due: Due) -> int:
        """How many these are."""
        ...

    def unfound_of(self, due: Due, references: Sequence[str]) -> Sequence[LetterToPrint]:
        """Those of them that have one of these file references."""
        ...

    def found(self, deadline: datetime, letters: Sequence[NotificationId]) -> None:
        """The run has found the PDFs of these letters. One that is in a group stays there and is left out."""
        ...

    def found_elsewhere(self, letter: NotificationId, pdf: Location, pdf_bytes: int) -> None:
        """A letter's PDF has another name, or another size, than was known."""
        ...

    def ungrouped(self, deadline: datetime, postage: Postage, limit: int) -> Sequence[LetterToPrint]:
        """Letters that the run has found and put in no group, by service, creation and id."""
        ...

    def put_into(self, zip_name: str, letters: Sequence[NotificationId]) -> None:
        """These letters travel in this zip.

        :raises Conflict: one of them is in a group already, or no longer ``created``.
        """
        ...

    def of_group(self, zip_name: str) -> Sequence[LetterToPrint]:
        """The letters in a zip that are still ``created``, by creation and id."""
        ...

    def take_out(self, zip_name: str, letters: Sequence[NotificationId]) -> None:
        """These letters do not travel in this zip, so that a later run may find them."""
        ...

    def move_group(
        self, zip_name: str, was: LetterStatus, becomes: LetterStatus, sent_by: str, sent_at: datetime
    ) -> int:
        """All letters of a zip that have one status get another; how many there were."""
        ...


class PrintRuns(Protocol):
    def begin(self, run: PrintRun) -> bool:
        """False: there is one of this deadline, which stays."""
        ...

    def get(self, deadline: datetime) -> PrintRun:
        """:raises NotFound: there is no such run."""
        ...

    def latest(self, limit: int) -> Sequence[PrintRun]:
        """Newest first."""
        ...

    def next_number(self, deadline: datetime, postage: Postage) -> int:
        """The number of the next group."""
        ...

    def add_group(self, group: PrintGroup) -> None:
        """:raises AlreadyExists: at commit, when its name is taken, or its number in its run and postage."""
        ...

    def group(self, zip_name: str) -> PrintGroup:
        """:raises NotFound: there is no such group."""
        ...

    def groups(self, deadline: datetime) -> Sequence[PrintGroup]:
        """Those of a run, in the order in which they were made: by postage and number."""
        ...

    def printed(self, deadline: datetime) -> Printed:
        """What the groups of a run have in them, in figures. One that has nothing in it is no zip."""
        ...

    def change_group(self, was: PrintGroup, becomes: PrintGroup) -> None:
        """Store ``becomes`` if the stored group is as far as ``was``: uploaded, sent.

        :raises Conflict: it is farther by now.
        """
        ...

    def delete_before(self, deadline: datetime, limit: int) -> int:
        """Delete up to ``limit`` groups and runs of earlier deadlines; returns how many. A group that has letters and
        was not sent stays, and so does its run."""
        ...


class PrintingWork(UnitOfWork, Protocol):
    @property
    def letters_to_print(self) -> LettersToPrint: ...

    @property
    def print_runs(self) -> PrintRuns: ...
