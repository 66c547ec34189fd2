import base64
from uuid import UUID

import pytest

from notify_core.accounts.model import KeyType
from notify_core.kernel.errors import InvalidValue, NotAllowed, TransientError
from notify_core.letters.model import PROVIDED_AS_PDF, Bucket, Postage
from notify_core.letters.policies import upload_name
from notify_core.letters.policies.acceptance import uploaded_pdf
from notify_core.letters.policies.uploads import id_of_upload_template
from notify_core.letters.states import LetterStatus
from notify_core.letters.tasks.checking import ScanFile
from notify_core.templates.model import TemplateType
from notify_core.testing.mortal import Killed
from tests.unit.core.letters.accepting.desk import PDF


def test_an_upload_is_kept_with_its_check_and_its_file_waits_for_it(accepting):
    answer = accepting.upload(postage=Postage.FIRST)

    (letter,) = accepting.letters
    assert letter == answer.letter
    assert (letter.status, letter.to, letter.postage) == (
        LetterStatus.PENDING_VIRUS_CHECK,
        PROVIDED_AS_PDF,
        Postage.FIRST,
    )
    assert (letter.precompiled, letter.reference, letter.pdf) == (True, "case 2", None)
    assert (answer.subject, answer.body) == ("Pre-compiled PDF", "")
    name = upload_name(Bucket.SCAN, letter.file_reference, letter.created_at, Postage.FIRST)
    assert accepting.files == {(Bucket.SCAN, name): PDF}
    assert accepting.tasks == [(ScanFile.name, {"notification_id": str(letter.id), "again": False})]


@pytest.mark.parametrize("key_type", [KeyType.NORMAL, KeyType.TEST])
def test_an_upload_that_was_accepted_passes_its_check(accepting, key_type):
    accepting.use_key(key_type)
    accepting.upload()
    accepting.platform.run_until_idle()

    (letter,) = accepting.letters
    ends = LetterStatus.DELIVERED if key_type is KeyType.TEST else LetterStatus.CREATED
    assert (letter.status, accepting.tasks) == (ends, [])
    assert letter.to != PROVIDED_AS_PDF


def test_uploads_belong_to_a_template_that_nothing_lists(accepting):
    one, other = accepting.upload().letter, accepting.upload().letter

    assert one.template_id == other.template_id == id_of_upload_template(accepting.service.id)
    assert one.template_version == 1
    template = accepting.template_of(one)
    assert (template.name, template.subject, template.content) == ("Pre-compiled PDF", "Pre-compiled PDF", "")
    assert (template.type, template.archived) == (TemplateType.LETTER, True)
    with accepting.platform.work(read_only=True) as work:
        assert list(work.templates.of_service(accepting.service.id)) == [accepting.template]
    with pytest.raises(NotAllowed, match="Template has been deleted"):
        accepting.send(template_id=one.template_id)


def test_the_template_of_uploads_has_the_same_id_for_ever():
    service_id = UUID("6ce466d0-fd6a-11e5-82f5-e0accb9d11a6")
    assert str(id_of_upload_template(service_id)) == "2b5d5e43-ad32-57b4-a426-99101ae7840a"


@pytest.mark.parametrize("content", ["%", "YQ", "YQ=", "YQ==\n!", "YQ==YQ==", "\u0175\u0175\u0175\u0175"])
def test_what_is_not_base64(accepting, content):
    with pytest.raises(NotAllowed) as caught:
        accepting.upload(content=content)
    assert str(caught.value) == "Cannot decode letter content (invalid base64 encoding)"
    assert (accepting.letters, accepting.files) == ([], {})


@pytest.mark.parametrize("pdf", [b"", b"PK\x03\x04 a zip", b"x" * 1024 + b"%PDF-1.7"])
def test_what_is_no_pdf(accepting, pdf):
    with pytest.raises(InvalidValue, match="content is not a PDF"):
        uploaded_pdf(base64.b64encode(pdf).decode())


def test_a_mark_that_does_not_come_first_is_found():
    assert uploaded_pdf(base64.b64encode(b"\xef\xbb\xbf%PDF-1.7").decode()) == b"\xef\xbb\xbf%PDF-1.7"


def test_lines_as_in_emails_are_base64():
    pdf = b"%PDF-1.7" + bytes(100)
    assert uploaded_pdf(base64.encodebytes(pdf).decode().replace("\n", "\r\n")) == pdf


def test_a_store_that_is_away_accepts_nothing(accepting):
    accepting.change_service(message_limit={"letter": 1})
    accepting.store.fail_with(TransientError("away"))
    with pytest.raises(TransientError):
        accepting.upload()
    assert (accepting.letters, accepting.tasks) == ([], [])
    # It has not been counted.
    assert accepting.upload()


@pytest.mark.parametrize("steps", [0, 1])
def test_a_process_that_dies_has_accepted_nothing_and_the_next_request_is_met(accepting, steps):
    accepting.platform.steps.last = steps
    with pytest.raises(Killed):
        accepting.upload()

    assert (accepting.letters, accepting.tasks) == ([], [])
    # A file that was put away stays behind, and is nobody's.
    orphans = set(accepting.files)
    assert len(orphans) == steps

    letter = accepting.upload().letter
    accepting.platform.run_until_idle()
    assert accepting.letters[0].status is LetterStatus.CREATED
    assert letter.id == accepting.letters[0].id
    assert orphans <= set(accepting.files)
