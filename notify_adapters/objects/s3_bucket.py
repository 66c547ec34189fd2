"""Objects in a bucket of Amazon S3, or of what speaks like it."""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from typing import TYPE_CHECKING, Any

from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    ParamValidationError,
    PartialCredentialsError,
)

from notify_adapters import aws
from notify_adapters.objects import PIECE, Found, NoSuchObject, is_plain
from notify_adapters.options import choice, integer
from notify_core.kernel.errors import PermanentError, TransientError

if TYPE_CHECKING:  # stubs, installed for development only
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CopyObjectRequestTypeDef, ListObjectsV2RequestTypeDef

OPTIONS: Mapping[str, str] = {
    **aws.OPTIONS,
    "attempts": "how often a request is made before it counts as failed (default 3)",
    "addressing_style": "auto, path or virtual: where the bucket stands in an address (other services may want path)",
}

_BATCH = 1000
_ATTEMPTS = 3
_MISSING = frozenset({"NoSuchKey", "NotFound", "404"})
_BUSY = frozenset(
    {
        *("SlowDown", "RequestTimeout", "Throttling", "ThrottlingException", "OperationAborted"),
        # With a status of its own, except where it is about one key of many.
        *("InternalError", "ServiceUnavailable"),
    }
)
_HTTP_TOO_MANY, _HTTP_SERVER_ERROR = 429, 500


def make_client(options: Mapping[str, str]) -> "aws.LazyClient[S3Client]":
    """A client from an adapter's options (``OPTIONS``). Everything asked of S3 here may be asked again.

    :raises BadOption: an option is not what it must be, or there are no credentials.
    """
    # Any: botocore's types want one of these words, not a text.
    style: Any = choice(options, "addressing_style", "auto", ("auto", "path", "virtual"))
    settings = aws.settings(options, attempts=integer(options, "attempts", _ATTEMPTS, minimum=1))
    aws.require_credentials(settings)
    client: aws.LazyClient[S3Client] = aws.LazyClient(
        lambda: aws.make_client("s3", settings, also=Config(s3={"addressing_style": style}))
    )
    return client


class S3Objects:
    def __init__(self, client: "aws.LazyClient[S3Client]", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def put(self, key: str, content: bytes, metadata: Mapping[str, str]) -> None:
        with self._translated(key):
            self._client().put_object(
                Bucket=self._bucket,
                Key=key,
                Body=content,
                Metadata=_encoded(metadata),
                ServerSideEncryption="AES256",
            )

    def listing(self, prefix: str, *, at_most: int | None = None, behind: str = "") -> Iterator[Found]:
        request: ListObjectsV2RequestTypeDef = {"Bucket": self._bucket, "Prefix": prefix}
        if at_most is not None:
            request["MaxKeys"] = at_most
        if behind:
            request["StartAfter"] = behind
        while True:
            with self._translated(prefix):
                page = self._client().list_objects_v2(**request)
            for each in page.get("Contents", []):
                yield Found(each["Key"], each["Size"], each["LastModified"])
            if at_most is not None or not page["IsTruncated"]:
                return
            request["ContinuationToken"] = page["NextContinuationToken"]

    @contextmanager
    def open(self, key: str) -> Iterator[Iterator[bytes]]:
        with self._translated(key):
            self._require_plain(key)
            body = self._client().get_object(Bucket=self._bucket, Key=key)["Body"]

        def pieces() -> Iterator[bytes]:
            while True:
                with self._translated(key):
                    piece = body.read(PIECE)
                if not piece:
                    return
                yield piece

        try:
            yield pieces()
        finally:
            body.close()

    def metadata(self, key: str) -> Mapping[str, str]:
        self._require_plain(key)
        try:
            with self._translated(key):
                return _decoded(self._client().head_object(Bucket=self._bucket, Key=key)["Metadata"])
        except NoSuchObject:
            self._require_bucket()
            raise

    def copy(self, source: "S3Objects", source_key: str, key: str, metadata: Mapping[str, str] | None) -> None:
        request: CopyObjectRequestTypeDef = {
            "Bucket": self._bucket,
            "Key": key,
            "CopySource": {"Bucket": source._bucket, "Key": source_key},  # noqa: SLF001 - one of us
            "ServerSideEncryption": "AES256",
        }
        if metadata is not None:
            request["MetadataDirective"] = "REPLACE"
            request["Metadata"] = _encoded(metadata)
        self._require_plain(source_key)
        with self._translated(source_key, f"{source._bucket} to {self._bucket}"):  # noqa: SLF001 - one of us
            self._client().copy_object(**request)

    def delete(self, keys: Sequence[str]) -> None:
        plain = [key for key in keys if is_plain(key)]
        codes: list[str] = []
        for start in range(0, len(plain), _BATCH):
            batch = plain[start : start + _BATCH]
            with self._translated(batch[0]):
                answer = self._client().delete_objects(
                    Bucket=self._bucket, Delete={"Objects": [{"Key": key} for key in batch], "Quiet": True}
                )
            codes += (error.get("Code", "") for error in answer.get("Errors", []))
        if codes:
            # Again as long as that does any good: what is deleted by then is no error.
            kind = PermanentError if _BUSY.isdisjoint(codes) else TransientError
            listed = ", ".join(dict.fromkeys(codes))
            raise kind(f"bucket {self._bucket}: {len(codes)} of {len(plain)} were not deleted: {listed}")

    @staticmethod
    def _require_plain(key: str) -> None:
        if not is_plain(key):
            raise NoSuchObject(key)

    def _require_bucket(self) -> None:
        """A HEAD's answer has no body that could say what is missing, the object or the bucket.

        :raises PermanentError: it is the bucket.
        """
        try:
            with suppress(PermanentError), self._translated(""):  # who may not look is none the wiser
                self._client().head_bucket(Bucket=self._bucket)
        except NoSuchObject:
            raise PermanentError(f"bucket {self._bucket} does not exist") from None

    @contextmanager
    def _translated(self, key: str, shown: str = "") -> Iterator[None]:
        """``shown`` is what messages call the place, where it is not this bucket alone."""
        place = f"bucket {shown or self._bucket}"
        try:
            yield
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            if code in _MISSING:
                raise NoSuchObject(key) from None
            if status >= _HTTP_SERVER_ERROR or status == _HTTP_TOO_MANY or code in _BUSY:
                raise TransientError(f"{place}: {error}") from error
            raise PermanentError(f"{place}: {error}") from error
        except (NoCredentialsError, PartialCredentialsError, ParamValidationError) as error:
            raise PermanentError(f"{place}: {error}") from error
        except BotoCoreError as error:
            raise TransientError(f"{place}: {type(error).__name__}: {error}") from error


def _encoded(metadata: Mapping[str, str]) -> dict[str, str]:
    return {name: text if _is_header(text) else _encoded_word(text) for name, text in metadata.items()}


def _is_header(text: str) -> bool:
    """Whether an HTTP header carries it unchanged."""
    return text.isascii() and text.isprintable() and text == text.strip() and "=?" not in text


def _encoded_word(text: str) -> str:
    """As RFC 2047 has it, and S3 itself where it meets such metadata."""
    return f"=?UTF-8?B?{b64encode(text.encode()).decode()}?="


def _decoded(metadata: Mapping[str, str]) -> Mapping[str, str]:
    return {name: _decoded_words(text) if "=?" in text else text for name, text in metadata.items()}


def _decoded_words(text: str) -> str:
    try:
        return str(make_header(decode_header(text)))
    except (HeaderParseError, LookupError, UnicodeError):
        return text  # somebody else's
