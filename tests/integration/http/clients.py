"""What the tests of the published clients share: a service they write for, and what is not built yet."""

from uuid import uuid4

from notify_core.accounts.policies import api_key_text
from notify_core.notifications.states import Status
from notify_core.testing.builders import a_notification, a_reply_to, an_inbound_text, an_sms_sender

# What the published clients can ask for and this server does not answer yet, and what it says now. Whoever builds
# it takes it out here; the tests of both clients then demand that it works.
NOT_YET = {
    "letters": (405, "The method is not allowed for the requested URL."),
    "PDFs of letters": (404, "No result found"),
}

LETTER = {"address_line_1": "Grace", "address_line_2": "1 The Street", "address_line_3": "SW1A 1AA"}
NUMBER, ADDRESS = "+447700900123", "grace@example.gov.uk"


class World:
    """A service on a live platform with something of everything that clients read."""

    def __init__(self, live):
        self.live = live
        self.service = live.service(name="Flood warnings", contact_link="https://example.gov.uk/floods")
        self.key = live.key(self.service)
        self.api_key = api_key_text(self.key.name, self.service.id, self.key.secret)
        self.text, self.email = live.template(self.service), live.email_template(self.service)
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
            work.notifications.add_many(many)
            # More than a page.
            for _ in range(252):
                work.inbound_texts.add(an_inbound_text(service_id=self.service.id))
            work.commit()
        self.many = {str(one.id) for one in many}
