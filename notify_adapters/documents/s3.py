"""Files that go by email, encrypted in a bucket of Amazon S3."""

from collections.abc import Mapping

from notify_adapters.documents.on_objects import DocumentsOnObjects
from notify_adapters.objects import s3_bucket
from notify_adapters.objects.s3_bucket import S3Objects
from notify_adapters.options import known, required
from notify_core.documents.ports import DocumentStore

OPTIONS: Mapping[str, str] = {"bucket": "where the files lie, encrypted", **s3_bucket.OPTIONS}


def build(options: Mapping[str, str]) -> DocumentStore:
    known(options, *OPTIONS)
    return DocumentsOnObjects(S3Objects(s3_bucket.make_client(options), required(options, "bucket")))
