"""How every translator of what a supplier brings behaves."""

from base64 import b64encode

import pytest

from notify_core.inbound.model import ReceivedText
from notify_core.inbound.ports import (
    InboundForbidden,
    InboundRequest,
    InboundTranslator,
    InboundUnauthenticated,
    InboundUnreadable,
)

TEXT = "Water + mud ŵ & 50% more\nHelp!"


class InboundTranslatorContract:
    """Supply ``translator`` and, as the supplier sends it, a ``genuine`` request."""

    @pytest.fixture
    def translator(self) -> InboundTranslator:
        raise NotImplementedError

    def genuine(self, translator: InboundTranslator, source: str, destination: str, content: str) -> InboundRequest:
        raise NotImplementedError

    def read(self, translator: InboundTranslator, content: str = TEXT) -> ReceivedText:
        return translator.translate(self.genuine(translator, "447700900123", "447700900999", content))

    def test_a_text_is_read_as_it_was_written(self, translator: InboundTranslator) -> None:
        text = self.read(translator)
        assert (text.supplier, text.source, text.destination) == (translator.supplier, "447700900123", "447700900999")
        assert text.content == TEXT

    def test_what_is_repeated_has_the_same_reference(self, translator: InboundTranslator) -> None:
        assert self.read(translator).reference
        assert self.read(translator).reference == self.read(translator).reference

    def test_it_has_words_for_thanks(self, translator: InboundTranslator) -> None:
        assert translator.acknowledgement.body
        assert "/" in translator.acknowledgement.content_type

    def test_who_shows_nothing_is_not_let_in(self, translator: InboundTranslator) -> None:
        genuine = self.genuine(translator, "447700900123", "447700900999", TEXT)
        with pytest.raises(InboundUnauthenticated):
            translator.translate(InboundRequest(genuine.body, {}))

    @pytest.mark.parametrize("shown", ["Basic !", "Basic", "Bearer x", f"Basic {b64encode(b'a:b').decode()}"])
    def test_who_shows_something_wrong_is_refused(self, translator: InboundTranslator, shown: str) -> None:
        genuine = self.genuine(translator, "447700900123", "447700900999", TEXT)
        with pytest.raises(InboundForbidden):
            translator.translate(InboundRequest(genuine.body, {"authorization": shown}))

    @pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[1]", b'{"a": 1}', b"null", b"a=b", b"[" * 100_000])
    def test_nonsense_is_unreadable(self, translator: InboundTranslator, body: bytes) -> None:
        genuine = self.genuine(translator, "447700900123", "447700900999", TEXT)
        with pytest.raises(InboundUnreadable):
            translator.translate(InboundRequest(body, genuine.headers))
