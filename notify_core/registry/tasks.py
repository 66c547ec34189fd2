"""Every kind of background work with the use case that does it. Adding one is adding a line."""

from collections.abc import Collection, Mapping
from typing import Any

from notify_core.accounts.tasks import ForgetAnswers
from notify_core.accounts.use_cases.idempotency import ForgetKeptAnswers
from notify_core.alarms.tasks import CreateTicket
from notify_core.alarms.use_cases import CreateTicketInSystem
from notify_core.broadcasts.tasks import (
    CompleteExpiredBroadcasts,
    SendBroadcastEvent,
    SendBroadcastProviderMessage,
    SimplifyBroadcastAreas,
    TriggerLinkTest,
    TriggerLinkTests,
)
from notify_core.broadcasts.use_cases.complete_expired import CompleteExpired
from notify_core.broadcasts.use_cases.link_tests import StartLinkTests, TryRoutes
from notify_core.broadcasts.use_cases.send_event import SendBroadcastEventToNetworks
from notify_core.broadcasts.use_cases.send_to_network import SendToNetwork
from notify_core.broadcasts.use_cases.simplify_areas import SimplifyAreas
from notify_core.callbacks.tasks import (
    DeleteCallbackAttempts,
    SendComplaint,
    SendDeliveryStatus,
    SendInboundSms,
    SendReturnedLetter,
)
from notify_core.callbacks.use_cases import (
    ForgetOldAttempts,
    SendComplaintToService,
    SendDeliveryStatusToService,
    SendInboundSmsToService,
    SendReturnedLetterToService,
)
from notify_core.documents.tasks import DeleteExpiredDocuments
from notify_core.documents.use_cases import DeleteExpired
from notify_core.housekeeping.tasks import CheckFailureRates, DeleteOldLetters, DeleteOldMessages, SaveProcessingTime
from notify_core.housekeeping.use_cases.failure_rates import CheckServicesTexts
from notify_core.housekeeping.use_cases.processing_time import SaveDailyProcessingTime
from notify_core.housekeeping.use_cases.replay_created import ReplayCreatedMessages
from notify_core.housekeeping.use_cases.retention import (
    DeleteLettersOlderThanRetention,
    DeleteMessagesOlderThanRetention,
)
from notify_core.inbound.tasks import DeleteInboundTexts
from notify_core.inbound.use_cases import DeleteOldInboundTexts
from notify_core.jobs.tasks import (
    CheckForMissingRows,
    CheckJobStatus,
    ProcessIncompleteJobs,
    ProcessJob,
    RemoveLetterJobs,
    RemoveSmsEmailJobs,
    RunScheduledJobs,
    WriteMissingRows,
)
from notify_core.jobs.use_cases import (
    FindMissingRows,
    FindStuckJobs,
    ProcessUploadedJob,
    RemoveFilesOfLetterJobs,
    RemoveFilesOfSmsAndEmailJobs,
    ResumeJobs,
    StartScheduledJobs,
    WriteRowsThatAreMissing,
)
from notify_core.kernel.errors import NotFound
from notify_core.kernel.tasks import Task
from notify_core.letters.tasks.answers import (
    ApplyWaitingAnswers,
    LookForAnswers,
    ProcessReturnedLetters,
    RecordSortedCounts,
    UpdateLetterStatuses,
)
from notify_core.letters.tasks.checking import (
    GiveUpCheck,
    ProcessSanitisedLetter,
    ProcessVirusScanError,
    ProcessVirusScanFailed,
    SanitiseLetter,
    ScanFile,
)
from notify_core.letters.tasks.printing import (
    CollateLetters,
    FindLettersToPrint,
    GroupLettersToPrint,
    SendPrintVolumes,
    ZipAndSendLetters,
)
from notify_core.letters.tasks.rendering import GiveUpLetter, MakeLetterPdf, ReplayLetters, SimulatePrinting
from notify_core.letters.tasks.watching import (
    CheckAcknowledgements,
    CheckPendingScans,
    CheckStillCreated,
    CheckStillSending,
)
from notify_core.letters.use_cases.answers import (
    ApplyAnswersThatWaited,
    LookForAnswerFiles,
    ProcessReturnedList,
    RecordSortedCountsOfFile,
    UpdateStatusesFromFile,
)
from notify_core.letters.use_cases.checking import (
    GiveUpOnCheck,
    PlaceSanitisedLetter,
    SanitiseUpload,
    ScanUpload,
    SetAsideInfected,
    SetAsideUnscanned,
)
from notify_core.letters.use_cases.printing import BeginPrintRun, FindLetters, GroupLetters, SendVolumes, ZipAndSend
from notify_core.letters.use_cases.rendering import (
    GiveUpOnLetter,
    RenderForgottenLetters,
    RenderLetter,
    SimulatePrinter,
)
from notify_core.letters.use_cases.watching import (
    TellOfPendingScans,
    TellOfStillCreated,
    TellOfStillSending,
    TellOfUnacknowledged,
)
from notify_core.notifications.tasks import (
    DeliverEmail,
    DeliverSms,
    GiveUpNotification,
    ProcessComplaint,
    ProcessEmailReceipt,
    ProcessSmsReceipt,
    ReplayCreated,
    SwitchOnSlowDelivery,
    TendBackToRest,
    TimeOutSending,
)
from notify_core.notifications.use_cases import (
    DeliverEmailNotification,
    DeliverSmsNotification,
    GiveUpOnNotification,
    ProcessComplaintFromSupplier,
    ProcessEmailReceiptFromSupplier,
    ProcessSmsReceiptFromSupplier,
    SwitchOnSlowness,
    TendSuppliersBackToRest,
    TimeOutSendingNotifications,
)

# A use case is a dataclass with ports as fields, called with (task, claim).
REGISTRY: Mapping[type[Task], type[Any]] = {
    DeliverSms: DeliverSmsNotification,
    DeliverEmail: DeliverEmailNotification,
    GiveUpNotification: GiveUpOnNotification,
    ProcessSmsReceipt: ProcessSmsReceiptFromSupplier,
    ProcessEmailReceipt: ProcessEmailReceiptFromSupplier,
    ProcessComplaint: ProcessComplaintFromSupplier,
    SwitchOnSlowDelivery: SwitchOnSlowness,
    TendBackToRest: TendSuppliersBackToRest,
    TimeOutSending: TimeOutSendingNotifications,
    ReplayCreated: ReplayCreatedMessages,
    SendDeliveryStatus: SendDeliveryStatusToService,
    SendComplaint: SendComplaintToService,
    SendInboundSms: SendInboundSmsToService,
    SendReturnedLetter: SendReturnedLetterToService,
    DeleteCallbackAttempts: ForgetOldAttempts,
    DeleteInboundTexts: DeleteOldInboundTexts,
    DeleteOldMessages: DeleteMessagesOlderThanRetention,
    DeleteOldLetters: DeleteLettersOlderThanRetention,
    SaveProcessingTime: SaveDailyProcessingTime,
    CheckFailureRates: CheckServicesTexts,
    SendBroadcastEvent: SendBroadcastEventToNetworks,
    SendBroadcastProviderMessage: SendToNetwork,
    CompleteExpiredBroadcasts: CompleteExpired,
    SimplifyBroadcastAreas: SimplifyAreas,
    TriggerLinkTests: StartLinkTests,
    TriggerLinkTest: TryRoutes,
    DeleteExpiredDocuments: DeleteExpired,
    ScanFile: ScanUpload,
    ProcessVirusScanFailed: SetAsideInfected,
    ProcessVirusScanError: SetAsideUnscanned,
    SanitiseLetter: SanitiseUpload,
    ProcessSanitisedLetter: PlaceSanitisedLetter,
    GiveUpCheck: GiveUpOnCheck,
    ProcessJob: ProcessUploadedJob,
    ProcessIncompleteJobs: ResumeJobs,
    RunScheduledJobs: StartScheduledJobs,
    CheckJobStatus: FindStuckJobs,
    CheckForMissingRows: FindMissingRows,
    WriteMissingRows: WriteRowsThatAreMissing,
    RemoveSmsEmailJobs: RemoveFilesOfSmsAndEmailJobs,
    RemoveLetterJobs: RemoveFilesOfLetterJobs,
    MakeLetterPdf: RenderLetter,
    GiveUpLetter: GiveUpOnLetter,
    SimulatePrinting: SimulatePrinter,
    ReplayLetters: RenderForgottenLetters,
    CollateLetters: BeginPrintRun,
    FindLettersToPrint: FindLetters,
    GroupLettersToPrint: GroupLetters,
    SendPrintVolumes: SendVolumes,
    ZipAndSendLetters: ZipAndSend,
    UpdateLetterStatuses: UpdateStatusesFromFile,
    RecordSortedCounts: RecordSortedCountsOfFile,
    LookForAnswers: LookForAnswerFiles,
    ApplyWaitingAnswers: ApplyAnswersThatWaited,
    ProcessReturnedLetters: ProcessReturnedList,
    CheckPendingScans: TellOfPendingScans,
    CheckStillCreated: TellOfStillCreated,
    CheckStillSending: TellOfStillSending,
    CheckAcknowledgements: TellOfUnacknowledged,
    CreateTicket: CreateTicketInSystem,
    ForgetAnswers: ForgetKeptAnswers,
}

_BY_NAME: Mapping[str, type[Task]] = {task.name: task for task in REGISTRY}


def by_name(name: str) -> type[Task]:
    """:raises NotFound: there is no such task; the message lists those there are."""
    if name not in _BY_NAME:
        raise NotFound(f"there is no task {name}; known are: {', '.join(sorted(_BY_NAME))}")
    return _BY_NAME[name]


def arriving_by(queues: Collection[str]) -> tuple[type[Task], ...]:
    """The tasks that messages of these queues may name."""
    return tuple(kind for kind in REGISTRY if not kind.queues().isdisjoint(queues))


def together(registry: Mapping[type[Task], type[Any]]) -> Mapping[str, int]:
    """The tasks of which one message may name several rows, with how many."""
    return {task.name: task.together for task in registry if task.together > 1}
