"""How every store of letters behaves."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest

from notify_core.kernel.errors import InvalidValue, NotFound, PermanentError, TransientError
from notify_core.letters.model import Bucket, Location, Postage
from notify_core.letters.policies import search_prefix, upload_name
from notify_core.letters.ports import LetterPdfNotFound, LetterStore

MADE = datetime(2017, 12, 4, 17, 29, tzinfo=UTC)
PDF = b"%PDF-1.7\n\x00\xff\r\n%%EOF\n"
NAME = upload_name(Bucket.PDF, "foo", MADE)
OLDER_NAME = NAME.replace(".C.", ".C.C.")


class LetterStoreContract:
    """Supply ``store``, empty; where ``can_fail`` also :meth:`make_it_fail`; where ``can_refuse`` also
    :meth:`make_it_refuse`; where ``counts_requests`` also :meth:`requests`."""

    #: Whether something is on the other side that may be down.
    can_fail: ClassVar[bool] = True
    #: Whether something is on the other side that may turn us away.
    can_refuse: ClassVar[bool] = True
    #: Whether there are requests that could be counted.
    counts_requests: ClassVar[bool] = True
    #: Whether ``a`` and ``a/b`` may both be keys.
    keys_may_be_folders: ClassVar[bool] = True
    #: Whether names of metadata may have underscores; what is served through WSGI takes them for dashes.
    underscores: ClassVar[bool] = True

    @pytest.fixture
    def store(self) -> LetterStore:
        raise NotImplementedError

    def make_it_fail(self, store: LetterStore) -> None:
        """From now on the store is not there."""
        raise NotImplementedError

    def make_it_refuse(self, store: LetterStore) -> None:
        """From now on the store is there, but not for us: our rights are gone, or all of its buckets."""
        raise NotImplementedError

    def requests(self, store: LetterStore) -> int:
        """How many requests were sent until now."""
        raise NotImplementedError

    def fill(self, store: LetterStore, bucket: Bucket, keys: Sequence[str]) -> None:
        """Put ``PDF`` under each key; for adapters whose other side can do that faster by itself."""
        for key in keys:
            store.put(bucket, key, PDF)

    # One file

    @pytest.mark.parametrize("bucket", Bucket)
    def test_a_file_comes_back_byte_for_byte(self, store: LetterStore, bucket: Bucket) -> None:
        store.put(bucket, NAME, PDF)

        assert store.get(bucket, NAME) == PDF
        assert {each for each in Bucket if list(store.listing(each))} == {bucket}

    def test_an_empty_file_is_a_file(self, store: LetterStore) -> None:
        store.put(Bucket.PDF, NAME, b"")

        assert store.get(Bucket.PDF, NAME) == b""
        assert [stored.size for stored in store.listing(Bucket.PDF)] == [0]

    def test_a_later_file_replaces_the_earlier_one(self, store: LetterStore) -> None:
        store.put(Bucket.PDF, NAME, PDF * 2, {"page-count": "2"})
        store.put(Bucket.PDF, NAME, PDF)

        assert store.get(Bucket.PDF, NAME) == PDF
        assert store.metadata(Bucket.PDF, NAME) == {}
        assert len(list(store.listing(Bucket.PDF))) == 1

    def test_what_is_not_there_is_not_found_and_the_error_says_where(self, store: LetterStore) -> None:
        store.put(Bucket.PDF, OLDER_NAME, PDF)

        with pytest.raises(LetterPdfNotFound, match=f"scan.*{NAME}") as missing:
            store.get(Bucket.SCAN, NAME)
        assert (missing.value.bucket, missing.value.prefix) == (Bucket.SCAN, NAME)
        assert isinstance(missing.value, NotFound)
        with pytest.raises(LetterPdfNotFound):
            store.metadata(Bucket.PDF, NAME)
        with pytest.raises(LetterPdfNotFound), store.open(Bucket.PDF, NAME):
            pass
        with pytest.raises(LetterPdfNotFound):
            store.move(Location(Bucket.PDF, NAME), Location(Bucket.TEST, NAME))
        assert not list(store.listing(Bucket.TEST))

    @pytest.mark.parametrize("size", [0, 1, 64 * 1024, 1024 * 1024 + 1])
    def test_a_file_can_be_read_in_pieces(self, store: LetterStore, size: int) -> None:
        content = (b"%PDF-1.7\n" * (size // 9 + 1))[:size]
        store.put(Bucket.PDF, NAME, content, {"page-count": "2"})

        with store.open(Bucket.PDF, NAME) as pieces:
            read = list(pieces)

        assert b"".join(read) == content
        assert all(0 < len(piece) <= 64 * 1024 for piece in read)

    def test_reading_may_stop_in_the_middle(self, store: LetterStore) -> None:
        store.put(Bucket.PDF, NAME, PDF * 100_000)

        with store.open(Bucket.PDF, NAME) as pieces:
            assert next(pieces).startswith(PDF)

        assert store.get(Bucket.PDF, NAME) == PDF * 100_000

    # Metadata

    @pytest.mark.parametrize(
        "metadata",
        [
            {},
            {"message": "content-outside-printable-area", "invalid-pages": "[1, 2]", "page-count": "3"},
            {"message": "Mae\u2019r llythyr yn rhy hir: wyt ti\u2019n siŵr?"},
            {"message": " blanks around \n and a new line\t"},
            {"message": "=?utf-8?q?looks_encoded?="},
            {"message": "", "other": "100 % + more"},
        ],
        ids=["none", "ascii", "welsh", "blanks", "encoded", "empty"],
    )
    def test_metadata_come_back_as_stored(self, store: LetterStore, metadata: dict[str, str]) -> None:
        store.put(Bucket.INVALID, NAME, PDF, metadata)

        assert store.metadata(Bucket.INVALID, NAME) == metadata
        assert store.get(Bucket.INVALID, NAME) == PDF
        assert [stored.size for stored in store.listing(Bucket.INVALID)] == [len(PDF)]

    def test_names_of_metadata_may_have_underscores(self, store: LetterStore) -> None:
        if not self.underscores:
            return
        store.put(Bucket.INVALID, NAME, PDF, {"invalid_pages": "[1, 2]", "page_count": "3"})

        assert store.metadata(Bucket.INVALID, NAME) == {"invalid_pages": "[1, 2]", "page_count": "3"}

    # Keys

    @pytest.mark.parametrize("key", ["", "..", "../up", "/absolute", "a//b", "a/", "a/../../up", ".hidden", "a\0b"])
    def test_a_key_that_steps_out_of_its_bucket_is_refused(self, store: LetterStore, key: str) -> None:
        with pytest.raises(InvalidValue):
            store.put(Bucket.PDF, key, PDF)
        store.put(Bucket.PDF, NAME, PDF)
        with pytest.raises(InvalidValue):
            store.move(Location(Bucket.PDF, NAME), Location(Bucket.TEST, key))
        with pytest.raises(LetterPdfNotFound):
            store.get(Bucket.PDF, key)
        with pytest.raises(LetterPdfNotFound):
            store.metadata(Bucket.PDF, key)
        with pytest.raises(LetterPdfNotFound):
            store.move(Location(Bucket.PDF, key), Location(Bucket.TEST, NAME))
        store.delete(Bucket.PDF, [key])
        assert [stored.key for stored in store.listing(Bucket.PDF)] == [NAME]

    def test_a_key_that_is_the_folder_of_another(self, store: LetterStore) -> None:
        for first, second in (("a", "a/b"), ("c/d", "c")):
            store.put(Bucket.PDF, first, b"first")
            if self.keys_may_be_folders:
                store.put(Bucket.PDF, second, b"second")
                assert store.get(Bucket.PDF, second) == b"second"
            else:
                with pytest.raises(InvalidValue):
                    store.put(Bucket.PDF, second, b"second")
            assert store.get(Bucket.PDF, first) == b"first"

    def test_a_folder_is_no_file(self, store: LetterStore) -> None:
        store.put(Bucket.PDF, NAME, PDF)

        with pytest.raises(LetterPdfNotFound):
            store.get(Bucket.PDF, "2017-12-04")
        store.delete(Bucket.PDF, ["2017-12-04"])
        assert store.get(Bucket.PDF, NAME) == PDF

    # Listing and finding

    def test_a_listing_has_size_and_time_and_keeps_to_its_prefix(self, store: LetterStore) -> None:
        keys = ["2017-12-04/b", "2017-12-04/a", "2017-12-05/a", "2017-12-04-x", "2017-12-04/zips_sent/a", "other"]
        for number, key in enumerate(keys):
            store.put(Bucket.PDF, key, b"x" * number)

        listed = list(store.listing(Bucket.PDF, "2017-12-04/"))

        assert [(stored.key, stored.size) for stored in listed] == [
            ("2017-12-04/a", 1),
            ("2017-12-04/b", 0),
            ("2017-12-04/zips_sent/a", 4),
        ]
        assert all(stored.modified.utcoffset() == timedelta() for stored in listed)
        assert [stored.key for stored in store.listing(Bucket.PDF)] == sorted(keys)
        assert [stored.key for stored in store.listing(Bucket.PDF, "2017-12-04")] == sorted(
            key for key in keys if key.startswith("2017-12-04")
        )
        assert [stored.key for stored in store.listing(Bucket.PDF, "2017-12-04/zips")] == ["2017-12-04/zips_sent/a"]
        assert not list(store.listing(Bucket.PDF, "2017-12-06/"))
        assert not list(store.listing(Bucket.PDF, "../"))

    def test_a_listing_may_begin_behind_a_key(self, store: LetterStore) -> None:
        for key in ("2017-12-04/a", "2017-12-04/b", "2017-12-04/c/d", "2017-12-05/a"):
            store.put(Bucket.PDF, key, PDF)

        def behind(key: str) -> list[str]:
            return [stored.key for stored in store.listing(Bucket.PDF, "2017-12-04/", key)]

        assert behind("2017-12-04/a") == ["2017-12-04/b", "2017-12-04/c/d"]
        assert behind("2017-12-04/aa") == ["2017-12-04/b", "2017-12-04/c/d"]
        assert behind("2017-12-04/c/d") == []
        assert behind("2017-12-03/x") == ["2017-12-04/a", "2017-12-04/b", "2017-12-04/c/d"]

    @pytest.mark.parametrize("name", [NAME, OLDER_NAME])
    def test_a_letter_is_found_by_the_part_of_its_name_that_never_changes(self, store: LetterStore, name: str) -> None:
        store.put(Bucket.PDF, name, PDF)
        store.put(Bucket.PDF, upload_name(Bucket.PDF, "foobar", MADE), b"another's")
        store.put(Bucket.PDF, upload_name(Bucket.PDF, "fo", MADE, Postage.FIRST), b"another's")

        found = store.find(Bucket.PDF, search_prefix(Bucket.PDF, "foo", MADE))

        assert (found.key, found.size) == (name, len(PDF))

    def test_of_several_the_first_is_found(self, store: LetterStore) -> None:
        for key in ("b", "a-2", "a-1"):
            store.put(Bucket.SCAN, key, PDF)

        assert store.find(Bucket.SCAN, "a").key == "a-1"

    def test_finding_nothing_says_where_and_what_was_looked_for(self, store: LetterStore) -> None:
        store.put(Bucket.PDF, NAME, PDF)
        prefix = search_prefix(Bucket.PDF, "bar", MADE)

        with pytest.raises(LetterPdfNotFound, match=r"letters-pdf.*2017-12-04/NOTIFY\.BAR\.") as missing:
            store.find(Bucket.PDF, prefix)
        assert (missing.value.bucket, missing.value.prefix) == (Bucket.PDF, prefix)

    # Moving and deleting

    def test_a_moved_file_keeps_content_and_metadata(self, store: LetterStore) -> None:
        store.put(Bucket.SCAN, NAME, PDF, {"page-count": "1"})
        store.put(Bucket.PDF, OLDER_NAME, b"replaced")

        store.move(Location(Bucket.SCAN, NAME), Location(Bucket.PDF, OLDER_NAME))

        assert store.get(Bucket.PDF, OLDER_NAME) == PDF
        assert store.metadata(Bucket.PDF, OLDER_NAME) == {"page-count": "1"}
        assert not list(store.listing(Bucket.SCAN))

    def test_a_moved_file_may_be_given_other_metadata(self, store: LetterStore) -> None:
        store.put(Bucket.SCAN, "A", PDF, {"page-count": "1"})

        store.move(Location(Bucket.SCAN, "A"), Location(Bucket.SCAN, "FAILURE/A"), {"message": "too long ŵ"})

        assert store.metadata(Bucket.SCAN, "FAILURE/A") == {"message": "too long ŵ"}
        assert [stored.key for stored in store.listing(Bucket.SCAN)] == ["FAILURE/A"]

    def test_metadata_may_be_taken_away_in_a_move(self, store: LetterStore) -> None:
        store.put(Bucket.SCAN, "A", PDF, {"page-count": "1"})

        store.move(Location(Bucket.SCAN, "A"), Location(Bucket.SCAN, "ERROR/A"), {})

        assert store.metadata(Bucket.SCAN, "ERROR/A") == {}

    def test_nothing_is_moved_onto_itself(self, store: LetterStore) -> None:
        store.put(Bucket.SCAN, "A", PDF)

        with pytest.raises(InvalidValue):
            store.move(Location(Bucket.SCAN, "A"), Location(Bucket.SCAN, "A"))

        assert store.get(Bucket.SCAN, "A") == PDF

    def test_deleting_is_for_these_keys_only_and_may_be_repeated(self, store: LetterStore) -> None:
        for key in ("a", "b", "c", "2017-12-04/a"):
            store.put(Bucket.PDF, key, PDF)
        store.put(Bucket.TEST, "a", PDF)

        for _ in range(2):
            store.delete(Bucket.PDF, ["a", "2017-12-04/a", "never-there"])

        assert [stored.key for stored in store.listing(Bucket.PDF)] == ["b", "c"]
        assert store.get(Bucket.TEST, "a") == PDF

    # What it costs

    def test_one_request_where_one_suffices(self, store: LetterStore) -> None:
        store.put(Bucket.PDF, NAME, PDF)
        store.put(Bucket.SCAN, "A", PDF)
        if not self.counts_requests:
            return

        def cost(action: Callable[[], object]) -> int:
            before = self.requests(store)
            action()
            return self.requests(store) - before

        assert cost(lambda: store.put(Bucket.PDF, OLDER_NAME, PDF)) == 1
        assert cost(lambda: store.find(Bucket.PDF, "2017-12-04/NOTIFY.FOO.")) == 1
        assert cost(lambda: list(store.listing(Bucket.PDF))) == 1
        assert cost(lambda: store.get(Bucket.PDF, NAME)) == 1
        assert cost(lambda: store.metadata(Bucket.PDF, NAME)) == 1
        assert cost(lambda: store.move(Location(Bucket.SCAN, "A"), Location(Bucket.INVALID, "A"), {"m": "x"})) == 2
        assert cost(lambda: store.delete(Bucket.PDF, [NAME, OLDER_NAME])) == 1
        assert cost(lambda: store.delete(Bucket.PDF, [])) == 0

    def test_thousands_are_listed_and_deleted_by_the_thousand(self, store: LetterStore) -> None:
        # Where nobody counts, a few more than some stores list at once will do.
        many = 2_500 if self.counts_requests else 1_001
        keys = [f"2017-12-04/NOTIFY.{number:04}.PDF" for number in range(many)]
        self.fill(store, Bucket.PDF, keys)
        before = self.requests(store) if self.counts_requests else 0

        assert [stored.key for stored in store.listing(Bucket.PDF, "2017-12-04/")] == keys
        if self.counts_requests:
            assert self.requests(store) - before == 3

        store.delete(Bucket.PDF, keys)
        if self.counts_requests:
            assert self.requests(store) - before == 3 + 3
        assert not list(store.listing(Bucket.PDF))

    # Failing

    def test_a_store_that_is_not_there_is_worth_another_try(self, store: LetterStore) -> None:
        store.put(Bucket.PDF, NAME, PDF)
        if not self.can_fail:
            return
        self.make_it_fail(store)

        for action in _everything(store):
            with pytest.raises(TransientError):
                action()

    def test_a_store_that_refuses_us_is_no_use_to_try_again(self, store: LetterStore) -> None:
        store.put(Bucket.PDF, NAME, PDF)
        if not self.can_refuse:
            return
        self.make_it_refuse(store)

        for action in _everything(store):
            with pytest.raises(PermanentError):
                action()


def _everything(store: LetterStore) -> Sequence[Callable[[], object]]:
    """Everything that can be asked of a store which holds ``NAME``."""
    return (
        lambda: store.put(Bucket.PDF, NAME, PDF),
        lambda: list(store.listing(Bucket.PDF)),
        lambda: store.find(Bucket.PDF, "2017"),
        lambda: store.get(Bucket.PDF, NAME),
        lambda: store.open(Bucket.PDF, NAME).__enter__(),
        lambda: store.metadata(Bucket.PDF, NAME),
        lambda: store.move(Location(Bucket.PDF, NAME), Location(Bucket.TEST, NAME)),
        lambda: store.delete(Bucket.PDF, [NAME]),
    )
