import os
import threading

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notify_adapters.cap.lxml_reader import LxmlCapReader, build
from notify_core.broadcasts.model import CapDocument
from notify_core.broadcasts.ports import CapUnreadable
from notify_core.testing.contracts.cap_reader import INFO, CapReaderContract, a_cap_document
from notify_core.testing.fakes.cap_reader import MemoryCapReader

GOOD = a_cap_document(references="a,b,c")


class TestLxmlCapReader(CapReaderContract):
    @pytest.fixture
    def reader(self):
        return build({})

    def test_a_schema_that_a_document_names_is_not_opened(self, reader, tmp_path):
        # The validator would wait for a writer to this pipe for ever.
        os.mkfifo(tmp_path / "pipe")
        hint = f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:x {tmp_path}/pipe"'
        signature = (
            f'<Signature xmlns="http://www.w3.org/2000/09/xmldsig#" {hint}><y xmlns="urn:x" {hint}/></Signature>'
        )
        read = []
        reading = threading.Thread(
            target=lambda: read.append(reader.read(a_cap_document(INFO + signature).encode())), daemon=True
        )
        reading.start()
        reading.join(10)
        assert [document.identifier for document in read] == ["4f6d28b1"]

    def test_threads_may_share_it(self, reader):
        def read_often():
            for _ in range(50):
                reader.read(GOOD.encode())
                with pytest.raises(CapUnreadable):
                    reader.read(a_cap_document(kind="Rumour").encode())
            done.append(True)

        done = []
        threads = [threading.Thread(target=read_often) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(done) == 8


def outcome(reader, document):
    """What comes back, or the one error that may."""
    try:
        read = reader.read(document)
    except CapUnreadable:
        return None
    assert isinstance(read, CapDocument)
    return read


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(document):
    for reader in (LxmlCapReader(), MemoryCapReader()):
        outcome(reader, document)


@given(
    st.lists(
        st.tuples(st.integers(0, len(GOOD)), st.integers(0, 12), st.text(max_size=6) | st.sampled_from("<>&;\"'/ \0")),
        min_size=1,
        max_size=4,
    )
)
def test_a_damaged_document_is_read_or_refused(damages):
    damaged = GOOD
    for at, length, instead in damages:
        damaged = damaged[:at] + instead + damaged[at + length :]
    for reader in (LxmlCapReader(), MemoryCapReader()):
        outcome(reader, damaged.encode("utf-8", "surrogatepass"))


@given(st.lists(st.sampled_from("0123456789.,+-eE \n\tnaif_٣"), max_size=40).map("".join))
@example("1,2 3,4 5,6 1,2")
@example("-.5,+1. 1e5,2")
def test_both_readers_agree_on_polygons(text):
    area = f"<area><areaDesc>x</areaDesc><polygon>{text}</polygon></area>"
    document = a_cap_document(INFO.replace("</info>", f"{area}</info>")).encode()
    assert outcome(LxmlCapReader(), document) == outcome(MemoryCapReader(), document)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="<&\ufffe\uffff"), max_size=60))
def test_both_readers_agree_on_texts(text):
    document = a_cap_document(INFO.replace("The river", text)).encode()
    assert outcome(LxmlCapReader(), document) == outcome(MemoryCapReader(), document)
