"""How every store of jobs' CSV files behaves."""

from collections.abc import Callable, Sequence
from typing import ClassVar

import pytest

from notify_core.jobs.ports import RecipientFileNotFound, RecipientFiles
from notify_core.kernel.errors import NotFound, PermanentError, TransientError
from notify_core.kernel.ids import JobId, ServiceId
from notify_core.testing.builders import an_id

CSV = "phone number,name\r\n07700 900123,Siân ŵ\r\n".encode()
METADATA = {"original-file-name": "Rhestr ŵyn £5.csv", "row-count": "1"}


class RecipientFilesContract:
    """Supply ``files``, empty; where ``can_fail`` also :meth:`make_it_fail`; where ``can_refuse`` also
    :meth:`make_it_refuse`."""

    #: Whether something is on the other side that may be down.
    can_fail: ClassVar[bool] = True
    #: Whether something is on the other side that may turn us away.
    can_refuse: ClassVar[bool] = True

    @pytest.fixture
    def files(self) -> RecipientFiles:
        raise NotImplementedError

    def make_it_fail(self, files: RecipientFiles) -> None:
        """From now on the store is not there."""
        raise NotImplementedError

    def make_it_refuse(self, files: RecipientFiles) -> None:
        """From now on the store is there, but not for us: our rights are gone, or the place for the files."""
        raise NotImplementedError

    def test_a_file_comes_back_byte_for_byte_with_its_metadata(self, files: RecipientFiles) -> None:
        service, job = ServiceId(an_id()), JobId(an_id())
        files.put(service, job, CSV, METADATA)

        assert files.get(service, job) == CSV
        assert files.metadata(service, job) == METADATA

    def test_it_need_not_be_text_nor_have_anything_in_it(self, files: RecipientFiles) -> None:
        service, binary, empty = ServiceId(an_id()), JobId(an_id()), JobId(an_id())
        files.put(service, binary, b"\xff\xfe\x00\r\n", {})
        files.put(service, empty, b"", METADATA)

        assert files.get(service, binary) == b"\xff\xfe\x00\r\n"
        assert files.metadata(service, binary) == {}
        assert files.get(service, empty) == b""

    def test_a_large_file(self, files: RecipientFiles) -> None:
        service, job = ServiceId(an_id()), JobId(an_id())
        files.put(service, job, CSV * 100_000, METADATA)

        assert files.get(service, job) == CSV * 100_000

    def test_a_later_file_replaces_the_earlier_one(self, files: RecipientFiles) -> None:
        service, job = ServiceId(an_id()), JobId(an_id())
        files.put(service, job, CSV * 2, METADATA)
        files.put(service, job, CSV, {"row-count": "2"})

        assert files.get(service, job) == CSV
        assert files.metadata(service, job) == {"row-count": "2"}

    def test_a_job_without_file_is_not_found(self, files: RecipientFiles) -> None:
        service, job = ServiceId(an_id()), JobId(an_id())

        with pytest.raises(RecipientFileNotFound, match=str(job)) as missing:
            files.get(service, job)
        assert isinstance(missing.value, NotFound)
        with pytest.raises(RecipientFileNotFound):
            files.metadata(service, job)

    def test_another_services_file_is_not_found(self, files: RecipientFiles) -> None:
        service, other, job = ServiceId(an_id()), ServiceId(an_id()), JobId(an_id())
        files.put(service, job, CSV, METADATA)
        files.delete(other, [job])

        with pytest.raises(RecipientFileNotFound):
            files.get(other, job)
        assert files.get(service, job) == CSV

    def test_deleted_files_are_gone_and_deleting_may_be_repeated(self, files: RecipientFiles) -> None:
        service, kept = ServiceId(an_id()), JobId(an_id())
        jobs = [JobId(an_id()) for _ in range(3)]
        for job in (*jobs, kept):
            files.put(service, job, CSV, METADATA)

        for _ in range(2):
            files.delete(service, [*jobs, JobId(an_id())])
        files.delete(service, [])

        for job in jobs:
            with pytest.raises(RecipientFileNotFound):
                files.get(service, job)
        assert files.get(service, kept) == CSV

    def test_a_store_that_is_not_there_is_worth_another_try(self, files: RecipientFiles) -> None:
        service, job = ServiceId(an_id()), JobId(an_id())
        files.put(service, job, CSV, METADATA)
        if not self.can_fail:
            return
        self.make_it_fail(files)

        for action in _everything(files, service, job):
            with pytest.raises(TransientError):
                action()

    def test_a_store_that_refuses_us_is_no_use_to_try_again(self, files: RecipientFiles) -> None:
        service, job = ServiceId(an_id()), JobId(an_id())
        files.put(service, job, CSV, METADATA)
        if not self.can_refuse:
            return
        self.make_it_refuse(files)

        for action in _everything(files, service, job):
            with pytest.raises(PermanentError):
                action()


def _everything(files: RecipientFiles, service: ServiceId, job: JobId) -> Sequence[Callable[[], object]]:
    """Everything that can be asked of a store which holds this job's file."""
    return (
        lambda: files.put(service, job, CSV, METADATA),
        lambda: files.get(service, job),
        lambda: files.metadata(service, job),
        lambda: files.delete(service, [job]),
    )
