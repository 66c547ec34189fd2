from datetime import timedelta

from notify_core.letters.model import Letter
from notify_core.notifications.states import Status
from notify_core.notifications.tasks import ReplayCreated
from notify_core.templates.model import TemplateType
from notify_core.testing.builders import NOON, a_letter, a_notification, a_service, a_template
from notify_core.testing.platform import InMemoryPlatform

LONG_AGO = NOON - timedelta(hours=2)


def test_messages_of_every_channel_are_begun_again():
    platform = InMemoryPlatform()
    service = a_service()
    words = a_template(service_id=service.id)
    paper = a_template(service_id=service.id, type=TemplateType.LETTER, subject="s")
    platform.put(service, words, paper)
    text = a_notification(service_id=service.id, template_id=words.id, created_at=LONG_AGO)
    letter = a_letter(service_id=service.id, template_id=paper.id, created_at=LONG_AGO)
    with platform.work() as work:
        work.notifications.add_many([text])
        work.letters.add_many([letter])
        work.enqueue(ReplayCreated())
        work.commit()

    platform.run_until_idle()

    with platform.work(read_only=True) as work:
        assert work.notifications.get(text.id).status is Status.SENDING
        found: Letter = work.letters.get(letter.id)
        assert found.pages == 1
