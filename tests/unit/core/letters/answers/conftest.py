import pytest

from notify_core.letters.model import Bucket
from notify_core.letters.policies import LetterRules
from notify_core.letters.states import LetterStatus
from notify_core.ports.task_ledger import EntryState
from notify_core.testing.builders import NOON, a_letter
from notify_core.testing.platform import InMemoryPlatform

FILE = "NOTIFY-20260105120000-RSP.TXT"


class Letters:
    """A platform with letters on their way, and the printer on the other side."""

    def __init__(self, platform=None):
        self.notify = platform or InMemoryPlatform()
        self.notify.portion = 10
        self.notify.letter_rules = LetterRules("live", "https://runbook.example")

    def given(self, *references, status=LetterStatus.SENDING, **changes):
        sent_at = None if status in {LetterStatus.CREATED, LetterStatus.PENDING_VIRUS_CHECK} else NOON
        letters = [
            a_letter(file_reference=reference, status=status, **{"sheets": 1, "sent_at": sent_at} | changes)
            for reference in references
        ]
        with self.notify.work() as work:
            work.letters.add_many(letters)
            work.commit()
        return letters

    def becomes(self, letter, event):
        with self.notify.work() as work:
            was = work.letters.get(letter.id)
            work.letters.change(was, was.after(event, self.notify.clock.now()))
            work.commit()

    def writes(self, *lines, name=FILE):
        content = lines[0] if lines and isinstance(lines[0], bytes) else "".join(f"{line}\n" for line in lines).encode()
        self.notify.letter_store.put(Bucket.RESPONSE, name, content)

    def do(self, *tasks):
        with self.notify.work() as work:
            for task in tasks:
                work.enqueue(task)
            work.commit()
        return self.notify.run_until_idle()

    def stored(self, reference):
        with self.notify.work(read_only=True) as work:
            return work.letters.by_file_references([reference])[reference]

    def status(self, reference):
        return self.stored(reference).status

    def file(self, name=FILE):
        with self.notify.work(read_only=True) as work:
            return work.answer_files.named([name]).get(name)

    def waiting(self):
        with self.notify.work(read_only=True) as work:
            return [answer.file_reference for answer in work.waiting_answers.first(100)]

    def failed(self):
        return {row.task: row.reason for row in self.notify.ledger.entries(state=EntryState.FAILED)}

    def tickets(self):
        return [(ticket.subject, ticket.body) for ticket in self.notify.tickets.tickets.values()]


@pytest.fixture
def letters():
    return Letters()
