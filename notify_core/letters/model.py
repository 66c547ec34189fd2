"""Letters as files: where they lie, and how they travel."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


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
