"""S3 by moto: in this process, and over real HTTP with the standard endpoint variable."""

import pytest
from moto import mock_aws
from moto.backends import get_backend
from moto.core import DEFAULT_ACCOUNT_ID

from notify_adapters.letter_store.s3 import BUCKETS as OPTION_BUCKETS
from notify_adapters.letter_store.s3 import build
from notify_adapters.options import BadOption
from notify_core.kernel.errors import PermanentError, TransientError
from notify_core.letters.model import Bucket, Location
from notify_core.letters.ports import LetterPdfNotFound
from notify_core.testing.contracts.letter_store import NAME, PDF, LetterStoreContract

BUCKETS = {option: f"notify-{bucket}" for option, bucket in OPTION_BUCKETS.items()}
OPTIONS = {**BUCKETS, "access_key_id": "testing", "secret_access_key": "testing", "attempts": "1"}


def s3_backend():
    return get_backend("s3")[DEFAULT_ACCOUNT_ID]["aws"]


def make_buckets():
    for name in BUCKETS.values():
        s3_backend().create_bucket(name, "eu-west-2")


def client_of(store):
    return store._places[Bucket.PDF]._client()


class S3LetterStore(LetterStoreContract):
    def fill(self, store, bucket, keys):
        # Thousands of requests would test moto, and slowly.
        for key in keys:
            s3_backend().put_object(f"notify-{bucket}", key, PDF)

    @pytest.fixture(autouse=True)
    def _buckets(self, remove_buckets):
        self.remove_buckets = remove_buckets

    def make_it_refuse(self, store):
        self.remove_buckets()


# Making a client takes longer than a test.
@pytest.fixture(scope="module")
def store_here():
    return build(OPTIONS)


@pytest.fixture(scope="module")
def store_over_http(running_moto):
    store = build(OPTIONS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL_S3", running_moto.url)
        assert client_of(store).meta.endpoint_url == running_moto.url
    return store


@pytest.fixture
def store(store_here):
    with mock_aws():
        make_buckets()
        yield store_here


class TestS3LetterStoreInProcess(S3LetterStore):
    can_fail = False  # nothing is in between

    @pytest.fixture
    def store(self, store):
        self.sent = []
        events = client_of(store).meta.events
        events.register("request-created.s3", self.count)
        yield store
        events.unregister("request-created.s3", self.count)

    def count(self, **_request):
        self.sent.append(1)

    def requests(self, store):
        return len(self.sent)


class TestS3LetterStoreOverHttp(S3LetterStore):
    underscores = False  # moto's server is behind WSGI

    @pytest.fixture
    def store(self, moto_server, store_over_http):
        self.server = moto_server
        make_buckets()
        return store_over_http

    def make_it_fail(self, store):
        self.server.down = True

    def requests(self, store):
        return len(self.server.requests)


class TestAtRest:
    def test_everything_is_encrypted_a_moved_file_too(self, store):
        store.put(Bucket.SCAN, "A", PDF)
        stored = s3_backend().get_object("notify-scan", "A")
        assert stored.encryption == "AES256"

        store.move(Location(Bucket.SCAN, "A"), Location(Bucket.PDF, NAME))
        assert s3_backend().get_object("notify-letters-pdf", NAME).encryption == "AES256"

    def test_metadata_in_other_alphabets_are_written_as_s3_itself_would(self, store):
        store.put(Bucket.INVALID, "A", PDF, {"message": "ŵ", "invalid_pages": "[1, 2]"})
        stored = client_of(store).head_object(Bucket="notify-invalid-pdf", Key="A")["Metadata"]
        assert stored == {"message": "=?UTF-8?B?xbU=?=", "invalid_pages": "[1, 2]"}

    def test_metadata_that_nobody_can_decode_are_left_as_they_are(self, store):
        odd = {"message": "=?klingon?B?xbU=?="}
        client_of(store).put_object(Bucket="notify-scan", Key="A", Body=b"", Metadata=odd)
        assert store.metadata(Bucket.SCAN, "A") == odd


class TestRefusals:
    def test_a_bucket_that_does_not_exist_is_no_use_to_try_again(self, store_here):
        with mock_aws(), pytest.raises(PermanentError, match=r"notify-letters-pdf.*NoSuchBucket"):
            store_here.put(Bucket.PDF, NAME, PDF)

    def test_a_bare_404_is_not_taken_for_a_missing_file_where_it_is_the_bucket_that_is_missing(
        self, loopback, monkeypatch
    ):
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", loopback.url)
        loopback.answer_with(404, b"")
        with pytest.raises(PermanentError, match="bucket notify-letters-pdf does not exist"):
            build(OPTIONS).metadata(Bucket.PDF, NAME)

    def test_moving_into_a_bucket_that_does_not_exist_names_it(self, store):
        store.put(Bucket.SCAN, "A", PDF)
        s3_backend().delete_bucket("notify-letters-pdf")
        with pytest.raises(PermanentError, match="notify-letters-pdf"):
            store.move(Location(Bucket.SCAN, "A"), Location(Bucket.PDF, NAME))

    def test_who_may_not_look_at_the_bucket_is_told_of_a_missing_file_all_the_same(self, loopback, monkeypatch):
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", loopback.url)
        loopback.respond = lambda path, *_: (404 if path.endswith(NAME) else 403, {}, b"")
        with pytest.raises(LetterPdfNotFound):
            build(OPTIONS).metadata(Bucket.PDF, NAME)

    def test_a_refused_connection_is_worth_another_try(self, monkeypatch):
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")
        with pytest.raises(TransientError, match="EndpointConnectionError"):
            build(OPTIONS).get(Bucket.PDF, NAME)

    def test_without_credentials_nothing_is_sent(self, monkeypatch, tmp_path):
        for variable in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
            monkeypatch.setenv(variable, str(tmp_path / "none"))
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        for variable in ("AWS_ACCESS_KEY_ID", "AWS_PROFILE"):
            monkeypatch.delenv(variable, raising=False)
        with pytest.raises(BadOption, match="there are no AWS credentials"):
            build(BUCKETS)

    def test_a_file_not_deleted_is_worth_another_try(self, loopback, monkeypatch):
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", loopback.url)
        loopback.answer_with(200, b"<DeleteResult><Error><Key>A</Key><Code>InternalError</Code></Error></DeleteResult>")
        with pytest.raises(TransientError, match="1 of 2 were not deleted: InternalError"):
            build(OPTIONS).delete(Bucket.PDF, ["A", "B"])

    def test_a_file_that_must_not_be_deleted_is_no_use_to_try_again(self, loopback, monkeypatch):
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", loopback.url)
        loopback.answer_with(200, b"<DeleteResult><Error><Key>A</Key><Code>AccessDenied</Code></Error></DeleteResult>")
        with pytest.raises(PermanentError, match="notify-letters-pdf: 1 of 2 were not deleted: AccessDenied"):
            build(OPTIONS).delete(Bucket.PDF, ["A", "B"])

    def test_as_long_as_some_of_them_may_be_deleted_later_it_is_worth_another_try(self, loopback, monkeypatch):
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", loopback.url)
        codes = {"A": "AccessDenied", "B": "SlowDown"}
        errors = "".join(f"<Error><Key>{key}</Key><Code>{code}</Code></Error>" for key, code in codes.items())
        loopback.answer_with(200, f"<DeleteResult>{errors}</DeleteResult>".encode())
        with pytest.raises(TransientError, match="2 of 2 were not deleted: AccessDenied, SlowDown"):
            build(OPTIONS).delete(Bucket.PDF, ["A", "B"])

    def test_one_that_must_not_be_deleted_keeps_none_of_the_others(self, loopback, monkeypatch):
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", loopback.url)
        loopback.answer_with(200, b"<DeleteResult><Error><Key>A</Key><Code>AccessDenied</Code></Error></DeleteResult>")
        with pytest.raises(PermanentError):
            build(OPTIONS).delete(Bucket.PDF, [str(number) for number in range(2_500)])
        assert len(loopback.arrived) == 3

    @pytest.mark.parametrize(
        ("status", "code", "error"),
        [
            (503, "SlowDown", TransientError),
            (500, "InternalError", TransientError),
            (429, "TooManyRequests", TransientError),
            (400, "RequestTimeout", TransientError),
            (403, "AccessDenied", PermanentError),
            (400, "InvalidArgument", PermanentError),
        ],
    )
    def test_what_may_work_later_is_told_from_what_never_will(self, loopback, monkeypatch, status, code, error):
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", loopback.url)
        loopback.answer_with(status, f"<Error><Code>{code}</Code></Error>".encode())
        with pytest.raises(error, match=code):
            build(OPTIONS).get(Bucket.PDF, NAME)
        assert len(loopback.arrived) == 1

    def test_what_fails_once_is_tried_again(self, loopback, monkeypatch):
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", loopback.url)
        answers = [(503, {}, b""), (200, {}, PDF)]
        loopback.respond = lambda *_: answers.pop(0)
        assert build(OPTIONS | {"attempts": "2"}).get(Bucket.PDF, NAME) == PDF

    def test_an_answer_that_breaks_off_is_worth_another_try(self, loopback, monkeypatch):
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", loopback.url)
        loopback.answer_with(200, PDF, {"Content-Length": "1000", "Connection": "close"})
        with pytest.raises(TransientError):
            build(OPTIONS | {"read_timeout": "0.5"}).get(Bucket.PDF, NAME)


class TestOptions:
    @pytest.mark.parametrize("option", BUCKETS)
    def test_every_bucket_must_be_named(self, option):
        with pytest.raises(BadOption, match=option):
            build({name: value for name, value in OPTIONS.items() if name != option})

    def test_two_buckets_cannot_be_the_same(self):
        with pytest.raises(BadOption, match="different buckets"):
            build(OPTIONS | {"scan_bucket": OPTIONS["test_bucket"]})

    @pytest.mark.parametrize(
        "wrong",
        [{"adressing_style": "path"}, {"addressing_style": "sideways"}, {"attempts": "0"}, {"read_timeout": "x"}],
    )
    def test_the_others_are_checked(self, wrong):
        with pytest.raises(BadOption, match=next(iter(wrong))):
            build(OPTIONS | wrong)

    @pytest.mark.parametrize(("style", "host"), [("path", "localhost"), ("virtual", "notify-letters-pdf.localhost")])
    def test_where_the_bucket_stands_in_an_address(self, monkeypatch, style, host):
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://localhost:5000")
        client = client_of(build(OPTIONS | {"addressing_style": style}))
        url = client.generate_presigned_url("get_object", Params={"Bucket": "notify-letters-pdf", "Key": "A"})
        assert url.startswith(f"http://{host}:5000/")
