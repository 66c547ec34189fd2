from dataclasses import replace
from datetime import timedelta

import pytest

from notify_core.accounts.model import KeyType
from notify_core.kernel.errors import TransientError
from notify_core.letters.model import Bucket, Location, Postage
from notify_core.letters.ports import LetterUnprintable
from notify_core.letters.states import LetterEvent, LetterStatus
from notify_core.letters.tasks.rendering import GiveUpLetter, MakeLetterPdf, SimulatePrinting
from notify_core.testing.builders import NOON
from notify_core.testing.mortal import Killed

ALL_RETRIES = timedelta(hours=4)
NAME = "NOTIFY.ABCDEFGH01234567.D.2.C.20260105120000.PDF"
IN_PRINT, IN_TEST = f"2026-01-05/{NAME}", NAME


def test_a_letter_is_rendered_put_away_and_waits_for_the_print_run(rendering):
    rendering.given()

    rendering.run()

    letter = rendering.letter
    assert (letter.status, letter.pdf) == (LetterStatus.CREATED, Location(Bucket.PDF, IN_PRINT))
    assert (letter.pages, letter.sheets) == (1, 1)
    assert letter.updated_at == NOON
    content = rendering.files[Bucket.PDF, IN_PRINT]
    assert content.startswith(b"%PDF-")
    assert letter.pdf_bytes == len(content)
    assert rendering.renderer.rendered[0].contact_block == ("Flood office", "EX1 1AA")
    assert rendering.store.requests == ["put"]
    assert not rendering.rows


def test_its_name_tells_the_postage(rendering):
    rendering.given(postage=Postage.FIRST)
    rendering.run()
    assert rendering.letter.pdf.key == IN_PRINT.replace(".D.2.", ".D.1.")


def test_sheets_have_two_pages(rendering):
    rendering.change(
        lambda work: work.templates.put(replace(rendering.template, content="The river.\n\n" * 100, version=1))
    )
    rendering.given()
    rendering.run()
    assert (rendering.letter.pages, rendering.letter.sheets) == (5, 3)


def test_a_letter_of_a_test_key_is_delivered_at_once_and_costs_nothing(rendering):
    rendering.given(key_type=KeyType.TEST)

    rendering.run()

    letter = rendering.letter
    assert (letter.status, letter.pdf) == (LetterStatus.DELIVERED, Location(Bucket.TEST, IN_TEST))
    assert (letter.pages, letter.sheets) == (1, 0)
    assert letter.completed_at == NOON
    assert not rendering.rows


@pytest.mark.parametrize("environment", ["development", "preview"])
def test_where_the_printer_is_simulated_it_is_on_its_way_for_a_while(make_rendering, environment):
    rendering = make_rendering(environment)
    rendering.given(key_type=KeyType.TEST)

    rendering.run()
    sending = rendering.letter
    rendering.run(timedelta(seconds=5))

    assert (sending.status, sending.sent_by, sending.sent_at) == (LetterStatus.SENDING, "simulator", NOON)
    assert sending.sheets == 0
    assert rendering.letter.status is LetterStatus.DELIVERED
    assert not rendering.rows


def test_the_simulated_printer_changes_nothing_that_has_ended(rendering):
    letter = rendering.given(enqueued=False, status=LetterStatus.RETURNED)
    rendering.change(lambda work: work.enqueue(SimulatePrinting(letter.id)))
    rendering.run()
    assert rendering.letter == letter
    assert not rendering.rows


@pytest.mark.parametrize("status", sorted({*LetterStatus} - {LetterStatus.CREATED}))
def test_what_has_moved_on_is_not_rendered(rendering, status):
    letter = rendering.given(status=status)
    rendering.run()
    assert rendering.letter == letter
    assert not rendering.files
    assert not rendering.rows


def test_what_is_rendered_already_is_not_rendered_again(rendering):
    letter = rendering.given(pdf=Location(Bucket.PDF, "x"), pdf_bytes=1)
    rendering.run()
    assert rendering.letter == letter
    assert not rendering.renderer.rendered


def test_a_service_that_is_no_longer_active_sends_no_letters(rendering):
    rendering.platform.put(replace(rendering.service, active=False))
    rendering.given()
    rendering.run()
    assert rendering.letter.status is LetterStatus.TECHNICAL_FAILURE
    assert not rendering.files
    assert not rendering.rows


def test_who_cancels_while_it_is_rendered_wins(rendering):
    letter = rendering.given()

    def cancelled_meanwhile(content):
        rendering.change(lambda work: work.letters.change(letter, letter.after(LetterEvent.CANCELLED, NOON)))
        return render(content)

    render, rendering.renderer.render = rendering.renderer.render, cancelled_meanwhile
    rendering.run()

    assert rendering.letter.status is LetterStatus.CANCELLED
    assert rendering.letter.pdf is None
    assert not rendering.rows


def test_what_fails_now_is_tried_again(rendering):
    rendering.given()
    rendering.fail(times=15)
    rendering.run(ALL_RETRIES)
    assert rendering.letter.pages == 1
    assert not rendering.rows


def test_after_fifteen_retries_it_is_given_up(rendering):
    rendering.given()
    rendering.fail(times=16)
    rendering.run(ALL_RETRIES)
    assert rendering.letter.status is LetterStatus.TECHNICAL_FAILURE
    assert not rendering.rows


def test_a_store_that_is_away_is_waited_for(rendering):
    rendering.given()
    rendering.store.fail_with(TransientError("the store is away"))
    rendering.run(ALL_RETRIES)
    assert rendering.files.keys() == {(Bucket.PDF, IN_PRINT)}


def test_a_letter_that_can_never_be_printed_has_failed_and_says_why(rendering, caplog):
    rendering.renderer.fail_with(LetterUnprintable("The letter would have more than 10 pages"))
    rendering.given()
    rendering.run()
    assert rendering.letter.status is LetterStatus.TECHNICAL_FAILURE
    assert rendering.rows == {
        "get-pdf-for-templated-letter": "LetterUnprintable: The letter would have more than 10 pages"
    }
    assert "more than 10 pages" in caplog.text
    assert not rendering.files


def test_what_was_rendered_at_last_is_not_given_up(rendering):
    letter = rendering.given(enqueued=False, pdf=Location(Bucket.PDF, "x"), pdf_bytes=1)
    rendering.change(lambda work: work.enqueue(GiveUpLetter(letter.id)))
    rendering.run()
    assert rendering.letter == letter


def normal(rendering):
    rendering.given()


def with_a_test_key(rendering):
    rendering.given(key_type=KeyType.TEST)


def given_up(rendering):
    rendering.given()
    rendering.fail(times=100)


def unprintable(rendering):
    rendering.given(to="\n".join("line" for _ in range(10)))


def with_an_inactive_service(rendering):
    rendering.platform.put(replace(rendering.service, active=False))
    rendering.given()


STORIES = [normal, with_a_test_key, given_up, unprintable, with_an_inactive_service]


@pytest.mark.parametrize("environment", ["live", "development"])
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_wherever_a_process_is_killed_it_ends_the_same(make_rendering, story, environment):
    untroubled = make_rendering(environment)
    story(untroubled)
    untroubled.run(ALL_RETRIES)
    steps = untroubled.platform.steps.done
    assert steps
    for last in range(steps):
        rendering = make_rendering(environment)
        story(rendering)
        rendering.platform.steps.last = last
        with pytest.raises(Killed):
            rendering.run(ALL_RETRIES)
        # Its claim runs out.
        rendering.run(ALL_RETRIES)
        assert rendering.end() == untroubled.end(), f"killed before step {last + 1} of {steps}"


def test_a_second_message_about_it_changes_nothing(rendering):
    letter = rendering.given()
    rendering.run()
    first = rendering.end()
    rendering.change(lambda work: work.enqueue(MakeLetterPdf(letter.id)))
    rendering.run()
    assert rendering.end() == first
