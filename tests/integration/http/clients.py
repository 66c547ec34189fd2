"""What the tests of the published clients share: a service they write for."""

from decimal import Decimal
from uuid import uuid4

from notify_core.accounts.model import Permission
from notify_core.accounts.policies import api_key_text
from notify_core.letters.model import LetterRate, Postage
from notify_core.notifications.states import Status
from notify_core.templates.model import TemplateType
from notify_core.testing.builders import NOON, a_notification, a_reply_to, an_inbound_text, an_sms_sender

LETTER = {"address_line_1": "Grace", "address_line_2": "1 The Street", "address_line_3": "SW1A 1AA", "name": "Grace"}
ADDRESS_LINES = ("Grace", "1 The Street")
NUMBER, ADDRESS = "+447700900123", "grace@example.gov.uk"


class World:
    """A service on a live platform with something of everything that clients read."""

    def __init__(self, live):
        self.live = live
        self.service = live.service(
            name="Flood warnings", contact_link="https://example.gov.uk/floods", permissions=frozenset(Permission)
        )
        self.key = live.key(self.service)
        self.api_key = api_key_text(self.key.name, self.service.id, self.key.secret)
        self.text, self.email = live.template(self.service), live.email_template(self.service)
        self.letter = live.template(self.service, type=TemplateType.LETTER, subject="About ((name))", postage="first")
        self.sender = live.put(an_sms_sender(service_id=self.service.id, sms_sender="FLOODS"))
        self.reply_to = live.put(a_reply_to(service_id=self.service.id, email_address="answers@example.gov.uk"))
        # More than two pages; their reference looks like an id.
        self.reference = str(uuid4())
        many = [
            a_notification(
                service_id=self.service.id,
                template_id=self.text.id,
                api_key_id=self.key.id,
                reference=self.reference,
                status=Status.DELIVERED,
            )
            for _ in range(501)
        ]
        with live.container.work()() as work:
            work.letter_rates.put(LetterRate(NOON, 1, Postage.FIRST, Decimal("1.33")))
            work.notifications.add_many(many)
            # More than a page.
            for _ in range(252):
                work.inbound_texts.add(an_inbound_text(service_id=self.service.id))
            work.commit()
        self.many = {str(one.id) for one in many}
