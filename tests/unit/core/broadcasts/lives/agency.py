"""What an agency posts, once and again."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.unit.core.broadcasts.lives.people import People
from tests.unit.core.broadcasts.lives.stage import MOST_MESSAGES
from tests.unit.core.broadcasts.world.agency import cap, name

ACTUAL = st.sampled_from(["Actual", "Actual", "Actual", "Exercise"])
AFTER = st.sampled_from([None, timedelta(hours=-1), timedelta(hours=2), timedelta(hours=30)])


class Agency(People):
    def __init__(self, world):
        super().__init__(world)
        self.posted = []
        # What each document was answered with, by its name; whoever posts it again is told the same.
        self.answers = {}

    def post(self, kind, after, **given):
        identifier = f"cap-{len(self.posted) + 1}"
        expires = None if after is None else f"{self.world.clock.now() + after:%Y-%m-%dT%H:%M:%S}-00:00"
        self.posted.append((name(identifier), cap(kind, identifier=identifier, expires=expires, **given)))
        return self.post_number(-1)

    def post_number(self, number):
        called, document = self.posted[number]
        message = self.attempt(self.world.post, document)
        if message is not None:
            self.answers.setdefault(called, message.id)
        return message

    @precondition(lambda self: len(self.messages) < MOST_MESSAGES)
    @rule(status=ACTUAL, after=AFTER)
    def post_alert(self, status, after):
        self.keep(self.post("Alert", after, status=status))

    @precondition(lambda self: self.answers)
    @rule(data=st.data(), kind=st.sampled_from(["Update", "Cancel"]), status=ACTUAL, after=AFTER)
    def post_update_or_cancel(self, data, kind, status, after):
        called = data.draw(st.sampled_from(list(self.answers)))
        message = self.post(kind, after, status=status, references=called, description=f"News {len(self.posted)}.")
        assert message is None or message.id == self.answers[called]

    @precondition(lambda self: self.answers)
    @rule(data=st.data())
    def post_again(self, data):
        number, answer = data.draw(
            st.sampled_from(
                [(n, self.answers[called]) for n, (called, _) in enumerate(self.posted) if called in self.answers]
            )
        )
        before = self.world.snapshot()
        message = self.post_number(number)
        assert message.id == answer
        assert self.world.snapshot() == before
