"""How everything that announces the printer's files is read."""

from collections.abc import Sequence

import pytest

from notify_core.letters.ports import LetterAnnouncements
from notify_core.notifications.ports import ReceiptForged, ReceiptRequest, ReceiptUnreadable


class LetterAnnouncementsContract:
    """Supply ``announcements`` and requests as they come."""

    @pytest.fixture
    def announcements(self) -> LetterAnnouncements:
        raise NotImplementedError

    def genuine(self, announcements: LetterAnnouncements, keys: Sequence[str]) -> ReceiptRequest:
        """The request that announces these files."""
        raise NotImplementedError

    def forged(self, announcements: LetterAnnouncements) -> ReceiptRequest:
        """Like :meth:`genuine`, from somebody else."""
        raise NotImplementedError

    @pytest.mark.parametrize(
        "keys",
        [["NOTIFY-20260105120000-RSP.TXT"], ["a.txt", "root/dispatch/NOTIFY.2026-01-05.2.001.X.ACK.TXT"], ["a b+c ŵ"]],
        ids=["one", "several", "unusual"],
    )
    def test_what_is_announced_is_named(self, announcements: LetterAnnouncements, keys: list[str]) -> None:
        assert list(announcements.translate(self.genuine(announcements, keys))) == keys

    def test_a_forged_one_is_refused(self, announcements: LetterAnnouncements) -> None:
        with pytest.raises(ReceiptForged):
            announcements.translate(self.forged(announcements))

    @pytest.mark.parametrize("body", [b"\xff\xfe"])
    def test_nonsense_is_unreadable(self, announcements: LetterAnnouncements, body: bytes) -> None:
        genuine = self.genuine(announcements, ["a"])
        # Where the content is signed, nonsense is as good as forged.
        with pytest.raises((ReceiptUnreadable, ReceiptForged)):
            announcements.translate(ReceiptRequest(body, genuine.headers))
