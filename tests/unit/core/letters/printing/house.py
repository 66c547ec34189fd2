"""A printing house in memory: letters are given, an evening's run is made, zips arrive."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from notify_core.kernel.ids import ServiceId
from notify_core.letters.model import Bucket, Location
from notify_core.letters.policies.naming import upload_name
from notify_core.letters.policies.rules import LetterRules
from notify_core.letters.tasks.printing import CollateLetters
from notify_core.testing.builders import a_letter, an_id
from notify_core.testing.platform import InMemoryPlatform

# A Monday in winter, when London's time is UTC.
MORNING = datetime(2026, 1, 5, 9, tzinfo=UTC)
DEADLINE = datetime(2026, 1, 5, 17, 30, tzinfo=UTC)
EVENING = datetime(2026, 1, 5, 17, 50, tzinfo=UTC)


class PrintingHouse:
    def __init__(self, platform=None):
        self.notify = platform or InMemoryPlatform()
        self.store = self.notify.letter_store
        self.printer = self.notify.letter_printer
        self.metrics = self.notify.metrics
        self.service = ServiceId(an_id())
        self.at(EVENING)

    def at(self, now):
        self.notify.advance(now - self.notify.clock.now())

    def letter(self, content=b"%PDF-1.7 a letter", *, is_there=True, known_as=None, stored_as=None, **changes):
        """A letter with its PDF. ``stored_as`` changes its key in the store, ``known_as`` what is known of it."""
        letter = a_letter(**{"service_id": self.service, "created_at": MORNING, "sheets": 1, **changes})
        key = upload_name(Bucket.PDF, letter.file_reference, letter.created_at, letter.postage)
        stored, known = (stored_as or str)(key), (known_as or str)(key)
        if is_there:
            self.store.put(Bucket.PDF, stored, content)
        if "pdf" not in changes:
            letter = replace(letter, pdf=Location(Bucket.PDF, known), pdf_bytes=len(content))
        with self.notify.work() as work:
            work.letters.add_many([letter])
            work.commit()
        return letter

    def tells(self, *addresses):
        """From now on these are told how much there will be."""
        self.notify.letter_rules = LetterRules(volumes_to=addresses)

    def collate(self, advance=timedelta()):
        """The evening's task, and whatever follows from it."""
        self.enqueue(CollateLetters())
        self.notify.run_until_idle(advance)

    def enqueue(self, task):
        with self.notify.work() as work:
            work.enqueue(task)
            work.commit()

    def now(self, letter):
        with self.notify.work(read_only=True) as work:
            return work.letters.get(letter.id)

    def groups(self, deadline=DEADLINE):
        with self.notify.work(read_only=True) as work:
            return list(work.print_runs.groups(deadline))

    def zips(self):
        """What was released, ever: for each zip the content of its files."""
        found = {}
        for name, content in [*self.printer.taken, *self.printer.released.items()]:
            assert name not in found, "released twice"
            with zipfile.ZipFile(io.BytesIO(content)) as file:
                assert file.testzip() is None
                found[name] = {each: file.read(each) for each in file.namelist()}
        return found

    def printed(self):
        """How often each letter's file was in a zip, by reference."""
        names = [name.split(".")[1] for files in self.zips().values() for name in files]
        return {name: names.count(name) for name in names}

    def listings(self):
        return self.store.requests.count("list")
