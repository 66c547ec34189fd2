import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify_core.accounts.model import KeyType
from notify_core.kernel.calendar import LONDON
from notify_core.kernel.errors import InvalidValue
from notify_core.letters.model import Bucket, Postage
from notify_core.letters.policies import (
    bucket_of,
    day_folder,
    folder_in,
    print_day,
    reference_in,
    require_key,
    search_prefix,
    upload_name,
)

# The years in which London has had the clocks it has now.
instants = st.datetimes(datetime(1996, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
days = st.dates(date(1996, 1, 1), date(2099, 12, 31))
references = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=16, max_size=16)
FOLDERS = {Bucket.PDF}


def london(*parts):
    return datetime(*parts, tzinfo=LONDON).astimezone(UTC)


class TestExamples:
    def test_a_letter_made_just_before_half_past_five(self):
        made = datetime(2017, 12, 4, 17, 29, tzinfo=UTC)
        assert upload_name(Bucket.PDF, "foo", made) == "2017-12-04/NOTIFY.FOO.D.2.C.20171204172900.PDF"

    def test_a_letter_made_just_after(self):
        assert folder_in(Bucket.PDF, datetime(2017, 12, 4, 17, 31, tzinfo=UTC)) == "2017-12-05/"

    def test_in_summer_half_past_five_is_an_hour_earlier_in_utc(self):
        made = datetime(2019, 8, 1, 16, 29, tzinfo=UTC)
        assert upload_name(Bucket.PDF, "foo", made) == "2019-08-01/NOTIFY.FOO.D.2.C.20190801162900.PDF"
        assert folder_in(Bucket.PDF, made + timedelta(minutes=2)) == "2019-08-02/"

    @pytest.mark.parametrize(
        ("postage", "letter"),
        [
            (Postage.FIRST, "1"),
            (Postage.SECOND, "2"),
            (Postage.EUROPE, "E"),
            (Postage.REST_OF_WORLD, "N"),
            (Postage.ECONOMY, "ECONOMY"),
        ],
    )
    def test_the_class_of_each_postage(self, postage, letter):
        made = datetime(2017, 12, 4, 9, 0, tzinfo=UTC)
        name = upload_name(Bucket.PDF, "foo", made, postage)
        assert name == f"2017-12-04/NOTIFY.FOO.D.{letter}.C.20171204090000.PDF"


class TestBuckets:
    @pytest.mark.parametrize("key_type", [KeyType.NORMAL, KeyType.TEAM])
    def test_letters_lie_where_the_printer_is_served_from(self, key_type):
        assert bucket_of(key_type) is Bucket.PDF

    def test_those_made_with_a_test_key_do_not(self):
        assert bucket_of(KeyType.TEST) is Bucket.TEST

    @pytest.mark.parametrize("key_type", KeyType)
    def test_invalid_ones_lie_together_whatever_their_key(self, key_type):
        assert bucket_of(key_type, validation_failed=True) is Bucket.INVALID

    @pytest.mark.parametrize("bucket", set(Bucket) - FOLDERS)
    def test_the_other_buckets_have_no_folders(self, bucket):
        made = datetime(2017, 12, 4, 18, 0, tzinfo=UTC)
        assert folder_in(bucket, made) == ""
        assert upload_name(bucket, "foo", made) == "NOTIFY.FOO.D.2.C.20171204180000.PDF"


class TestCutOff:
    @given(days)
    def test_half_past_five_itself_is_still_today_and_a_microsecond_later_is_tomorrow(self, day):
        cut_off = datetime.combine(day, time(17, 30), tzinfo=LONDON).astimezone(UTC)

        assert print_day(cut_off) == day
        assert print_day(cut_off + timedelta(microseconds=1)) == day + timedelta(days=1)

    @given(instants)
    def test_a_letter_is_printed_by_the_first_cut_off_that_it_was_made_before(self, made):
        day = print_day(made)

        assert made <= datetime.combine(day, time(17, 30), tzinfo=LONDON)
        assert made > datetime.combine(day - timedelta(days=1), time(17, 30), tzinfo=LONDON)

    @pytest.mark.parametrize(
        ("made", "day"),
        [
            # The clocks go forward at one in the morning, and back at two.
            (datetime(2026, 3, 28, 17, 30, tzinfo=UTC), date(2026, 3, 28)),
            (datetime(2026, 3, 29, 16, 30, tzinfo=UTC), date(2026, 3, 29)),
            (datetime(2026, 3, 29, 16, 30, 0, 1, tzinfo=UTC), date(2026, 3, 30)),
            (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), date(2026, 3, 29)),
            (datetime(2026, 10, 24, 16, 30, 0, 1, tzinfo=UTC), date(2026, 10, 25)),
            (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), date(2026, 10, 25)),
            (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), date(2026, 10, 25)),
            (datetime(2026, 10, 25, 17, 30, tzinfo=UTC), date(2026, 10, 25)),
            # Midnight in a London summer is still yesterday in UTC.
            (datetime(2026, 7, 1, 23, 30, tzinfo=UTC), date(2026, 7, 2)),
            (datetime(2024, 2, 28, 17, 31, tzinfo=UTC), date(2024, 2, 29)),
            (datetime(2026, 12, 31, 17, 31, tzinfo=UTC), date(2027, 1, 1)),
        ],
    )
    def test_around_clock_changes_and_the_ends_of_months(self, made, day):
        assert print_day(made) == day

    def test_it_does_not_matter_in_which_zone_the_instant_is_given(self):
        made = london(2019, 8, 1, 17, 31)
        assert print_day(made) == print_day(made.astimezone(LONDON)) == date(2019, 8, 2)


class TestNames:
    @given(st.sampled_from(Bucket), references, instants, st.sampled_from(Postage))
    def test_what_is_made_can_be_found(self, bucket, reference, made, postage):
        name = upload_name(bucket, reference, made, postage)

        assert name.startswith(search_prefix(bucket, reference, made))
        assert require_key(name) == name

    @given(references, instants, st.sampled_from("CN"))
    def test_a_name_of_the_older_form_is_found_too(self, reference, made, crown):
        older = upload_name(Bucket.PDF, reference, made).replace(".C.", f".C.{crown}.")

        assert older.startswith(search_prefix(Bucket.PDF, reference, made))
        assert require_key(older) == older

    @given(st.sampled_from(Bucket), references, instants)
    def test_the_postage_is_not_part_of_what_is_searched(self, bucket, reference, made):
        prefix = search_prefix(bucket, reference, made)
        assert all(upload_name(bucket, reference, made, postage).startswith(prefix) for postage in Postage)

    @given(references, references, instants)
    def test_another_letters_file_is_never_found(self, one, other, made):
        if one != other:
            assert not upload_name(Bucket.PDF, other, made).startswith(search_prefix(Bucket.PDF, one, made))

    def test_a_reference_that_begins_another_finds_only_its_own(self):
        made = datetime(2017, 12, 4, 9, 0, tzinfo=UTC)
        assert not upload_name(Bucket.PDF, "foobar", made).startswith(search_prefix(Bucket.PDF, "foo", made))

    @given(st.sampled_from(Bucket), st.text("abcXYZ019", min_size=1), instants, st.sampled_from(Postage))
    def test_every_name_has_the_same_form(self, bucket, reference, made, postage):
        name = upload_name(bucket, reference, made, postage)
        folder = r"\d{4}-\d\d-\d\d/" if bucket in FOLDERS else ""
        assert re.fullmatch(rf"{folder}NOTIFY\.[A-Z0-9]+\.D\.(1|2|E|N|ECONOMY)\.C\.\d{{14}}\.PDF", name)
        assert name == name.upper()

    @given(days)
    def test_folders_sort_by_day(self, day):
        assert day_folder(day) < day_folder(day + timedelta(days=1))


class TestKeys:
    @pytest.mark.parametrize(
        "key",
        [
            "NOTIFY.FOO.D.2.C.20171204172900.PDF",
            "2017-12-04/zips_sent/NOTIFY.2017-12-04.1.001.Ab_-9.ZIP.TXT",
            "root/dispatch/NOTIFY.2017-12-04.ACK.TXT",
            "a" * 200,
        ],
    )
    def test_plain_names_in_folders_may_be_stored(self, key):
        assert require_key(key) == key

    @pytest.mark.parametrize(
        "key",
        [
            "",
            "/",
            "/etc/passwd",
            "..",
            "../up",
            "a/../b",
            "a/./b",
            "a//b",
            "a/",
            ".hidden",
            "a/.hidden",
            "a b",
            "a\\b",
            "a\0",
            "a\n",
            "ŵ",
            "a" * 201,
            "/".join(["abc"] * 300),
        ],
    )
    def test_everything_else_may_not(self, key):
        with pytest.raises(InvalidValue, match="no name for a letter's file"):
            require_key(key)


@pytest.mark.parametrize("folder", ["", "2017-12-04/", "ERROR/"])
@pytest.mark.parametrize("rest", ["D.2.C.20171204172900.PDF", "D.2.C.C.20171204172900.PDF"])
def test_the_reference_is_read_from_a_name_of_either_form(folder, rest):
    assert reference_in(f"{folder}NOTIFY.ABC0.{rest}") == "ABC0"


@pytest.mark.parametrize("key", ["", "NOTIFY.", "NOTIFY..D.PDF", "readme.txt", "NOTIFY.ABC/D.PDF", "X.NOTIFY.ABC.D"])
def test_what_is_no_letters_name_has_no_reference(key):
    assert reference_in(key) is None
