"""What a service's texts are sent as, and where replies to its emails go."""

import pytest

from notify_core.accounts.use_cases.reply_tos import AddReplyTo, ChangeReplyTo, ListReplyTos, RemoveReplyTo
from notify_core.accounts.use_cases.sms_senders import AddSmsSender, ChangeSmsSender, ListSmsSenders, RemoveSmsSender
from notify_core.kernel.errors import InvalidValue, NotAllowed, NotFound
from notify_core.testing.builders import an_id


@pytest.fixture
def add(notify, service, actor):
    def sender(name, **given):
        return notify.use(AddSmsSender)(service.id, {"sms_sender": name, **given}, actor)

    return sender


def test_a_new_default_sender_ends_the_former_ones(notify, service, add, audited):
    first = add("LIBRARY", is_default=True)
    second = add("BOOKS", is_default=True)
    assert [(one.id, one.is_default) for one in notify.use(ListSmsSenders)(service.id)] == [
        (second.id, True),
        (first.id, False),
    ]
    assert audited(first.id) == ["sms sender stored"]


def test_a_sender_is_changed_or_made_the_default(notify, service, actor, add, audited):
    sender = add("LIBRARY")
    change = notify.use(ChangeSmsSender)
    changed = change(service.id, sender.id, {"is_default": True, "sms_sender": "BOOKS"}, actor)
    assert notify.use(ListSmsSenders)(service.id) == [changed]
    assert change(service.id, sender.id, {"is_default": True}, actor) == changed
    assert audited(sender.id) == ["sms sender stored"] * 2
    with pytest.raises(NotFound):
        change(service.id, an_id(), {"is_default": True}, actor)


def test_a_phone_shows_no_more_than_fifteen_characters(notify, service, actor, add):
    with pytest.raises(InvalidValue, match=r"^sms_sender must not be longer than 15 characters$"):
        add("x" * 16)
    sender = add("x" * 15)
    with pytest.raises(InvalidValue, match="must not be longer"):
        notify.use(ChangeSmsSender)(service.id, sender.id, {"sms_sender": "x" * 16}, actor)


def test_a_sender_is_removed_where_that_is_safe(notify, service, actor, add, audited):
    default, other, inbound = add("LIBRARY", is_default=True), add("BOOKS"), add("07700900111", inbound=True)
    remove = notify.use(RemoveSmsSender)
    with pytest.raises(NotAllowed, match="You cannot delete a default sms sender"):
        remove(service.id, default.id, actor)
    with pytest.raises(NotAllowed, match="You cannot delete an inbound number"):
        remove(service.id, inbound.id, actor)
    remove(service.id, other.id, actor)
    with pytest.raises(NotFound):
        remove(service.id, other.id, actor)
    assert notify.use(ListSmsSenders)(service.id) == [default, inbound]
    assert audited(other.id) == ["sms sender stored", "sms sender removed"]


def test_the_only_sender_may_go_although_it_is_the_default(notify, service, actor, add):
    notify.use(RemoveSmsSender)(service.id, add("LIBRARY", is_default=True).id, actor)
    assert notify.use(ListSmsSenders)(service.id) == []


def test_reply_to_addresses_are_alike(notify, service, actor, audited):
    add, change, remove = (notify.use(kind) for kind in (AddReplyTo, ChangeReplyTo, RemoveReplyTo))
    first = add(service.id, {"email_address": "a@example.gov.uk", "is_default": True}, actor)
    second = add(service.id, {"email_address": "b@example.gov.uk"}, actor)
    with pytest.raises(NotAllowed, match="You cannot delete a default email reply to address if other"):
        remove(service.id, first.id, actor)

    promoted = change(service.id, second.id, {"is_default": True}, actor)
    assert change(service.id, second.id, {"is_default": True}, actor) == promoted
    assert notify.use(ListReplyTos)(service.id)[0] == promoted
    remove(service.id, first.id, actor)
    remove(service.id, second.id, actor)

    assert notify.use(ListReplyTos)(service.id) == []
    assert audited(first.id) == ["reply-to address stored", "reply-to address removed"]
    for gone in (lambda: remove(service.id, first.id, actor), lambda: change(service.id, first.id, {}, actor)):
        with pytest.raises(NotFound):
            gone()
