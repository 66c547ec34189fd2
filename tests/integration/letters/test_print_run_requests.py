"""What collating asks of S3, counted where requests are made."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from moto import mock_aws
from moto.backends import get_backend
from moto.core import DEFAULT_ACCOUNT_ID

from notify_adapters.letter_store import s3
from notify_adapters.storage.sql.unit_of_work import SqlStorage
from notify_core.letters.model import Bucket, Location, Postage
from notify_core.letters.policies.naming import upload_name
from notify_core.letters.tasks.printing import FindLettersToPrint
from notify_core.letters.use_cases.printing import FindLetters
from notify_core.testing.builders import a_letter
from notify_core.testing.fakes.clock import FakeClock
from notify_core.testing.fakes.metrics import MemoryMetrics
from notify_core.testing.fakes.secrets import MemorySecrets

DEADLINE = datetime(2026, 1, 5, 17, 30, tzinfo=UTC)
OPTIONS = {f"{bucket.name.lower()}_bucket": f"notify-{bucket}" for bucket in Bucket}
OPTIONS |= {"region": "eu-west-1", "access_key_id": "test", "secret_access_key": "test"}


class House:
    def __init__(self, engine):
        self.work = SqlStorage(engine, MemorySecrets())
        self.store = s3.build(OPTIONS)
        self.requests = []
        self._objects = get_backend("s3")[DEFAULT_ACCOUNT_ID]["aws"]

    def count(self):
        events = self.store._places[Bucket.PDF]._client().meta.events
        events.register("request-created.s3", lambda request, **_: self.requests.append(request.method))

    def given(self, number, created_at, *, older_names=False, due=True):
        letters = []
        for _ in range(number):
            letter = a_letter(created_at=created_at)
            key = upload_name(Bucket.PDF, letter.file_reference, created_at)
            key = key.replace(".C.", ".C.N.") if older_names else key
            self._objects.put_object("notify-letters-pdf", key, b"%PDF")
            letters.append(replace(letter, pdf=Location(Bucket.PDF, key), pdf_bytes=4))
        if due:
            with self.work() as work:
                work.letters.add_many(letters)
                work.commit()

    def find(self):
        find = FindLetters(self.work, FakeClock(DEADLINE + timedelta(minutes=20)), MemoryMetrics(), self.store)
        find._search_for_a_while(FindLettersToPrint(DEADLINE.isoformat()))
        with self.work(read_only=True) as work:
            return len(work.letters_to_print.ungrouped(DEADLINE, Postage.SECOND, 10_000))


@pytest.fixture
def house(sqlite_engine):
    with mock_aws():
        client = boto3.client("s3", "eu-west-1", aws_access_key_id="test", aws_secret_access_key="test")
        for bucket in Bucket:
            client.create_bucket(
                Bucket=f"notify-{bucket}", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
            )
        made = House(sqlite_engine)
        made.count()
        yield made


def test_a_days_letters_cost_a_listing_of_every_thousand_and_no_file_is_read(house):
    house.given(1_200, DEADLINE - timedelta(hours=1))
    house.given(1_200, DEADLINE - timedelta(hours=1), older_names=True)
    assert house.find() == 2_400
    assert house.requests == ["GET"] * 3


def test_stragglers_of_an_old_folder_cost_one_request_each(house):
    house.given(2_500, DEADLINE - timedelta(days=3, hours=1), due=False)
    house.given(2, DEADLINE - timedelta(days=3, hours=1))
    house.given(900, DEADLINE - timedelta(hours=1))
    assert house.find() == 902
    assert house.requests == ["GET"] * (2 + 1)
