"""Letters: kept, found, changed, listed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from notify_core.accounts.model import KeyType
from notify_core.kernel.errors import AlreadyExists, Conflict, NotFound
from notify_core.kernel.ids import JobId, NotificationId, ServiceId
from notify_core.letters.model import Bucket, Letter, Location, Postage
from notify_core.letters.ports import LetterFilter, LettersWork
from notify_core.letters.states import LetterEvent, LetterStatus
from notify_core.letters.tasks.rendering import MakeLetterPdf
from notify_core.notifications.model import Place
from notify_core.ports.unit_of_work import UnitOfWorkFactory
from notify_core.testing.builders import NOON, a_letter, an_id

Storage = UnitOfWorkFactory[LettersWork]
SECOND = timedelta(seconds=1)


class LettersContract:
    @pytest.fixture
    def storage(self) -> Storage:
        raise NotImplementedError

    def given(self, storage: Storage, *letters: Letter) -> None:
        with storage() as work:
            work.letters.add_many(letters)
            work.commit()

    def page(self, storage: Storage, service: ServiceId, limit: int = 250, **wanted: object) -> list[Letter]:
        with storage(read_only=True) as work:
            return list(work.letters.page(service, LetterFilter(**wanted), limit))  # type: ignore[arg-type] # a test's short hand

    def test_a_letter_comes_back_as_it_was_added(self, storage: Storage) -> None:
        full = a_letter(
            to="Siân ŵ\n1 Stryd Fawr\nCF10 1AA",
            key_type=KeyType.TEST,
            status=LetterStatus.SENDING,
            postage=Postage.EUROPE,
            international=True,
            precompiled=True,
            job_id=JobId(an_id()),
            job_row=3,
            personalisation={"enw": "Siân ŵ", "n": 3, "list": ["a", "ŷ"]},
            reference="case ŵ/1",
            upload_file_name="letter ŵ.pdf",
            pages=3,
            sheets=2,
            pdf=Location(Bucket.PDF, "2026-01-05/NOTIFY.FOO.D.2.C.20260105120000.PDF"),
            pdf_bytes=123_456,
            print_group="NOTIFY.2026-01-05.2.001.X.Y.ZIP",
            cost_threshold="sorted",
            sent_by="sftp",
            sent_at=NOON + SECOND,
            completed_at=NOON + 2 * SECOND,
            updated_at=NOON + timedelta(microseconds=1),
        )
        bare = a_letter(api_key_id=None, personalisation={})
        self.given(storage, full, bare)
        with storage(read_only=True) as work:
            assert work.letters.get(full.id) == full
            assert work.letters.get(bare.id, bare.service_id) == bare

    def test_what_does_not_exist_or_is_another_services_is_not_found(self, storage: Storage) -> None:
        one = a_letter()
        self.given(storage, one)
        with storage(read_only=True) as work:
            with pytest.raises(NotFound):
                work.letters.get(NotificationId(an_id()))
            with pytest.raises(NotFound):
                work.letters.get(one.id, ServiceId(an_id()))

    @pytest.mark.parametrize("what", ["id", "file_reference"])
    def test_a_taken_identity_shows_at_commit(self, storage: Storage, what: str) -> None:
        one = a_letter()
        self.given(storage, one)
        with storage() as work:
            work.letters.add_many([a_letter(**{what: getattr(one, what)})])
            with pytest.raises(AlreadyExists):
                work.commit()

    def test_letters_are_found_by_the_names_of_their_files(self, storage: Storage) -> None:
        many = [a_letter() for _ in range(2500)]
        self.given(storage, *many)
        with storage(read_only=True) as work:
            references = [one.file_reference for one in many[:2400]]
            found = work.letters.by_file_references(["UNKNOWN000000000", *references])
            assert found == {one.file_reference: one for one in many[:2400]}
            assert work.letters.by_file_references([]) == {}

    def test_a_change_is_stored(self, storage: Storage) -> None:
        one = a_letter(status=LetterStatus.PENDING_VIRUS_CHECK, precompiled=True)
        checked = replace(
            one.after(LetterEvent.PASSED, NOON + SECOND),
            to="Grace\n1 High Street\nSW1A 1AA",
            pdf=Location(Bucket.PDF, "2026-01-05/NOTIFY.FOO.D.2.C.20260105120000.PDF"),
            pdf_bytes=5,
            personalisation={"another": "value"},
        )
        self.given(storage, one)
        with storage() as work:
            work.letters.change(one, checked)
            work.commit()
        with storage(read_only=True) as work:
            assert work.letters.get(one.id) == checked

    def test_who_comes_second_is_told(self, storage: Storage) -> None:
        one = a_letter()
        self.given(storage, one)
        with storage() as work:
            work.letters.change(one, one.after(LetterEvent.CANCELLED, NOON))
            work.commit()
        with storage() as work, pytest.raises(Conflict):
            work.letters.change(one, one.after(LetterEvent.SENT, NOON))

    def test_pages_cover_everything_once_newest_first_also_within_one_moment(self, storage: Storage) -> None:
        service = ServiceId(an_id())
        mine = [a_letter(service_id=service, created_at=NOON + SECOND * (n // 4)) for n in range(12)]
        self.given(storage, *mine, a_letter())
        seen: list[Letter] = []
        behind: Place | None = None
        while page := self.page(storage, service, 5, behind=behind):
            seen += page
            behind = place_of(page[-1])
        assert seen == sorted(mine, key=lambda one: (one.created_at, one.id), reverse=True)

    def test_a_service_finds_the_places_of_its_own(self, storage: Storage) -> None:
        mine, others = a_letter(), a_letter(created_at=NOON + SECOND)
        self.given(storage, mine, others)
        with storage(read_only=True) as work:
            assert work.letters.place_of(mine.service_id, mine.id) == place_of(mine)
            assert work.letters.place_of(mine.service_id, others.id) is None
            assert work.letters.place_of(mine.service_id, NotificationId(an_id())) is None

    def test_messages_of_jobs_can_be_left_out(self, storage: Storage) -> None:
        service = ServiceId(an_id())
        mine = a_letter(service_id=service)
        of_a_job = a_letter(service_id=service, job_id=JobId(an_id()), job_row=0, created_at=NOON + SECOND)
        self.given(storage, mine, of_a_job)
        assert self.page(storage, service) == [of_a_job, mine]
        assert self.page(storage, service, with_jobs=False) == [mine]
        assert self.page(storage, service, with_jobs=False, behind=place_of(mine)) == []

    def test_filters_narrow_and_combine(self, storage: Storage) -> None:
        service = ServiceId(an_id())
        one = a_letter(service_id=service, reference="case ŵ", created_at=NOON + 2 * SECOND)
        sent = a_letter(service_id=service, status=LetterStatus.SENDING, created_at=NOON + SECOND)
        test = a_letter(service_id=service, key_type=KeyType.TEST, status=LetterStatus.DELIVERED)
        self.given(storage, one, sent, test, a_letter(reference="case ŵ"))
        assert self.page(storage, service) == [one, sent, test]
        assert self.page(storage, service, reference="case ŵ") == [one]
        assert self.page(storage, service, statuses=frozenset({LetterStatus.SENDING, LetterStatus.DELIVERED})) == [
            sent,
            test,
        ]
        assert self.page(storage, service, key_types=frozenset({KeyType.NORMAL})) == [one, sent]
        assert self.page(storage, service, key_types=frozenset({KeyType.NORMAL}), behind=place_of(one)) == [sent]

    def test_those_whose_pdf_nobody_makes_are_found_oldest_first(self, storage: Storage) -> None:
        forgotten = a_letter(created_at=NOON - SECOND)
        earlier = a_letter(created_at=NOON - 2 * SECOND, key_type=KeyType.TEST)
        under_way = a_letter(created_at=NOON - SECOND)
        self.given(
            storage,
            forgotten,
            earlier,
            under_way,
            a_letter(created_at=NOON),
            a_letter(created_at=NOON - SECOND, status=LetterStatus.CANCELLED),
            a_letter(created_at=NOON - SECOND, precompiled=True),
            a_letter(created_at=NOON - SECOND, pdf=Location(Bucket.PDF, "a"), pdf_bytes=1),
        )
        with storage() as work:
            work.enqueue(MakeLetterPdf(under_way.id))
            work.commit()
        with storage(read_only=True) as work:
            assert list(work.letters.created_without_pdf(NOON, 10)) == [earlier, forgotten]
            assert list(work.letters.created_without_pdf(NOON, 1)) == [earlier]


def place_of(one: Letter) -> Place:
    return Place(one.created_at, one.id)
