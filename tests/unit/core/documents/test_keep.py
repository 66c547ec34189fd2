from base64 import b64encode
from dataclasses import replace
from datetime import timedelta

import pytest

from notify_core.documents.model import DocumentPlace
from notify_core.documents.policies import is_key
from notify_core.documents.use_cases import KeepFiles
from notify_core.kernel.errors import Conflict, NotAllowed, TransientError
from notify_core.testing.builders import NOON, an_id
from notify_core.testing.fakes.virus_scanner import EICAR

PDF = b"%PDF- a letter"


def upload(content=PDF, **more):
    return {"file": b64encode(content).decode(), **more}


@pytest.fixture
def keep(files):
    return KeepFiles(
        files.work,
        files.clock,
        files.random,
        files.store,
        files.scanner,
        "https://api.example",
        "https://admin.example",
    )


def of_link(link):
    """The place and the key that a link names."""
    path, _, key = link.removeprefix("https://api.example/d/").partition("?key=")
    service_id, _, document_id = path.partition("/")
    return service_id, document_id, key


def test_a_message_without_files_costs_nothing(files, keep):
    linked = keep.link(files.service, {"name": "Grace"})
    assert keep.keep(linked, "grace@example.gov.uk") == ()
    assert linked.personalisation == {"name": "Grace"}
    assert (files.rows(), files.store.calls, files.scanner.scanned) == ([], [], [])


def test_links_stand_where_files_were(files, keep):
    linked = keep.link(
        files.service, {"name": "Grace", "Link to_file": upload(), "second": upload(b"a,b", is_csv=True)}
    )

    assert linked.personalisation["name"] == "Grace"
    service_id, _, key = of_link(linked.personalisation["Link to_file"])
    assert service_id == str(files.service.id)
    assert "linktofile" in linked
    assert "LINK TO FILE" in linked
    assert "name" not in linked
    assert key not in repr(linked.files)
    assert of_link(linked.personalisation["second"])[2] != key
    assert files.store.files == {}


def test_kept_before_it_is_anybodys(files, keep):
    linked = keep.link(files.service, {"link": upload(filename="a.pdf", retention_period="2 weeks")})
    (document,) = keep.keep(linked, "grace@example.gov.uk")
    (row,) = files.rows()
    _, document_id, key = of_link(linked.personalisation["link"])

    assert str(document.id) == document_id
    assert files.store.files[document.place] == (key, PDF)
    assert is_key(key, row.key_hash)
    assert (row.notification_id, row.expires_at) == (None, NOON + timedelta(hours=1))
    assert (row.filename, row.mime, row.size, row.recipient) == (
        "a.pdf",
        "application/pdf",
        len(PDF),
        "grace@example.gov.uk",
    )
    message = an_id()
    with files.work() as work:
        keep.accept(work, (document,), message)
        work.commit()
    (row,) = files.rows()
    assert (row.notification_id, row.expires_at) == (message, NOON + timedelta(weeks=2))


def test_where_nobody_is_asked_no_address_is_kept(files, keep):
    keep.keep(keep.link(files.service, {"link": upload(confirm_email_before_download=False)}), "grace@example.gov.uk")
    assert [row.recipient for row in files.rows()] == [None]


def test_an_infected_file_is_refused_and_nothing_is_kept(files, keep):
    linked = keep.link(files.service, {"one": upload(), "two": upload(EICAR)})
    with pytest.raises(NotAllowed, match=r"^File did not pass the virus scan$"):
        keep.keep(linked, "grace@example.gov.uk")
    assert (files.rows(), files.store.files) == ([], {})


def test_while_the_scanner_is_away_nothing_is_kept(files, keep):
    files.scanner.fail_with(TransientError("away"))
    with pytest.raises(TransientError):
        keep.keep(keep.link(files.service, {"link": upload()}), "grace@example.gov.uk")
    assert (files.rows(), files.store.files) == ([], {})


def test_dying_at_the_store_leaves_a_row_that_soon_expires(files, keep):
    files.store.fail_with(TransientError("away"))
    with pytest.raises(TransientError):
        keep.keep(keep.link(files.service, {"link": upload()}), "grace@example.gov.uk")
    (row,) = files.rows()
    with files.work(read_only=True) as work:
        assert work.documents.expired(NOON + timedelta(hours=1), 10) == [DocumentPlace(files.service.id, row.id)]


def test_a_file_that_was_swept_away_meanwhile_goes_with_no_message(files, keep):
    kept = keep.keep(keep.link(files.service, {"link": upload()}), "grace@example.gov.uk")
    with files.work() as work:
        work.documents.remove([kept[0].id])
        work.commit()
    with files.work() as work, pytest.raises(Conflict):
        keep.accept(work, kept, an_id())


def test_a_service_without_contact_sends_none(files, keep):
    service = replace(files.service, contact_link=None)
    with pytest.raises(NotAllowed, match="has not been set up"):
        keep.link(service, {"link": upload()})
    assert keep.link(service, {"name": "Grace"}).files == ()
