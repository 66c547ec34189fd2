"""Bringing a zip of letters to the printer. Source: letters.md, section 5, "Zip and send"."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import chain

from notify_core.kernel.errors import PermanentError, TransientError
from notify_core.letters.model import Bucket, LetterToPrint, PrintGroup
from notify_core.letters.policies.grouping import marker_of, reference_of_pdf
from notify_core.letters.policies.zip_format import zip_bytes
from notify_core.letters.ports.files import LetterPdfNotFound, LetterStore
from notify_core.letters.ports.printer import LetterPrinter
from notify_core.letters.ports.printing import PrintingWork
from notify_core.letters.states import MACHINE, LetterEvent, LetterStatus
from notify_core.letters.tasks.printing import ZipAndSendLetters
from notify_core.letters.use_cases.printing.packing import Packing, name_in_zip
from notify_core.ports.clock import Clock
from notify_core.ports.metrics import Metrics
from notify_core.ports.task_ledger import Claim
from notify_core.ports.unit_of_work import UnitOfWorkFactory

_log = logging.getLogger(__name__)

# In seconds. Whoever stood still for longer, and may have been taken for dead, asks before going on.
_STILL_OURS = 10


@dataclass(frozen=True)
class ZipAndSend:
    """The task ``zip-and-send-letter-pdfs``.

    The zip is uploaded under another name; that it is whole is recorded; it gets its name; the marker is written; the
    letters count as sent. Whoever finds it recorded uploads nothing again, though the printer may have taken the zip
    away by then: a letter that is printed twice cannot be called back, one that is not is missed the same evening.

    :raises TransientError: the store or the printer is not there, or too slow; what was done stays.
    :raises PermanentError: the printer has another file of this name.
    """

    work: UnitOfWorkFactory[PrintingWork]
    clock: Clock
    metrics: Metrics
    letter_store: LetterStore
    letter_printer: LetterPrinter
    # An execution lasts no longer than 240 seconds, of which this leaves some for what follows.
    upload_within: timedelta = timedelta(seconds=200)

    def __call__(self, task: ZipAndSendLetters, claim: Claim) -> None:
        with self.work(read_only=True) as work:
            group = work.print_runs.group(task.zip_name)
            letters = work.letters_to_print.of_group(task.zip_name)
        if group.sent_at is None and not self._is_marked(group):
            if group.uploaded_at is None:
                group = self._uploaded(group, letters, claim)
            if group.keys:
                self.letter_printer.release(group.zip_name)
                self._check(group)
                self._mark(group)
        self._record_sent(group, claim)

    def _is_marked(self, group: PrintGroup) -> bool:
        try:
            self.letter_store.find(Bucket.PDF, marker_of(group.deadline, group.zip_name))
        except LetterPdfNotFound:
            return False
        return True

    def _uploaded(self, group: PrintGroup, letters: Iterable[LetterToPrint], claim: Claim) -> PrintGroup:
        """The group as it is with the printer, recorded. Letters of which the PDF has vanished, or that were
        cancelled, are no longer in it."""
        whole = zip_bytes(map(name_in_zip, group.keys), group.pdf_bytes)
        if self.letter_printer.look(group.zip_name).released == whole:
            # Sent, as another database knew.
            return self._changed(group, replace(group, uploaded_at=self.clock.now(), zip_bytes=whole), [], claim)
        by_reference = {letter.file_reference: letter for letter in letters}
        keys = [key for key in group.keys if reference_of_pdf(key) in by_reference]
        packing = Packing(self.letter_store, keys)
        self._bring(group.zip_name, packing, claim)
        vanished = [by_reference[str(reference_of_pdf(key))] for key in packing.missing]
        packed = tuple(key for key in keys if key not in packing.missing)
        self._report(vanished)
        becomes = replace(
            group,
            keys=packed,
            sheets=sum(by_reference[str(reference_of_pdf(key))].sheets for key in packed),
            pdf_bytes=packing.pdf_bytes,
            zip_bytes=packing.size,
            checksum=packing.checksum,
            uploaded_at=self.clock.now(),
        )
        return self._changed(group, becomes, vanished, claim)

    def _changed(self, was: PrintGroup, becomes: PrintGroup, vanished: list[LetterToPrint], claim: Claim) -> PrintGroup:
        with self.work() as work:
            # A worker that was thought dead must not release what another may be uploading.
            work.require(claim)
            work.print_runs.change_group(was, becomes)
            if vanished:
                work.letters_to_print.take_out(was.zip_name, [letter.id for letter in vanished])
            work.commit()
        return becomes

    def _bring(self, zip_name: str, packing: Packing, claim: Claim) -> None:
        """Nothing, where nothing is there to be packed."""
        with closing(packing.pieces()) as pieces:
            first = next(pieces)
            if not packing.packed:
                return
            # An upload replaces what is there, which may be another worker's by now.
            self._require(claim)
            self.letter_printer.upload(zip_name, self._in_time(chain([first], pieces), claim))
        incoming = self.letter_printer.look(zip_name).incoming
        if incoming != packing.size:
            raise TransientError(f"{zip_name}: {incoming} bytes arrived of {packing.size}")

    def _require(self, claim: Claim) -> None:
        with self.work() as work:
            work.require(claim)
            work.commit()

    def _in_time(self, pieces: Iterable[bytes], claim: Claim) -> Iterator[bytes]:
        asked = self.clock.monotonic()
        end = asked + self.upload_within.total_seconds()
        for piece in pieces:
            now = self.clock.monotonic()
            if now > end:
                raise TransientError("the zip could not be brought to the printer in time")
            if now > asked + _STILL_OURS:
                self._require(claim)
                asked = now
            yield piece

    def _check(self, group: PrintGroup) -> None:
        released = self.letter_printer.look(group.zip_name).released
        # None: the printer was quick, and has taken it away.
        if released not in {None, group.zip_bytes}:
            raise PermanentError(f"{group.zip_name} has {released} bytes at the printer's, not {group.zip_bytes}")

    def _mark(self, group: PrintGroup) -> None:
        names = "".join(f"{name_in_zip(key)}\n" for key in group.keys)
        self.letter_store.put(Bucket.PDF, marker_of(group.deadline, group.zip_name), names.encode())

    def _record_sent(self, group: PrintGroup, claim: Claim) -> None:
        now, printer = self.clock.now(), self.letter_printer.name
        was = LetterStatus.CREATED
        with self.work() as work:
            if group.sent_at is None and group.keys:
                sent = MACHINE.after(was, LetterEvent.SENT)
                number = work.letters_to_print.move_group(group.zip_name, was, sent, printer, now)
                work.print_runs.change_group(group, replace(group, sent_at=now, sent_by=printer))
                self.metrics.count("letters.print-run.sent", number)
            work.finish(claim)
            work.commit()

    def _report(self, vanished: list[LetterToPrint]) -> None:
        if vanished:
            self.metrics.count("letters.print-run.missing-pdf", len(vanished))
        for letter in vanished:
            _log.error("a letter's PDF has vanished; it waits for it", extra={"notification_id": str(letter.id)})
