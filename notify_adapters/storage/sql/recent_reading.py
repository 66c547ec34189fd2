"""Units of work that may answer with what was read a moment ago.

Nearly every request asks for its service, the service's keys, a template and a sender, and hardly ever have they
changed since the request before. So they are kept for two seconds in the process. What the process itself changes is
seen at once, what another one changes after two seconds at the latest. What is not found is looked for again by
everybody who asks.
"""

from collections.abc import Sequence
from functools import cached_property

from notify_adapters.storage.sql.recent import Recent
from notify_adapters.storage.sql.repositories.access import SqlApiKeys
from notify_adapters.storage.sql.repositories.accounts import SqlServices
from notify_adapters.storage.sql.repositories.balances import SqlBalances
from notify_adapters.storage.sql.repositories.rates import SqlLetterRates, SqlSmsRates
from notify_adapters.storage.sql.repositories.senders import SqlSenders
from notify_adapters.storage.sql.repositories.templates import SqlTemplates
from notify_adapters.storage.sql.schema_delivery import supplier_balances
from notify_adapters.storage.sql.session import SqlSession
from notify_adapters.storage.sql.unit_of_work import SqlStorage, SqlUnitOfWork
from notify_core.accounts.model import ApiKey, ReplyTo, Service, SmsSender
from notify_core.kernel.ids import ReplyToId, ServiceId, SmsSenderId, TemplateId
from notify_core.letters.model import LetterRate
from notify_core.notifications.model import Balance, Channel, SmsRate
from notify_core.ports.secrets import Secrets
from notify_core.templates.model import Template


class RecentServices(SqlServices):
    def __init__(self, session: SqlSession, recent: Recent) -> None:
        super().__init__(session)
        self._recent = recent

    def get(self, service_id: ServiceId) -> Service:
        read = super().get
        return self._recent.get(("services", service_id), lambda: read(service_id))


class RecentApiKeys(SqlApiKeys):
    def __init__(self, session: SqlSession, secrets: Secrets, recent: Recent) -> None:
        super().__init__(session, secrets)
        self._recent = recent

    def of_service(self, service_id: ServiceId) -> Sequence[ApiKey]:
        read = super().of_service
        return self._recent.get(("api_keys", service_id), lambda: read(service_id))


class RecentSenders(SqlSenders):
    def __init__(self, session: SqlSession, recent: Recent) -> None:
        super().__init__(session)
        self._recent = recent

    def sms_sender(self, service_id: ServiceId, sender_id: SmsSenderId) -> SmsSender:
        read = super().sms_sender
        return self._recent.get(("sms_senders", service_id, sender_id), lambda: read(service_id, sender_id))

    def default_sms_sender(self, service_id: ServiceId) -> SmsSender | None:
        read = super().default_sms_sender
        return self._recent.get(("sms_senders", service_id), lambda: read(service_id))

    def reply_to(self, service_id: ServiceId, reply_to_id: ReplyToId) -> ReplyTo:
        read = super().reply_to
        return self._recent.get(("reply_tos", service_id, reply_to_id), lambda: read(service_id, reply_to_id))

    def default_reply_to(self, service_id: ServiceId) -> ReplyTo | None:
        read = super().default_reply_to
        return self._recent.get(("reply_tos", service_id), lambda: read(service_id))


class RecentTemplates(SqlTemplates):
    def __init__(self, session: SqlSession, recent: Recent) -> None:
        super().__init__(session)
        self._recent = recent

    def get(self, service_id: ServiceId, template_id: TemplateId, version: int | None = None) -> Template:
        read, key = super().get, ("template_versions", service_id, template_id, version)
        return self._recent.get(key, lambda: read(service_id, template_id, version))


class RecentBalances(SqlBalances):
    def __init__(self, session: SqlSession, recent: Recent) -> None:
        super().__init__(session)
        self._recent = recent

    def get(self, channel: Channel) -> Balance | None:
        read = super().get
        return self._recent.get((supplier_balances.name, channel), lambda: read(channel))


class RecentSmsRates(SqlSmsRates):
    def __init__(self, session: SqlSession, recent: Recent) -> None:
        super().__init__(session)
        self._recent = recent

    def all(self) -> Sequence[SmsRate]:
        return self._recent.get(("sms_rates",), super().all)


class RecentLetterRates(SqlLetterRates):
    def __init__(self, session: SqlSession, recent: Recent) -> None:
        super().__init__(session)
        self._recent = recent

    def all(self) -> Sequence[LetterRate]:
        return self._recent.get(("letter_rates",), super().all)


class RecentReading(SqlUnitOfWork):
    """A read-only unit of work; it opens a connection only for what it does not find."""

    def __init__(self, storage: SqlStorage) -> None:
        super().__init__(storage, read_only=True)
        self._recent = storage.recent

    @cached_property
    def services(self) -> SqlServices:
        return RecentServices(self.session, self._recent)

    @cached_property
    def api_keys(self) -> SqlApiKeys:
        return RecentApiKeys(self.session, self.secrets, self._recent)

    @cached_property
    def senders(self) -> SqlSenders:
        return RecentSenders(self.session, self._recent)

    @cached_property
    def templates(self) -> SqlTemplates:
        return RecentTemplates(self.session, self._recent)

    @cached_property
    def balances(self) -> SqlBalances:
        return RecentBalances(self.session, self._recent)

    @cached_property
    def sms_rates(self) -> SqlSmsRates:
        return RecentSmsRates(self.session, self._recent)

    @cached_property
    def letter_rates(self) -> SqlLetterRates:
        return RecentLetterRates(self.session, self._recent)


class RecentStorage:
    """``storage`` for those who may be told what was true two seconds ago when they only read."""

    def __init__(self, storage: SqlStorage) -> None:
        self._storage = storage

    def __call__(self, *, read_only: bool = False) -> SqlUnitOfWork:
        return RecentReading(self._storage) if read_only else self._storage()
