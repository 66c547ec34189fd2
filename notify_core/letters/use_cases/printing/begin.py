"""Opening the print run of a day."""

import logging
from dataclasses import dataclass

from notify_core.kernel.calendar import format_datetime, parse_datetime
from notify_core.kernel.errors import InvalidValue
from notify_core.letters.model import PrintRun
from notify_core.letters.policies.cut_off import print_deadline
from notify_core.letters.policies.rules import LetterRules
from notify_core.letters.ports.printing import Due, PrintingWork
from notify_core.letters.tasks.printing import CollateLetters, FindLettersToPrint, SendPrintVolumes
from notify_core.ports.clock import Clock
from notify_core.ports.task_ledger import Claim
from notify_core.ports.unit_of_work import UnitOfWorkFactory

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class BeginPrintRun:
    """The task ``collate-letter-pdfs-to-be-sent``. Of a run that has begun nobody is told again; what became due for
    it since is printed with it.

    :raises InvalidValue: the deadline given is to come: until then letters may be added and cancelled.
    """

    work: UnitOfWorkFactory[PrintingWork]
    clock: Clock
    letter_rules: LetterRules

    def __call__(self, task: CollateLetters, claim: Claim) -> None:
        now = self.clock.now()
        deadline = print_deadline(now) if task.deadline is None else parse_datetime(task.deadline)
        if deadline > now:
            raise InvalidValue(f"the deadline {task.deadline} is to come")
        text = str(format_datetime(deadline))
        with self.work() as work:
            volumes = work.letters_to_print.volumes(Due(deadline))
            if work.print_runs.begin(PrintRun(deadline, now, volumes)):
                for number in range(len(self.letter_rules.volumes_to)):
                    work.enqueue(SendPrintVolumes(text, number))
            work.enqueue(FindLettersToPrint(text))
            work.finish(claim)
            work.commit()
        _log.info("the print run of %s begins with %d letters", text, sum(one.letters for one in volumes.values()))
