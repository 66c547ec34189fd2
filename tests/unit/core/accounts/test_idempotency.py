from dataclasses import replace
from datetime import timedelta

import pytest

from notify_core.accounts.model import Answer, RequestKey
from notify_core.accounts.policies import KeyReused, is_worth_keeping
from notify_core.accounts.tasks import ForgetAnswers
from notify_core.accounts.use_cases.idempotency import (
    REQUEST_LEASE,
    BeginRequest,
    EndRequest,
    ForgetKeptAnswers,
    keep_no_answer,
)
from notify_core.kernel.errors import Conflict, InvalidValue
from notify_core.kernel.ids import ApiKeyId
from notify_core.testing.builders import an_id, claim_row
from notify_core.testing.fakes.secrets import MemorySecrets
from notify_core.testing.platform import InMemoryPlatform

REQUEST = RequestKey(ApiKeyId(an_id()), "/v2/notifications/sms", "order 7")
BODY = b'{"phone_number": "07700 900123"}'
ANSWER = Answer(201, "{}")


@pytest.fixture
def notify():
    return InMemoryPlatform()


@pytest.fixture
def begin(notify):
    return notify.use(BeginRequest)


@pytest.fixture
def end(notify):
    return notify.use(EndRequest)


def test_a_first_request_is_to_be_done(begin):
    assert begin(REQUEST, BODY).answer is None


def test_a_repeated_one_gets_the_first_answer(begin, end):
    end(begin(REQUEST, BODY), ANSWER)
    assert begin(REQUEST, BODY).answer == ANSWER


def test_it_waits_for_the_first_to_be_answered(begin):
    begin(REQUEST, BODY)
    with pytest.raises(Conflict, match="still under way"):
        begin(REQUEST, BODY)


def test_another_body_needs_another_name(begin, end):
    record = begin(REQUEST, BODY)
    with pytest.raises(KeyReused, match="another body"):
        begin(REQUEST, b"{}")
    end(record, ANSWER)
    with pytest.raises(KeyReused, match="another body"):
        begin(REQUEST, b"{}")


def test_the_body_is_known_again_after_a_rotation(notify, begin, end):
    end(begin(REQUEST, BODY), ANSWER)
    notify.secrets = MemorySecrets(("a newer key", *notify.secrets.keys))
    assert notify.use(BeginRequest)(REQUEST, BODY).answer == ANSWER


def test_after_a_day_it_is_a_new_request(notify, begin, end):
    end(begin(REQUEST, BODY), ANSWER)
    notify.advance(timedelta(hours=24))
    assert begin(REQUEST, BODY).answer == ANSWER
    notify.advance(timedelta(microseconds=1))
    assert begin(REQUEST, b"another body").answer is None


def test_what_a_dead_process_began_can_be_done_again(notify, begin, end):
    late = begin(REQUEST, BODY)
    notify.advance(REQUEST_LEASE)
    own = begin(REQUEST, b"another body")
    with pytest.raises(Conflict):
        end(late, ANSWER)
    end(own, ANSWER)
    assert begin(REQUEST, b"another body").answer == ANSWER


@pytest.mark.parametrize("status", [409, 429, 500, 503])
def test_an_answer_that_says_later_is_not_kept(begin, end, status):
    end(begin(REQUEST, BODY), Answer(status, "{}"))
    assert begin(REQUEST, b"another body").answer is None


@pytest.mark.parametrize("status", [200, 201, 400, 403, 404, 422])
def test_every_other_answer_is(status):
    assert is_worth_keeping(status)


@pytest.mark.parametrize(
    ("key", "fault"), [("", "must not be empty"), ("k" * 256, "longer than 255 characters"), ("a\0b", "cannot be kept")]
)
def test_a_name_that_cannot_be_kept_is_refused(begin, key, fault):
    with pytest.raises(InvalidValue, match=f"Idempotency-Key .*{fault}"):
        begin(replace(REQUEST, key=key), BODY)


def test_the_longest_name(begin):
    assert begin(replace(REQUEST, key="k" * 255), BODY).answer is None


def test_a_request_without_a_name_keeps_nothing(notify):
    with notify.work(read_only=True) as work:
        keep_no_answer(work, "a result")
    assert not notify.database.table("idempotency_records")


def test_old_answers_are_forgotten_in_batches(notify, begin, end):
    for number in range(5):
        end(begin(replace(REQUEST, key=str(number)), BODY), ANSWER)
    notify.advance(timedelta(hours=24, microseconds=1))
    end(begin(REQUEST, BODY), ANSWER)
    forget = ForgetKeptAnswers(notify.work, notify.clock, batch=2)
    for left in (4, 2, 1):
        with notify.work() as work:
            work.enqueue(ForgetAnswers())
            work.commit()
        notify.relay()
        claim = claim_row(notify.ledger, notify.ledger.entries()[0].id, "worker", timedelta(seconds=60))
        forget(ForgetAnswers(), claim)
        assert claim.finished
        assert len(notify.database.table("idempotency_records")) == left
    assert begin(REQUEST, BODY).answer == ANSWER
