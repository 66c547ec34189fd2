import pytest

from notify_core.testing.contracts.letter_announcements import LetterAnnouncementsContract
from notify_core.testing.fakes.letter_announcements import MemoryLetterAnnouncements


class TestMemoryLetterAnnouncements(LetterAnnouncementsContract):
    @pytest.fixture
    def announcements(self):
        return MemoryLetterAnnouncements()

    def genuine(self, announcements, keys):
        return announcements.request(*keys)

    def forged(self, announcements):
        return MemoryLetterAnnouncements("guessed").request("a")
