"""Telling the printer how much there will be."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from notify_core.kernel.calendar import london_date, parse_datetime
from notify_core.letters.model import Postage, PrintRun, Volume
from notify_core.letters.policies.rules import LetterRules
from notify_core.letters.ports.printing import PrintingWork
from notify_core.letters.tasks.printing import SendPrintVolumes
from notify_core.notifications.policies import SendingRules
from notify_core.notifications.ports import EmailSupplier, OutgoingEmail
from notify_core.ports.random_source import RandomSource
from notify_core.ports.task_ledger import Claim
from notify_core.ports.unit_of_work import UnitOfWorkFactory

_INTERNATIONAL = (Postage.EUROPE, Postage.REST_OF_WORLD)


@dataclass(frozen=True)
class SendVolumes:
    """The task ``send-print-volumes``: an email of the platform's own. Its reference is the same for every
    try and another for every run: mailboxes show one of two emails that have the same.

    :raises TransientError: no supplier takes it now.
    :raises SupplierRefused: none ever will.
    """

    work: UnitOfWorkFactory[PrintingWork]
    random: RandomSource
    letter_rules: LetterRules
    email_suppliers: Mapping[str, EmailSupplier]
    sending_rules: SendingRules

    def __call__(self, task: SendPrintVolumes, claim: Claim) -> None:  # noqa: ARG002 - ended by whoever called
        with self.work(read_only=True) as work:
            run = work.print_runs.get(parse_datetime(task.deadline))
        addresses = self.letter_rules.volumes_to
        if task.number >= len(addresses):
            return  # configured otherwise since
        suppliers = list(self.email_suppliers.values())
        supplier = self.random.choose(suppliers, [1] * len(suppliers))
        supplier.send(self._email(run, task, addresses[task.number]))

    def _email(self, run: PrintRun, task: SendPrintVolumes, recipient: str) -> OutgoingEmail:
        lines = volume_lines(run.volumes)
        day = london_date(run.deadline).isoformat()
        return OutgoingEmail(
            reference=f"print-volumes-{run.deadline:%Y%m%dT%H%M%S.%f}-{task.number}",
            recipient=recipient,
            subject=f"Letters to print on {day}",
            plain="\n".join(lines),
            html="".join(f"<p>{escape(line)}</p>" for line in lines),
            from_address=f'"Letters" <letters@{self.sending_rules.email_domain}>',
        )


def volume_lines(volumes: Mapping[Postage, Volume]) -> list[str]:
    """``Total: 3 letters, 5 sheets`` and so on; economy where there is any."""
    of = {postage: volumes.get(postage, Volume()) for postage in Postage}
    named = {
        "Total": sum(of.values(), Volume()),
        "First class": of[Postage.FIRST],
        "Second class": of[Postage.SECOND],
        "International": sum((of[postage] for postage in _INTERNATIONAL), Volume()),
    }
    if of[Postage.ECONOMY].letters:
        named["Economy"] = of[Postage.ECONOMY]
    return [
        f"{name}: {_counted(volume.letters, 'letter')}, {_counted(volume.sheets, 'sheet')}"
        for name, volume in named.items()
    ]


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
