"""The repositories of every sub-domain, in memory; a unit of work has them by mixing this in."""

from functools import cached_property

from notify_core.testing.fakes.database import MemoryDatabase
from notify_core.testing.fakes.repositories.accounts import (
    MemoryApiKeys,
    MemoryCallbacks,
    MemoryGuestList,
    MemoryServices,
    MemorySettings,
    MemoryUsers,
)
from notify_core.testing.fakes.repositories.alarms import MemoryTicketStore
from notify_core.testing.fakes.repositories.audit import MemoryAuditLog
from notify_core.testing.fakes.repositories.balances import MemoryBalances
from notify_core.testing.fakes.repositories.broadcast_revisions import MemoryBroadcastRevisions
from notify_core.testing.fakes.repositories.broadcasts import (
    MemoryBroadcastEvents,
    MemoryBroadcastMessages,
    MemoryCapSubmissions,
    MemoryProviderMessages,
)
from notify_core.testing.fakes.repositories.callbacks import MemoryCallbackAttempts, MemoryCircuits, MemoryComplaints
from notify_core.testing.fakes.repositories.documents import MemoryDocuments
from notify_core.testing.fakes.repositories.history import MemoryHistory
from notify_core.testing.fakes.repositories.idempotency import MemoryIdempotencyRecords
from notify_core.testing.fakes.repositories.inbound_texts import MemoryInboundTexts
from notify_core.testing.fakes.repositories.jobs import MemoryDailyUse, MemoryJobs
from notify_core.testing.fakes.repositories.letters import MemoryLetters
from notify_core.testing.fakes.repositories.link_tests import MemoryLinkTests
from notify_core.testing.fakes.repositories.notifications import MemoryEarlyReceipts, MemoryNotifications
from notify_core.testing.fakes.repositories.printer_answers import (
    MemoryAnswerFiles,
    MemoryReturnedLetters,
    MemoryWaitingAnswers,
)
from notify_core.testing.fakes.repositories.printing import MemoryLettersToPrint, MemoryPrintRuns
from notify_core.testing.fakes.repositories.rates import MemoryLetterRates, MemorySmsRates
from notify_core.testing.fakes.repositories.senders import MemorySenders
from notify_core.testing.fakes.repositories.statistics import MemoryStatistics
from notify_core.testing.fakes.repositories.templates import MemoryTemplates
from notify_core.testing.fakes.repositories.unsubscribe_requests import MemoryUnsubscribeRequests


class MemoryRepositories:
    """Needs ``database``, which the unit of work has."""

    database: MemoryDatabase

    @cached_property
    def services(self) -> MemoryServices:
        return MemoryServices(self.database)

    @cached_property
    def users(self) -> MemoryUsers:
        return MemoryUsers(self.database)

    @cached_property
    def api_keys(self) -> MemoryApiKeys:
        return MemoryApiKeys(self.database)

    @cached_property
    def senders(self) -> MemorySenders:
        return MemorySenders(self.database)

    @cached_property
    def callbacks(self) -> MemoryCallbacks:
        return MemoryCallbacks(self.database)

    @cached_property
    def guest_list(self) -> MemoryGuestList:
        return MemoryGuestList(self.database)

    @cached_property
    def settings(self) -> MemorySettings:
        return MemorySettings(self.database)

    @cached_property
    def audit(self) -> MemoryAuditLog:
        return MemoryAuditLog(self.database)

    @cached_property
    def idempotency(self) -> MemoryIdempotencyRecords:
        return MemoryIdempotencyRecords(self.database)

    @cached_property
    def templates(self) -> MemoryTemplates:
        return MemoryTemplates(self.database)

    @cached_property
    def notifications(self) -> MemoryNotifications:
        return MemoryNotifications(self.database)

    @cached_property
    def balances(self) -> MemoryBalances:
        return MemoryBalances(self.database)

    @cached_property
    def early_receipts(self) -> MemoryEarlyReceipts:
        return MemoryEarlyReceipts(self.database)

    @cached_property
    def complaints(self) -> MemoryComplaints:
        return MemoryComplaints(self.database)

    @cached_property
    def callback_attempts(self) -> MemoryCallbackAttempts:
        return MemoryCallbackAttempts(self.database)

    @cached_property
    def circuits(self) -> MemoryCircuits:
        return MemoryCircuits(self.database)

    @cached_property
    def sms_rates(self) -> MemorySmsRates:
        return MemorySmsRates(self.database)

    @cached_property
    def letters(self) -> MemoryLetters:
        return MemoryLetters(self.database)

    @cached_property
    def jobs(self) -> MemoryJobs:
        return MemoryJobs(self.database)

    @cached_property
    def daily_use(self) -> MemoryDailyUse:
        return MemoryDailyUse(self.database)

    @cached_property
    def letters_to_print(self) -> MemoryLettersToPrint:
        return MemoryLettersToPrint(self.database)

    @cached_property
    def print_runs(self) -> MemoryPrintRuns:
        return MemoryPrintRuns(self.database)

    @cached_property
    def answer_files(self) -> MemoryAnswerFiles:
        return MemoryAnswerFiles(self.database)

    @cached_property
    def waiting_answers(self) -> MemoryWaitingAnswers:
        return MemoryWaitingAnswers(self.database)

    @cached_property
    def returned_letters(self) -> MemoryReturnedLetters:
        return MemoryReturnedLetters(self.database)

    @cached_property
    def letter_rates(self) -> MemoryLetterRates:
        return MemoryLetterRates(self.database)

    @cached_property
    def unsubscribe_requests(self) -> MemoryUnsubscribeRequests:
        return MemoryUnsubscribeRequests(self.database)

    @cached_property
    def inbound_texts(self) -> MemoryInboundTexts:
        return MemoryInboundTexts(self.database)

    @cached_property
    def broadcast_messages(self) -> MemoryBroadcastMessages:
        return MemoryBroadcastMessages(self.database)

    @cached_property
    def broadcast_events(self) -> MemoryBroadcastEvents:
        return MemoryBroadcastEvents(self.database)

    @cached_property
    def provider_messages(self) -> MemoryProviderMessages:
        return MemoryProviderMessages(self.database)

    @cached_property
    def cap_submissions(self) -> MemoryCapSubmissions:
        return MemoryCapSubmissions(self.database)

    @cached_property
    def broadcast_revisions(self) -> MemoryBroadcastRevisions:
        return MemoryBroadcastRevisions(self.database)

    @cached_property
    def link_tests(self) -> MemoryLinkTests:
        return MemoryLinkTests(self.database)

    @cached_property
    def documents(self) -> MemoryDocuments:
        return MemoryDocuments(self.database)

    @cached_property
    def tickets(self) -> MemoryTicketStore:
        return MemoryTicketStore(self.database)

    @cached_property
    def history(self) -> MemoryHistory:
        return MemoryHistory(self.database)

    @cached_property
    def statistics(self) -> MemoryStatistics:
        return MemoryStatistics(self.database)
