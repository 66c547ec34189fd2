"""Letters in buckets of Amazon S3."""

from collections.abc import Mapping

from notify_adapters.letter_store.on_objects import LetterStoreOnObjects
from notify_adapters.objects import s3_bucket
from notify_adapters.objects.s3_bucket import S3Objects
from notify_adapters.options import BadOption, known, required
from notify_core.letters.model import Bucket
from notify_core.letters.ports import LetterStore

BUCKETS: Mapping[str, Bucket] = {f"{bucket.name.lower()}_bucket": bucket for bucket in Bucket}

OPTIONS: Mapping[str, str] = {
    "pdf_bucket": "letters for the printer",
    "test_bucket": "letters made with test keys",
    "scan_bucket": "uploaded letters until they are scanned",
    "sanitise_bucket": "what sanitising them wrote",
    "invalid_bucket": "uploaded letters that failed validation",
    "response_bucket": "the printer's answers",
    **s3_bucket.OPTIONS,
}


def build(options: Mapping[str, str]) -> LetterStore:
    known(options, *OPTIONS)
    names = {bucket: required(options, option) for option, bucket in BUCKETS.items()}
    if len(set(names.values())) < len(names):
        raise BadOption(f"the options {', '.join(BUCKETS)} must name different buckets")
    client = s3_bucket.make_client(options)
    return LetterStoreOnObjects({bucket: S3Objects(client, name) for bucket, name in names.items()})
