import pytest

from notify_adapters.secrets.aes_gcm import AesGcmSecrets
from notify_adapters.storage.sql.engine import make_engine
from notify_adapters.storage.sql.ledger import SqlTaskLedger
from notify_adapters.storage.sql.migrate import upgrade
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


class OnSqlite:
    @pytest.fixture
    def storage(self, tmp_path):
        engine = make_engine(f"sqlite:///{tmp_path / 'notify.db'}")
        upgrade(engine)
        yield SqlStorage(engine, AesGcmSecrets(["a key for tests, made by nobody in particular"]))
        engine.dispose()

    @pytest.fixture
    def ledger(self, storage):
        return SqlTaskLedger(storage.engine)


class TestServices(OnSqlite, accounts.ServicesContract):
    pass


class TestUsers(OnSqlite, accounts.UsersContract):
    pass


class TestApiKeys(OnSqlite, accounts.ApiKeysContract):
    pass


class TestGuestList(OnSqlite, accounts.GuestListContract):
    pass


class TestSettings(OnSqlite, accounts.SettingsContract):
    pass


class TestSenders(OnSqlite, senders.SendersContract):
    pass


class TestCallbacks(OnSqlite, senders.CallbacksContract):
    pass


class TestAuditLog(OnSqlite, senders.AuditLogContract):
    pass


class TestTemplates(OnSqlite, templates.TemplatesContract):
    pass


class TestNotifications(OnSqlite, notifications.NotificationsContract):
    pass


class TestEarlyReceipts(OnSqlite, notifications.EarlyReceiptsContract):
    pass


class TestHandOvers(OnSqlite, notifications.HandOversContract):
    pass


class TestBalances(OnSqlite, balances.BalancesContract):
    pass


class TestNotificationPages(OnSqlite, notification_pages.NotificationPagesContract):
    pass


class TestBroadcastMessages(OnSqlite, broadcasts.BroadcastMessagesContract):
    pass


class TestBroadcastEvents(OnSqlite, broadcasts.BroadcastEventsContract):
    pass


class TestCapSubmissions(OnSqlite, broadcasts.CapSubmissionsContract):
    pass


class TestProviderMessages(OnSqlite, provider_messages.ProviderMessagesContract):
    pass


class TestBroadcastRevisions(OnSqlite, broadcast_revisions.BroadcastRevisionsContract):
    pass


class TestLinkTests(OnSqlite, link_tests.LinkTestsContract):
    pass


class TestDocuments(OnSqlite, documents.DocumentsContract):
    pass


class TestTicketStore(OnSqlite, alarms.TicketStoreContract):
    pass


class TestSmsRates(OnSqlite, rates.SmsRatesContract):
    pass


class TestLetterRates(OnSqlite, rates.LetterRatesContract):
    pass


class TestIdempotencyRecords(OnSqlite, idempotency.IdempotencyRecordsContract):
    pass


class TestUnsubscribeRequests(OnSqlite, unsubscribe_requests.UnsubscribeRequestsContract):
    pass


class TestInboundTexts(OnSqlite, inbound_texts.InboundTextsContract):
    pass


class TestLetters(OnSqlite, letters.LettersContract):
    pass


class TestHistory(OnSqlite, history.HistoryContract):
    pass


class TestStatistics(OnSqlite, history.StatisticsContract):
    pass


class TestJobs(OnSqlite, jobs.JobsContract):
    pass


class TestDailyUse(OnSqlite, jobs.DailyUseContract):
    pass


class TestLettersWaiting(OnSqlite, letters_waiting.LettersWaitingContract):
    pass


class TestAnswerFiles(OnSqlite, printer_answers.AnswerFilesContract):
    pass


class TestWaitingAnswers(OnSqlite, printer_answers.WaitingAnswersContract):
    pass


class TestReturnedLetters(OnSqlite, printer_answers.ReturnedLettersContract):
    pass


class TestLettersToPrint(OnSqlite, letters_to_print.LettersToPrintContract):
    pass


class TestPrintRuns(OnSqlite, print_runs.PrintRunsContract):
    pass


class TestCallbackAttempts(OnSqlite, callbacks.CallbackAttemptsContract):
    pass


class TestCircuits(OnSqlite, callbacks.CircuitsContract):
    pass


class TestComplaints(OnSqlite, callbacks.ComplaintsContract):
    pass
