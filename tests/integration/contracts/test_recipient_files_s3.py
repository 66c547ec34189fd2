"""S3 by moto: in this process, and over real HTTP with the standard endpoint variable."""

import pytest
from moto import mock_aws
from moto.backends import get_backend
from moto.core import DEFAULT_ACCOUNT_ID

from notify_adapters.options import BadOption
from notify_adapters.recipient_files.s3 import build
from notify_core.kernel.ids import JobId, ServiceId
from notify_core.testing.builders import an_id
from notify_core.testing.contracts.recipient_files import CSV, METADATA, RecipientFilesContract

OPTIONS = {"bucket": "notify-jobs", "access_key_id": "testing", "secret_access_key": "testing", "attempts": "1"}


def s3_backend():
    return get_backend("s3")[DEFAULT_ACCOUNT_ID]["aws"]


# Making a client takes longer than a test.
@pytest.fixture(scope="module")
def files_here():
    return build(OPTIONS)


@pytest.fixture(scope="module")
def files_over_http(running_moto):
    files = build(OPTIONS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL_S3", running_moto.url)
        assert files._place._client().meta.endpoint_url == running_moto.url
    return files


class S3RecipientFiles(RecipientFilesContract):
    @pytest.fixture(autouse=True)
    def _buckets(self, remove_buckets):
        self.remove_buckets = remove_buckets

    def make_it_refuse(self, files):
        self.remove_buckets()


class TestS3RecipientFilesInProcess(S3RecipientFiles):
    can_fail = False  # nothing is in between

    @pytest.fixture
    def files(self, files_here):
        with mock_aws():
            s3_backend().create_bucket("notify-jobs", "eu-west-2")
            yield files_here

    def test_files_are_encrypted_in_a_folder_of_their_service(self, files):
        service, job = ServiceId(an_id()), JobId(an_id())
        files.put(service, job, CSV, METADATA)

        stored = s3_backend().get_object("notify-jobs", f"{service}/{job}.csv")
        assert stored.encryption == "AES256"


class TestS3RecipientFilesOverHttp(S3RecipientFiles):
    @pytest.fixture
    def files(self, moto_server, files_over_http):
        self.server = moto_server
        s3_backend().create_bucket("notify-jobs", "eu-west-2")
        return files_over_http

    def make_it_fail(self, files):
        self.server.down = True

    def test_thousands_are_deleted_by_the_thousand(self, files):
        files.delete(ServiceId(an_id()), [JobId(an_id()) for _ in range(2_500)])
        assert len(self.server.requests) == 3


def test_options_are_checked():
    with pytest.raises(BadOption, match="bucket"):
        build({name: value for name, value in OPTIONS.items() if name != "bucket"})
    with pytest.raises(BadOption, match="path"):
        build(OPTIONS | {"path": "here"})
