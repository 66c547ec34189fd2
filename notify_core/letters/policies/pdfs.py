"""Which letters have a PDF that their sender may see. Texts are the published API's."""

from notify_core.kernel.errors import NotAllowed
from notify_core.letters.model import Letter
from notify_core.letters.states import LetterStatus


class PdfNotReady(NotAllowed):
    """A letter has no PDF yet."""

    def __init__(self) -> None:
        super().__init__("PDF not available yet, try again later")


def check_has_pdf(letter: Letter) -> None:
    """:raises NotAllowed: there will be none.
    :raises PdfNotReady: it is still being checked."""
    match letter.status:
        case LetterStatus.VIRUS_SCAN_FAILED:
            raise NotAllowed("File did not pass the virus scan")
        case LetterStatus.TECHNICAL_FAILURE:
            raise NotAllowed(f"PDF not available for letters in status {letter.status}")
        case LetterStatus.PENDING_VIRUS_CHECK:
            raise PdfNotReady
