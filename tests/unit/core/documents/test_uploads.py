from base64 import b64encode
from datetime import timedelta
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify_core.documents.policies import LARGEST, check_set_up, read_uploads, refuse_files
from notify_core.kernel.errors import InvalidValue, NotAllowed
from notify_core.testing.builders import a_service

PDF = b"%PDF-1.7 a letter"


def upload(content=PDF, **changes):
    return {"file": b64encode(content).decode()} | changes


def read(content=PDF, **changes):
    return read_uploads({"link": upload(content, **changes)})["link"]


def refusal(**changes):
    with pytest.raises(NotAllowed) as refused:
        read(**changes)
    return str(refused.value)


def test_what_the_official_client_makes_is_read():
    client = pytest.importorskip("notifications_python_client")
    made = client.prepare_upload(BytesIO(PDF), filename="letter.pdf", retention_period="4 weeks")
    found = read_uploads({"link": made, "name": "Grace", "nothing": None})

    assert set(found) == {"link"}
    assert found["link"].content == PDF
    assert (found["link"].filename, found["link"].mime) == ("letter.pdf", "application/pdf")
    assert (found["link"].confirm, found["link"].available) == (True, timedelta(weeks=4))


def test_what_is_not_said_is_careful():
    found = read()
    assert (found.confirm, found.available, found.filename) == (True, timedelta(weeks=26), None)
    nothing = dict.fromkeys(("filename", "is_csv", "confirm_email_before_download", "retention_period"))
    assert read(**nothing) == found


@pytest.mark.parametrize(("given", "weeks"), [("1 week", 1), ("1 weeks", 1), (" 78 WEEKS ", 78), ("52 weeks", 52)])
def test_how_long_it_is_kept(given, weeks):
    assert read(retention_period=given).available == timedelta(weeks=weeks)


@pytest.mark.parametrize(
    "given", ["0 weeks", "79 weeks", "1000 weeks", "4", "weeks", "4 days", "-1 weeks", "", 4, ["4 weeks"]]
)
def test_no_other_times(given):
    said = refusal(retention_period=given)
    assert said == f"Unsupported value for retention_period '{given}'. Supported periods are from 1 to 78 weeks."


def test_whether_its_recipient_is_asked():
    assert read(confirm_email_before_download=True).confirm
    assert not read(confirm_email_before_download=False).confirm
    for value in ("false", 0, ""):
        assert refusal(confirm_email_before_download=value) == (
            f"Unsupported value for confirm_email_before_download: '{value}'. Use a boolean true or false value."
        )


def test_a_table_without_a_name():
    assert read(b"a,b", is_csv=True).mime == "text/csv"
    assert read(b"a,b", is_csv=False).mime == "text/plain"
    assert refusal(is_csv="yes") == "Value for is_csv must be a boolean"


def test_names():
    assert read(filename="Llythyr i Siân.PDF").filename == "Llythyr i Siân.PDF"
    assert read(filename="a" * 96 + ".pdf").filename == "a" * 96 + ".pdf"
    assert refusal(filename="a" * 97 + ".pdf") == "`filename` cannot be longer than 100 characters"
    for value in ("letter", 7):
        expected = "`filename` must end with a file extension. For example, filename.csv"
        assert refusal(filename=value) == expected
    assert refusal(filename="letter.exe").startswith("Unsupported file type '.exe'.")


def test_a_name_is_no_path_and_no_header():
    assert read(filename='../../etc\\a"b\r\nX: y\0\ud800.pdf').filename == ".._.._etc_a_b__X_ y_\ufffd.pdf"


def test_size():
    assert len(read(PDF.ljust(LARGEST)).content) == LARGEST
    for content in (PDF.ljust(LARGEST + 1), PDF.ljust(LARGEST + 3), PDF.ljust(LARGEST + 4)):
        assert refusal(content=content) == "File is larger than 2MB"


def test_line_ends_in_base64_are_no_part_of_it():
    encoded = b64encode(PDF).decode()
    assert read_uploads({"link": {"file": f"{encoded[:8]}\r\n{encoded[8:]}\n"}})["link"].content == PDF


@pytest.mark.parametrize("given", ["%%%%", "abc", "é", 7, None, ["YQ=="], {"file": "YQ=="}])
def test_what_is_no_base64(given):
    assert refusal(file=given) == "Document is not base64 encoded"


def test_unknown_keys_are_refused():
    with pytest.raises(InvalidValue, match=r"^Additional properties are not allowed \(retention was unexpected\)$"):
        read(retention="4 weeks")
    with pytest.raises(InvalidValue, match=r"^Additional properties are not allowed \(a, b were unexpected\)$"):
        read(b=1, a=2)


def test_only_emails_carry_files():
    refuse_files({"name": "Grace", "list": ["file"], "object": {"name": "file"}})
    with pytest.raises(NotAllowed, match=r"^Can only send a file by email$"):
        refuse_files({"name": "Grace", "link": upload()})


def test_a_service_says_first_whom_to_ask():
    service = a_service(contact_link=None)
    with pytest.raises(NotAllowed) as refused:
        check_set_up(service, "https://admin.example")
    assert str(refused.value) == (
        "Send files by email has not been set up - add contact details for your service at "
        f"https://admin.example/services/{service.id}/service-settings/send-files-by-email"
    )
    check_set_up(a_service(contact_link="https://floods.example/contact"), "https://admin.example")


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.binary().map(lambda b: b64encode(b).decode()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
NAMES = ("file", "filename", "is_csv", "confirm_email_before_download", "retention_period")


@given(st.fixed_dictionaries({"file": anything}, optional=dict.fromkeys(NAMES[1:], anything)))
def test_whatever_is_handed_in_is_a_file_or_refused(given):
    try:
        found = read_uploads({"link": given})["link"]
    except (NotAllowed, InvalidValue):
        return
    assert timedelta(weeks=1) <= found.available <= timedelta(weeks=78)
