"""Jobs' files in a bucket of Amazon S3."""

from collections.abc import Mapping

from notify_adapters.objects import s3_bucket
from notify_adapters.objects.s3_bucket import S3Objects
from notify_adapters.options import known, required
from notify_adapters.recipient_files.on_objects import RecipientFilesOnObjects
from notify_core.jobs.ports import RecipientFiles

OPTIONS: Mapping[str, str] = {"bucket": "where the files lie, encrypted at rest", **s3_bucket.OPTIONS}


def build(options: Mapping[str, str]) -> RecipientFiles:
    known(options, *OPTIONS)
    return RecipientFilesOnObjects(S3Objects(s3_bucket.make_client(options), required(options, "bucket")))
