"""Letters: what is sent, where its file lies, and how it travels."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, Self

from notify_core.accounts.model import KeyType
from notify_core.kernel.ids import ApiKeyId, JobId, NotificationId, ServiceId, TemplateId
from notify_core.letters.states import MACHINE, UNFINISHED, LetterEvent, LetterStatus
from notify_core.notifications.model import PersonalisationValue

# What stands for the recipient of an uploaded letter until its address has been read.
PROVIDED_AS_PDF: Final = "Provided as PDF"


class Postage(StrEnum):
    FIRST = "first"
    SECOND = "second"
    EUROPE = "europe"
    REST_OF_WORLD = "rest-of-world"
    ECONOMY = "economy"


@dataclass(frozen=True, slots=True)
class LetterRate:
    """What a letter of so many sheets costs, in pounds, when it was accepted at ``valid_from`` or later."""

    valid_from: datetime
    sheets: int
    postage: Postage
    rate: Decimal


class Bucket(StrEnum):
    """The kinds of file that letters need a place for; what a deployment calls each is the store's business.

    ``PDF`` holds letters for the printer and the markers of zips sent, ``TEST`` letters made with test
    keys, ``SCAN`` uploads waiting for the virus scan, ``SANITISE`` what sanitising wrote, ``INVALID``
    uploads that failed it, ``RESPONSE`` the printer's answers.
    """

    PDF = "letters-pdf"
    TEST = "test-letters"
    SCAN = "scan"
    SANITISE = "sanitise"
    INVALID = "invalid-pdf"
    RESPONSE = "response"


@dataclass(frozen=True, slots=True)
class StoredObject:
    """What a listing says about a file: ``size`` in bytes, ``modified`` in UTC."""

    key: str
    size: int
    modified: datetime


@dataclass(frozen=True, slots=True)
class Location:
    """One file's place."""

    bucket: Bucket
    key: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter to one address.

    ``reference`` is the sender's own; ``file_reference``, 16 characters A-Z and 0-9, names the letter's files and is
    what the printer calls it. ``to`` is the address, a line each, or :data:`PROVIDED_AS_PDF`. ``precompiled``: the
    sender uploaded its PDF, under ``upload_file_name`` where it was a person. ``pdf`` is its printable file, or what
    was refused as none, and ``pdf_bytes`` the size of that, known since it was stored; None until then. ``sheets``
    are what is billed; none with a test key. ``print_group`` names the zip with which it goes to the printer
    ``sent_by``, ``cost_threshold`` (``sorted`` or ``unsorted``) what the printer says of its postage. ``job_row``
    counts from 0.
    """

    id: NotificationId
    service_id: ServiceId
    template_id: TemplateId
    template_version: int
    file_reference: str
    to: str
    key_type: KeyType
    created_at: datetime
    status: LetterStatus = LetterStatus.CREATED
    postage: Postage = Postage.SECOND
    international: bool = False
    precompiled: bool = False
    api_key_id: ApiKeyId | None = None
    job_id: JobId | None = None
    job_row: int | None = None
    personalisation: Mapping[str, PersonalisationValue] = field(default_factory=dict)
    reference: str | None = None
    upload_file_name: str | None = None
    pages: int = 0
    sheets: int = 0
    pdf: Location | None = None
    pdf_bytes: int | None = None
    print_group: str | None = None
    cost_threshold: str | None = None
    sent_by: str | None = None
    sent_at: datetime | None = None
    completed_at: datetime | None = None
    updated_at: datetime | None = None

    def after(self, event: LetterEvent, now: datetime) -> Self:
        """The letter after ``event``; itself where the event is a declared ignore.

        :raises IllegalTransition: the event cannot happen to it.
        """
        if MACHINE.ignores_event(self.status, event):
            return self
        status = MACHINE.after(self.status, event)
        completed = None if status in UNFINISHED else now
        return replace(self, status=status, updated_at=now, completed_at=completed)
