"""A service that sends letters."""

import base64
from dataclasses import replace

from notify_core.accounts.model import Caller, Permission
from notify_core.letters.model import Letter, Postage
from notify_core.letters.use_cases.accepting import AcceptLetter, AcceptUploadedLetter, LetterRequest, UploadRequest
from notify_core.templates.model import TemplateType
from notify_core.testing.builders import a_service, a_template, an_api_key
from notify_core.testing.fakes.letter_sanitiser import an_upload
from notify_core.testing.mortal import MortalPlatform

ADDRESS = {"address_line_1": "Grace", "address_line_2": "1 The Street", "address_line_3": "sw1a1aa"}
PDF = an_upload()


class Accepting:
    def __init__(self):
        self.platform = MortalPlatform()
        self.store = self.platform.letter_store
        self.service = a_service(permissions=frozenset({Permission.LETTER}))
        self.key = an_api_key(service_id=self.service.id)
        self.template = a_template(
            service_id=self.service.id, type=TemplateType.LETTER, subject="About ((river))", content="Dear ((name))"
        )
        self.platform.put(self.service, self.key, self.template)
        self.platform.steps.done = 0

    @property
    def caller(self):
        return Caller(self.service, self.key)

    def change_service(self, **changes):
        self.service = replace(self.service, **changes)
        self.platform.put(self.service)

    def change_template(self, **changes):
        self.template = replace(self.template, **changes)
        self.platform.put(self.template)

    def use_key(self, key_type):
        self.key = replace(self.key, key_type=key_type)

    def send(self, values=None, address=ADDRESS, reference="case 1", template_id=None, **how):
        """A letter made of the template."""
        given = {"name": "Grace", "river": "Don"} if values is None else values
        request = LetterRequest(template_id or self.template.id, {**address, **given}, reference)
        return self.platform.use(AcceptLetter)(self.caller, request, **how)

    def upload(self, pdf=PDF, postage=Postage.SECOND, content=None, **how):
        """A letter that its sender has made."""
        request = UploadRequest("case 2", content or base64.b64encode(pdf).decode(), postage)
        return self.platform.use(AcceptUploadedLetter)(self.caller, request, **how)

    @property
    def letters(self) -> list[Letter]:
        return list(self.platform.database.table("letters").values())

    @property
    def tasks(self):
        return [(row.task, row.arguments) for row in self.platform.ledger.entries()]

    @property
    def files(self):
        return {(place.bucket, place.key): file.content for place, file in self.store.files.items()}

    def template_of(self, letter):
        with self.platform.work(read_only=True) as work:
            return work.templates.get(letter.service_id, letter.template_id)
