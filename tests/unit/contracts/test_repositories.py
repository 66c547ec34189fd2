import pytest

from notify_core.testing.contracts.repositories import (
    accounts,
    alarms,
    balances,
    broadcast_revisions,
    broadcasts,
    callbacks,
    documents,
    history,
    idempotency,
    inbound_texts,
    jobs,
    letters,
    letters_to_print,
    letters_waiting,
    link_tests,
    notification_pages,
    notifications,
    print_runs,
    printer_answers,
    provider_messages,
    rates,
    senders,
    templates,
    unsubscribe_requests,
)
from notify_core.testing.fakes.task_ledger import MemoryTaskLedger
from notify_core.testing.fakes.unit_of_work import MemoryStorage


class InMemory:
    @pytest.fixture
    def storage(self):
        return MemoryStorage()

    @pytest.fixture
    def ledger(self, storage):
        return MemoryTaskLedger(storage.database)


class TestServices(InMemory, accounts.ServicesContract):
    pass


class TestUsers(InMemory, accounts.UsersContract):
    pass


class TestApiKeys(InMemory, accounts.ApiKeysContract):
    pass


class TestGuestList(InMemory, accounts.GuestListContract):
    pass


class TestSettings(InMemory, accounts.SettingsContract):
    pass


class TestSenders(InMemory, senders.SendersContract):
    pass


class TestCallbacks(InMemory, senders.CallbacksContract):
    pass


class TestAuditLog(InMemory, senders.AuditLogContract):
    pass


class TestTemplates(InMemory, templates.TemplatesContract):
    pass


class TestNotifications(InMemory, notifications.NotificationsContract):
    pass


class TestEarlyReceipts(InMemory, notifications.EarlyReceiptsContract):
    pass


class TestHandOvers(InMemory, notifications.HandOversContract):
    pass


class TestBalances(InMemory, balances.BalancesContract):
    pass


class TestNotificationPages(InMemory, notification_pages.NotificationPagesContract):
    pass


class TestBroadcastMessages(InMemory, broadcasts.BroadcastMessagesContract):
    pass


class TestBroadcastEvents(InMemory, broadcasts.BroadcastEventsContract):
    pass


class TestCapSubmissions(InMemory, broadcasts.CapSubmissionsContract):
    pass


class TestProviderMessages(InMemory, provider_messages.ProviderMessagesContract):
    pass


class TestBroadcastRevisions(InMemory, broadcast_revisions.BroadcastRevisionsContract):
    pass


class TestLinkTests(InMemory, link_tests.LinkTestsContract):
    pass


class TestDocuments(InMemory, documents.DocumentsContract):
    pass


class TestTicketStore(InMemory, alarms.TicketStoreContract):
    pass


class TestSmsRates(InMemory, rates.SmsRatesContract):
    pass


class TestLetterRates(InMemory, rates.LetterRatesContract):
    pass


class TestIdempotencyRecords(InMemory, idempotency.IdempotencyRecordsContract):
    pass


class TestUnsubscribeRequests(InMemory, unsubscribe_requests.UnsubscribeRequestsContract):
    pass


class TestInboundTexts(InMemory, inbound_texts.InboundTextsContract):
    pass


class TestLetters(InMemory, letters.LettersContract):
    pass


class TestHistory(InMemory, history.HistoryContract):
    pass


class TestStatistics(InMemory, history.StatisticsContract):
    pass


class TestJobs(InMemory, jobs.JobsContract):
    pass


class TestDailyUse(InMemory, jobs.DailyUseContract):
    pass


class TestLettersWaiting(InMemory, letters_waiting.LettersWaitingContract):
    pass


class TestAnswerFiles(InMemory, printer_answers.AnswerFilesContract):
    pass


class TestWaitingAnswers(InMemory, printer_answers.WaitingAnswersContract):
    pass


class TestReturnedLetters(InMemory, printer_answers.ReturnedLettersContract):
    pass


class TestLettersToPrint(InMemory, letters_to_print.LettersToPrintContract):
    pass


class TestPrintRuns(InMemory, print_runs.PrintRunsContract):
    pass


class TestCallbackAttempts(InMemory, callbacks.CallbackAttemptsContract):
    pass


class TestCircuits(InMemory, callbacks.CircuitsContract):
    pass


class TestComplaints(InMemory, callbacks.ComplaintsContract):
    pass
