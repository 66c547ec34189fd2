"""Where an upload lies while it is checked."""

from notify_core.letters.model import Bucket, Letter, Location
from notify_core.letters.policies import search_prefix
from notify_core.letters.policies.files import UNREADABLE
from notify_core.letters.ports import LetterPdfNotFound, LetterStore


def prefix_of(letter: Letter) -> str:
    """What the name of its upload begins with."""
    return search_prefix(Bucket.SCAN, letter.file_reference, letter.created_at)


def set_aside(store: LetterStore, key: str, folder: str) -> None:
    """Move an upload into a folder of the scan bucket.

    :raises LetterPdfNotFound: it is neither here nor there.
    """
    move_once(store, Location(Bucket.SCAN, key), Location(Bucket.SCAN, folder + key))


def bring_back(store: LetterStore, letter: Letter) -> None:
    """Undo that it was set aside after an error, if it was."""
    try:
        aside = store.find(Bucket.SCAN, UNREADABLE + prefix_of(letter)).key
    except LetterPdfNotFound:
        return
    move_once(store, Location(Bucket.SCAN, aside), Location(Bucket.SCAN, aside.removeprefix(UNREADABLE)))


def move_once(store: LetterStore, source: Location, target: Location) -> None:
    """Move a file, if that has not been done yet.

    :raises LetterPdfNotFound: it is in neither place.
    """
    try:
        store.move(source, target)
    except LetterPdfNotFound:
        store.find(target.bucket, target.key)
