"""S3 by moto: in this process, and over real HTTP with the standard endpoint variable."""

import pytest
from moto import mock_aws
from moto.backends import get_backend
from moto.core import DEFAULT_ACCOUNT_ID

from notify_adapters.documents.s3 import build
from notify_adapters.options import BadOption
from notify_core.testing.contracts.document_store import KEY, LETTER, DocumentStoreContract, a_place

OPTIONS = {"bucket": "notify-documents", "access_key_id": "testing", "secret_access_key": "testing", "attempts": "1"}


def s3_backend():
    return get_backend("s3")[DEFAULT_ACCOUNT_ID]["aws"]


# Making a client takes longer than a test.
@pytest.fixture(scope="module")
def store_here():
    return build(OPTIONS)


@pytest.fixture(scope="module")
def store_over_http(running_moto):
    store = build(OPTIONS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL_S3", running_moto.url)
        assert store._place._client().meta.endpoint_url == running_moto.url
    return store


class S3DocumentStore(DocumentStoreContract):
    @pytest.fixture(autouse=True)
    def _buckets(self, remove_buckets):
        self.remove_buckets = remove_buckets

    def raw(self, place):
        return s3_backend().get_object("notify-documents", _name(place)).value

    def replace(self, place, content):
        s3_backend().put_object("notify-documents", _name(place), content)

    def make_it_refuse(self, store):
        self.remove_buckets()


class TestS3DocumentStoreInProcess(S3DocumentStore):
    can_fail = False  # nothing is in between

    @pytest.fixture
    def store(self, store_here):
        with mock_aws():
            s3_backend().create_bucket("notify-documents", "eu-west-2")
            yield store_here

    def test_s3_encrypts_them_once_more(self, store):
        place = a_place()
        store.put(place, LETTER, key=KEY)

        assert s3_backend().get_object("notify-documents", _name(place)).encryption == "AES256"


class TestS3DocumentStoreOverHttp(S3DocumentStore):
    @pytest.fixture
    def store(self, moto_server, store_over_http):
        self.server = moto_server
        s3_backend().create_bucket("notify-documents", "eu-west-2")
        return store_over_http

    def make_it_fail(self, store):
        self.server.down = True

    def test_thousands_are_deleted_by_the_thousand(self, store):
        store.delete([a_place() for _ in range(2_500)])
        assert len(self.server.requests) == 3


def _name(place):
    return f"{place.service_id}/{place.document_id}"


def test_options_are_checked():
    with pytest.raises(BadOption, match="bucket"):
        build({name: value for name, value in OPTIONS.items() if name != "bucket"})
    with pytest.raises(BadOption, match="path"):
        build(OPTIONS | {"path": "here"})
