"""What a service that has sent messages of every kind reads of them."""

from dataclasses import replace

from notify_core.accounts.model import Caller
from notify_core.letters.use_cases.reading import GetLetterPdf, GetMessage, ListMessages, ListRequest
from notify_core.notifications.model import Channel
from notify_core.templates.model import TemplateType
from notify_core.testing.builders import a_letter, a_notification, a_service, a_template, an_api_key
from notify_core.testing.platform import InMemoryPlatform


class Reading:
    """A platform with a service that has sent messages of every kind."""

    def __init__(self):
        self.platform = InMemoryPlatform()
        self.service = a_service(name="Floods")
        self.key = an_api_key(service_id=self.service.id)
        self.text = a_template(service_id=self.service.id, content="Hello ((name)), the river is rising")
        self.mail = a_template(
            service_id=self.service.id, type=TemplateType.EMAIL, subject="For ((name))", content="# Hello ((name))"
        )
        self.paper = a_template(
            service_id=self.service.id, type=TemplateType.LETTER, subject="For ((name))", content="Dear ((name))"
        )
        self.platform.put(self.service, self.key, self.text, self.mail, self.paper)

    @property
    def caller(self):
        return Caller(self.service, self.key)

    def use_key(self, key_type):
        self.key = replace(self.key, key_type=key_type)

    def change(self, does):
        with self.platform.work() as work:
            does(work)
            work.commit()

    def sent(self, **changes):
        """A text or an email of the service."""
        template = self.mail if changes.get("channel") is Channel.EMAIL else self.text
        one = a_notification(**{"service_id": self.service.id, "template_id": template.id} | changes)
        self.change(lambda work: work.notifications.add_many([one]))
        return one

    def posted(self, **changes):
        """A letter of the service."""
        facts = {"service_id": self.service.id, "template_id": self.paper.id, "personalisation": {"name": "Grace"}}
        one = a_letter(**facts | changes)
        self.change(lambda work: work.letters.add_many([one]))
        return one

    def get(self, one, caller=None):
        return self.platform.use(GetMessage)(caller or self.caller, one.id)

    def pdf_of(self, one, caller=None):
        return self.platform.use(GetLetterPdf)(caller or self.caller, one.id)

    def page(self, **wanted):
        return self.platform.use(ListMessages)(self.caller, ListRequest(**wanted))

    def ids(self, **wanted):
        shown = self.page(**wanted).messages
        return [(view.letter if hasattr(view, "letter") else view.notification).id for view in shown]
