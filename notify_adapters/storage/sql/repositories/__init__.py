"""The repositories of every sub-domain, on SQL; a unit of work has them by mixing this in."""

from functools import cached_property

from notify_adapters.storage.sql.daily_limits import SqlDailyUse
from notify_adapters.storage.sql.repositories.access import SqlApiKeys, SqlAuditLog, SqlCallbacks
from notify_adapters.storage.sql.repositories.accounts import SqlGuestList, SqlServices, SqlSettings, SqlUsers
from notify_adapters.storage.sql.repositories.alarms import SqlTicketStore
from notify_adapters.storage.sql.repositories.answer_files import SqlAnswerFiles
from notify_adapters.storage.sql.repositories.answered_letters import SqlReturnedLetters, SqlWaitingAnswers
from notify_adapters.storage.sql.repositories.balances import SqlBalances
from notify_adapters.storage.sql.repositories.broadcast_revisions import SqlBroadcastRevisions
from notify_adapters.storage.sql.repositories.broadcasts import (
    SqlBroadcastEvents,
    SqlBroadcastMessages,
    SqlCapSubmissions,
)
from notify_adapters.storage.sql.repositories.callbacks import SqlCallbackAttempts, SqlCircuits
from notify_adapters.storage.sql.repositories.complaints import SqlComplaints
from notify_adapters.storage.sql.repositories.documents import SqlDocuments
from notify_adapters.storage.sql.repositories.early_receipts import SqlEarlyReceipts
from notify_adapters.storage.sql.repositories.history import SqlHistory
from notify_adapters.storage.sql.repositories.idempotency import SqlIdempotencyRecords
from notify_adapters.storage.sql.repositories.inbound_texts import SqlInboundTexts
from notify_adapters.storage.sql.repositories.jobs import SqlJobs
from notify_adapters.storage.sql.repositories.letters import SqlLetters
from notify_adapters.storage.sql.repositories.letters_to_print import SqlLettersToPrint
from notify_adapters.storage.sql.repositories.link_tests import SqlLinkTests
from notify_adapters.storage.sql.repositories.notifications import SqlNotifications
from notify_adapters.storage.sql.repositories.print_runs import SqlPrintRuns
from notify_adapters.storage.sql.repositories.provider_messages import SqlProviderMessages
from notify_adapters.storage.sql.repositories.rates import SqlLetterRates, SqlSmsRates
from notify_adapters.storage.sql.repositories.senders import SqlSenders
from notify_adapters.storage.sql.repositories.statistics import SqlStatistics
from notify_adapters.storage.sql.repositories.templates import SqlTemplates
from notify_adapters.storage.sql.repositories.unsubscribe_requests import SqlUnsubscribeRequests
from notify_adapters.storage.sql.session import SqlSession
from notify_core.ports.secrets import Secrets


class SqlRepositories:
    """Needs ``session`` and ``secrets``, which the unit of work has."""

    session: SqlSession
    secrets: Secrets

    @cached_property
    def services(self) -> SqlServices:
        return SqlServices(self.session)

    @cached_property
    def users(self) -> SqlUsers:
        return SqlUsers(self.session, self.secrets)

    @cached_property
    def api_keys(self) -> SqlApiKeys:
        return SqlApiKeys(self.session, self.secrets)

    @cached_property
    def senders(self) -> SqlSenders:
        return SqlSenders(self.session)

    @cached_property
    def callbacks(self) -> SqlCallbacks:
        return SqlCallbacks(self.session, self.secrets)

    @cached_property
    def guest_list(self) -> SqlGuestList:
        return SqlGuestList(self.session, self.secrets)

    @cached_property
    def settings(self) -> SqlSettings:
        return SqlSettings(self.session)

    @cached_property
    def audit(self) -> SqlAuditLog:
        return SqlAuditLog(self.session)

    @cached_property
    def idempotency(self) -> SqlIdempotencyRecords:
        return SqlIdempotencyRecords(self.session, self.secrets)

    @cached_property
    def templates(self) -> SqlTemplates:
        return SqlTemplates(self.session)

    @cached_property
    def notifications(self) -> SqlNotifications:
        return SqlNotifications(self.session, self.secrets)

    @cached_property
    def balances(self) -> SqlBalances:
        return SqlBalances(self.session)

    @cached_property
    def early_receipts(self) -> SqlEarlyReceipts:
        return SqlEarlyReceipts(self.session)

    @cached_property
    def complaints(self) -> SqlComplaints:
        return SqlComplaints(self.session)

    @cached_property
    def callback_attempts(self) -> SqlCallbackAttempts:
        return SqlCallbackAttempts(self.session)

    @cached_property
    def circuits(self) -> SqlCircuits:
        return SqlCircuits(self.session)

    @cached_property
    def sms_rates(self) -> SqlSmsRates:
        return SqlSmsRates(self.session)

    @cached_property
    def letters(self) -> SqlLetters:
        return SqlLetters(self.session, self.secrets)

    @cached_property
    def jobs(self) -> SqlJobs:
        return SqlJobs(self.session, self.secrets)

    @cached_property
    def daily_use(self) -> SqlDailyUse:
        return SqlDailyUse(self.session)

    @cached_property
    def answer_files(self) -> SqlAnswerFiles:
        return SqlAnswerFiles(self.session)

    @cached_property
    def waiting_answers(self) -> SqlWaitingAnswers:
        return SqlWaitingAnswers(self.session)

    @cached_property
    def returned_letters(self) -> SqlReturnedLetters:
        return SqlReturnedLetters(self.session)

    @cached_property
    def letters_to_print(self) -> SqlLettersToPrint:
        return SqlLettersToPrint(self.session)

    @cached_property
    def print_runs(self) -> SqlPrintRuns:
        return SqlPrintRuns(self.session)

    @cached_property
    def letter_rates(self) -> SqlLetterRates:
        return SqlLetterRates(self.session)

    @cached_property
    def unsubscribe_requests(self) -> SqlUnsubscribeRequests:
        return SqlUnsubscribeRequests(self.session, self.secrets)

    @cached_property
    def inbound_texts(self) -> SqlInboundTexts:
        return SqlInboundTexts(self.session, self.secrets)

    @cached_property
    def broadcast_messages(self) -> SqlBroadcastMessages:
        return SqlBroadcastMessages(self.session)

    @cached_property
    def broadcast_events(self) -> SqlBroadcastEvents:
        return SqlBroadcastEvents(self.session)

    @cached_property
    def provider_messages(self) -> SqlProviderMessages:
        return SqlProviderMessages(self.session)

    @cached_property
    def cap_submissions(self) -> SqlCapSubmissions:
        return SqlCapSubmissions(self.session)

    @cached_property
    def broadcast_revisions(self) -> SqlBroadcastRevisions:
        return SqlBroadcastRevisions(self.session)

    @cached_property
    def link_tests(self) -> SqlLinkTests:
        return SqlLinkTests(self.session)

    @cached_property
    def documents(self) -> SqlDocuments:
        return SqlDocuments(self.session, self.secrets)

    @cached_property
    def tickets(self) -> SqlTicketStore:
        return SqlTicketStore(self.session)

    @cached_property
    def history(self) -> SqlHistory:
        return SqlHistory(self.session, self.secrets)

    @cached_property
    def statistics(self) -> SqlStatistics:
        return SqlStatistics(self.session, self.secrets)
