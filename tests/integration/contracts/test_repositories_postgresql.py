import pytest

from notify_adapters.secrets.aes_gcm import AesGcmSecrets
from notify_adapters.storage.sql.ledger import SqlTaskLedger
from notify_adapters.storage.sql.unit_of_work import SqlStorage
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


class OnPostgresql:
    @pytest.fixture
    def storage(self, postgresql_engine):
        return SqlStorage(postgresql_engine, AesGcmSecrets(["a key for tests, made by nobody in particular"]))

    @pytest.fixture
    def ledger(self, storage):
        return SqlTaskLedger(storage.engine)


class TestServices(OnPostgresql, accounts.ServicesContract):
    pass


class TestUsers(OnPostgresql, accounts.UsersContract):
    pass


class TestApiKeys(OnPostgresql, accounts.ApiKeysContract):
    pass


class TestGuestList(OnPostgresql, accounts.GuestListContract):
    pass


class TestSettings(OnPostgresql, accounts.SettingsContract):
    pass


class TestSenders(OnPostgresql, senders.SendersContract):
    pass


class TestCallbacks(OnPostgresql, senders.CallbacksContract):
    pass


class TestAuditLog(OnPostgresql, senders.AuditLogContract):
    pass


class TestTemplates(OnPostgresql, templates.TemplatesContract):
    pass


class TestNotifications(OnPostgresql, notifications.NotificationsContract):
    pass


class TestEarlyReceipts(OnPostgresql, notifications.EarlyReceiptsContract):
    pass


class TestHandOvers(OnPostgresql, notifications.HandOversContract):
    pass


class TestBalances(OnPostgresql, balances.BalancesContract):
    pass


class TestNotificationPages(OnPostgresql, notification_pages.NotificationPagesContract):
    pass


class TestBroadcastMessages(OnPostgresql, broadcasts.BroadcastMessagesContract):
    pass


class TestBroadcastEvents(OnPostgresql, broadcasts.BroadcastEventsContract):
    pass


class TestCapSubmissions(OnPostgresql, broadcasts.CapSubmissionsContract):
    pass


class TestProviderMessages(OnPostgresql, provider_messages.ProviderMessagesContract):
    pass


class TestBroadcastRevisions(OnPostgresql, broadcast_revisions.BroadcastRevisionsContract):
    pass


class TestLinkTests(OnPostgresql, link_tests.LinkTestsContract):
    pass


class TestDocuments(OnPostgresql, documents.DocumentsContract):
    pass


class TestTicketStore(OnPostgresql, alarms.TicketStoreContract):
    pass


class TestSmsRates(OnPostgresql, rates.SmsRatesContract):
    pass


class TestLetterRates(OnPostgresql, rates.LetterRatesContract):
    pass


class TestIdempotencyRecords(OnPostgresql, idempotency.IdempotencyRecordsContract):
    pass


class TestUnsubscribeRequests(OnPostgresql, unsubscribe_requests.UnsubscribeRequestsContract):
    pass


class TestInboundTexts(OnPostgresql, inbound_texts.InboundTextsContract):
    pass


class TestLetters(OnPostgresql, letters.LettersContract):
    pass


class TestHistory(OnPostgresql, history.HistoryContract):
    pass


class TestStatistics(OnPostgresql, history.StatisticsContract):
    pass


class TestJobs(OnPostgresql, jobs.JobsContract):
    pass


class TestDailyUse(OnPostgresql, jobs.DailyUseContract):
    pass


class TestLettersWaiting(OnPostgresql, letters_waiting.LettersWaitingContract):
    pass


class TestAnswerFiles(OnPostgresql, printer_answers.AnswerFilesContract):
    pass


class TestWaitingAnswers(OnPostgresql, printer_answers.WaitingAnswersContract):
    pass


class TestReturnedLetters(OnPostgresql, printer_answers.ReturnedLettersContract):
    pass


class TestLettersToPrint(OnPostgresql, letters_to_print.LettersToPrintContract):
    pass


class TestPrintRuns(OnPostgresql, print_runs.PrintRunsContract):
    pass


class TestCallbackAttempts(OnPostgresql, callbacks.CallbackAttemptsContract):
    pass


class TestCircuits(OnPostgresql, callbacks.CircuitsContract):
    pass


class TestComplaints(OnPostgresql, callbacks.ComplaintsContract):
    pass
