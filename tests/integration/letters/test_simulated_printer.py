"""The printer for development: what it takes, what it answers, and that it answers once."""

import io
import zipfile
from threading import Event, Thread

import pytest

from notify_adapters.letter_printer import directory, simulated
from notify_core.kernel.errors import TransientError
from notify_core.letters.model import Bucket
from notify_core.letters.policies.answers import is_answer_file, parse_answers
from notify_core.testing.fakes.letter_store import MemoryLetterStore
from tests.integration.waiting import eventually

ZIP = "NOTIFY.2026-01-05.2.{:03}.9G8_x-1234567890abcd.d6aa2c68-a2d9-4437-ab19-3ae8eb202553.ZIP"
THREE_PAGES = b"%PDF-1.7 <</Type /Pages>> <</Type /Page>> <</Type/Page/Parent 1>> <</Type /Page>>"


@pytest.fixture
def options(tmp_path):
    return {"data_dir": str(tmp_path), "environment": "development"}


@pytest.fixture
def store():
    return MemoryLetterStore()


@pytest.fixture
def printer(options, store):
    return simulated.build(options, store)


@pytest.fixture
def bring(options):
    """Release a zip with these files."""
    place = directory.build(options)

    def act(number, **files):
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as file:
            for reference, pdf in files.items():
                file.writestr(f"NOTIFY.{reference}.D.2.C.20260105120000.PDF", pdf)
        place.upload(ZIP.format(number), [content.getvalue()])
        place.release(ZIP.format(number))
        return ZIP.format(number)

    return act


def answers(store):
    """The response files there are."""
    names = [key for key in store.keys(Bucket.RESPONSE) if is_answer_file(key)]
    return [parse_answers(store.get(Bucket.RESPONSE, name)) for name in names]


def test_without_zips_nothing_happens(printer, store):
    assert printer.print_all() == 0
    assert store.files == {}


def test_a_zip_is_acknowledged_and_each_letter_answered(printer, store, bring):
    name = bring(1, AAAA=THREE_PAGES, BBBB=b"%PDF-1.7", CCCC=b"no pdf")
    assert printer.print_all() == 1
    assert f"root/dispatch/{name.removesuffix('.ZIP')}.ACK.TXT" in store.keys(Bucket.RESPONSE)
    ((one, two, three),) = answers(store)
    assert [answer.file_reference for answer in (one, two, three)] == ["AAAA", "BBBB", "CCCC"]
    lines = next(
        store.get(Bucket.RESPONSE, key) for key in store.keys(Bucket.RESPONSE) if is_answer_file(key)
    ).splitlines()
    assert lines == [b"AAAA|Sent|2|Sorted", b"BBBB|Sent|1|Sorted", b"CCCC|Failed|1|Sorted"]
    assert printer.print_all() == 0


def test_several_zips_have_answers_of_their_own(printer, store, bring):
    for number in range(1, 6):
        bring(number, **{f"LETTER{number}": b"%PDF"})
    assert printer.print_all() == 5
    assert sorted(answer.file_reference for file in answers(store) for answer in file) == [
        f"LETTER{number}" for number in range(1, 6)
    ]
    assert len(answers(store)) == 5


def test_what_is_still_coming_is_left_alone(printer, store, options):
    directory.build(options).upload(ZIP.format(1), [b"PK"])
    assert printer.print_all() == 0
    assert store.files == {}


@pytest.mark.parametrize("content", [b"no zip", b""])
def test_what_is_no_zip_is_refused(printer, store, options, content):
    place = directory.build(options)
    place.upload(ZIP.format(1), [content])
    place.release(ZIP.format(1))
    assert printer.print_all() == 1
    assert store.files == {}
    assert printer.print_all() == 0


def test_a_damaged_zip_is_refused(printer, store, options, bring):
    name = bring(1, AAAA=b"%PDF" * 100)
    path = printer.root / name
    path.write_bytes(path.read_bytes().replace(b"%PDF%PDF", b"%PDF!PDF", 1))
    printer.print_all()
    assert store.files == {}
    assert (printer.root / "refused" / name).exists()


class Died(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("fatal", [1, 2, 3])
@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_whoever_goes_on_after_a_death_answers_with_the_same_file(options, store, bring, fatal, before):
    bring(1, AAAA=b"%PDF")
    effects = 0

    class Mortal(simulated.SimulatedPrinter):
        def _put_away(self, path, where):
            self.store.effect(lambda: super(Mortal, self)._put_away(path, where))

    class MortalStore(MemoryLetterStore):
        def put(self, *arguments):
            self.effect(lambda: store.put(*arguments))

        def effect(self, act):
            nonlocal effects
            effects += 1
            if effects == fatal and before:
                raise Died
            act()
            if effects == fatal:
                raise Died

    with pytest.raises(Died):
        Mortal(simulated.build(options, store).root, MortalStore()).print_all()
    simulated.build(options, store).print_all()
    assert len(answers(store)) == 1
    assert len(store.keys(Bucket.RESPONSE)) == 2


def test_it_prints_until_it_is_told_to_stop_whatever_happens(printer, store, bring):
    stop = Event()
    thread = Thread(target=printer.run, args=(stop,), kwargs={"idle": 0.01})
    store.fail_with(TransientError("away"))
    bring(1, AAAA=b"%PDF")
    thread.start()
    eventually(lambda: answers(store), "nothing was answered")
    stop.set()
    thread.join(30)
    assert not thread.is_alive()


@pytest.mark.parametrize("environment", ["live", "staging", "test"])
def test_nobody_plays_where_a_real_printer_may_fetch(options, store, bring, environment):
    bring(1, AAAA=b"%PDF")
    simulated.build({**options, "environment": environment}, store).run(Event())
    assert store.files == {}
