import pytest

from notify_core.accounts.model import KeyType, Permission
from notify_core.kernel.errors import Conflict, DailyLimitReached, Forbidden, InvalidValue, NotAllowed, RateLimited
from notify_core.letters.model import Postage
from notify_core.letters.states import LetterStatus
from notify_core.letters.tasks.rendering import MakeLetterPdf
from notify_core.letters.use_cases.accepting.door import file_reference
from notify_core.recipients.model import postal_address
from notify_core.templates.model import TemplateType
from notify_core.testing.builders import an_id
from notify_core.testing.fakes.random_source import SeededRandom
from notify_core.testing.mortal import Killed


def test_a_letter_is_kept_with_the_making_of_its_pdf(accepting):
    answer = accepting.send()

    (letter,) = accepting.letters
    assert letter == answer.letter
    assert letter.to == "Grace\n1 The Street\nSW1A 1AA"
    assert (letter.status, letter.postage, letter.international) == (LetterStatus.CREATED, Postage.SECOND, False)
    assert (letter.reference, letter.precompiled, letter.key_type) == ("case 1", False, KeyType.NORMAL)
    assert (letter.template_id, letter.template_version) == (accepting.template.id, 1)
    assert letter.api_key_id == accepting.key.id
    assert (answer.subject, answer.body) == ("About Don", "Dear Grace")
    assert accepting.tasks == [(MakeLetterPdf.name, {"notification_id": str(letter.id)})]


def test_a_letter_that_was_accepted_is_printed_as_it_was_answered(accepting):
    letter = accepting.send().letter
    accepting.platform.run_until_idle()

    (rendered,) = accepting.letters
    assert rendered.pdf is not None
    assert rendered.personalisation == letter.personalisation
    assert accepting.tasks == []


def test_its_files_are_named_by_chance():
    random = SeededRandom()
    names = {file_reference(random) for _ in range(100)}
    assert len(names) == 100
    assert all(len(name) == 16 and name.isascii() and name.isalnum() and name == name.upper() for name in names)


@pytest.mark.parametrize("postage", [Postage.FIRST, Postage.ECONOMY])
def test_the_template_says_how_it_travels(accepting, postage):
    accepting.change_template(postage=postage.value)
    assert accepting.send().letter.postage is postage


@pytest.mark.parametrize(("country", "postage"), [("france", Postage.EUROPE), ("Japan", Postage.REST_OF_WORLD)])
def test_abroad_the_country_says_how_it_travels(accepting, country, postage):
    accepting.change_service(permissions=frozenset({Permission.LETTER, Permission.INTERNATIONAL_LETTERS}))
    accepting.change_template(postage="first")
    letter = accepting.send({"name": "G", "river": "D", "address_line_3": country}).letter
    assert (letter.postage, letter.international) == (postage, True)
    assert letter.to.endswith(f"\n{country.capitalize()}")


def test_abroad_is_for_services_that_may(accepting):
    with pytest.raises(InvalidValue, match=postal_address.NO_POSTCODE):
        accepting.send({"name": "G", "river": "D", "address_line_3": "France"})


def test_the_address_may_end_with_a_postcode_of_that_name(accepting):
    address = {"Address Line 1": "Grace", "address-line-2": "1 The Street", "postcode": "SW1A 1AA"}
    assert accepting.send(address=address).letter.to == "Grace\n1 The Street\nSW1A 1AA"


def test_an_address_that_is_none(accepting):
    with pytest.raises(InvalidValue, match=postal_address.TOO_FEW_LINES):
        accepting.send(address={})
    assert accepting.letters == []


def test_values_that_are_missing_are_named(accepting):
    with pytest.raises(NotAllowed, match="Missing personalisation: river, name"):
        accepting.send({})


def test_a_file_is_no_value_of_a_letter(accepting):
    with pytest.raises(NotAllowed, match="Can only send a file by email"):
        accepting.send({"name": {"file": "YQ=="}, "river": "Don"})


@pytest.mark.parametrize("kind", ["send", "upload"])
def test_letters_are_a_permission(accepting, kind):
    accepting.change_service(permissions=frozenset({Permission.SMS}))
    with pytest.raises(NotAllowed, match="Service is not allowed to send letters"):
        getattr(accepting, kind)()
    assert accepting.files == {}


@pytest.mark.parametrize("kind", ["send", "upload"])
def test_not_with_a_key_of_a_team(accepting, kind):
    accepting.use_key(KeyType.TEAM)
    with pytest.raises(Forbidden, match="Cannot send letters with a team api key"):
        getattr(accepting, kind)()


@pytest.mark.parametrize("kind", ["send", "upload"])
def test_in_trial_mode_only_with_a_test_key(accepting, kind):
    accepting.change_service(restricted=True)
    with pytest.raises(Forbidden, match="Cannot send letters when service is in trial mode"):
        getattr(accepting, kind)()
    assert accepting.letters == []
    accepting.use_key(KeyType.TEST)
    assert getattr(accepting, kind)().letter.key_type is KeyType.TEST


@pytest.mark.parametrize("kind", ["send", "upload"])
def test_so_many_requests_a_minute(accepting, kind):
    accepting.change_service(rate_limit=1)
    getattr(accepting, kind)()
    with pytest.raises(RateLimited, match="Exceeded rate limit for key type LIVE of 1 requests per 60 seconds"):
        getattr(accepting, kind)()


@pytest.mark.parametrize("kind", ["send", "upload"])
def test_so_many_letters_a_day(accepting, kind):
    accepting.change_service(message_limit={"letter": 1, "sms": 0})
    getattr(accepting, kind)()
    files = accepting.files
    with pytest.raises(DailyLimitReached, match=r"Exceeded send limits \(letter: 1\) for today"):
        getattr(accepting, kind)()
    assert len(accepting.letters) == 1
    # Nothing is uploaded that is not taken.
    assert accepting.files == files
    accepting.use_key(KeyType.TEST)
    assert getattr(accepting, kind)()


def test_a_template_that_is_not_there(accepting):
    with pytest.raises(NotAllowed, match="Template not found"):
        accepting.send(template_id=an_id())


def test_a_template_of_another_kind(accepting):
    accepting.change_template(type=TemplateType.SMS, subject=None)
    with pytest.raises(NotAllowed, match="sms template is not suitable for letter notification"):
        accepting.send()


@pytest.mark.parametrize("kind", ["send", "upload"])
def test_the_answer_is_kept_in_the_same_transaction(accepting, kind):
    def taken(_work, _answer):
        raise Conflict("another request has taken it")

    accepting.change_service(message_limit={"letter": 1})
    with pytest.raises(Conflict):
        getattr(accepting, kind)(keep=taken)
    assert (accepting.letters, accepting.tasks) == ([], [])
    kept = []
    # What was not stored does not count.
    answer = getattr(accepting, kind)(keep=lambda _work, answer: kept.append(answer))
    assert kept == [answer]


def test_a_process_that_dies_before_the_commit_has_accepted_nothing(accepting):
    accepting.platform.steps.last = 0
    with pytest.raises(Killed):
        accepting.send()
    assert (accepting.letters, accepting.tasks) == ([], [])
