"""The queues of the platform (without the deployment's prefix)."""

from collections.abc import Mapping
from typing import NewType

Queue = NewType("Queue", str)

PERIODIC = Queue("periodic-tasks")
BROADCASTS = Queue("broadcast-tasks")
JOBS = Queue("job-tasks")
SEND_SMS = Queue("send-sms-tasks")
SEND_EMAIL = Queue("send-email-tasks")
PRIORITY = Queue("priority-tasks")
RESEARCH_MODE = Queue("research-mode-tasks")
RETRY = Queue("retry-tasks")
SMS_CALLBACKS = Queue("sms-callbacks")
INTERNAL = Queue("notify-internal-tasks")
CREATE_LETTERS_PDF = Queue("create-letters-pdf-tasks")
ANTIVIRUS = Queue("antivirus-tasks")
SANITISE_LETTER = Queue("sanitise-letter-tasks")
LETTERS = Queue("letter-tasks")
PROCESS_FTP = Queue("process-ftp-tasks")
SERVICE_CALLBACKS = Queue("service-callbacks")
SERVICE_CALLBACKS_RETRY = Queue("service-callbacks-retry")
REPORTING = Queue("reporting-tasks")
DATABASE = Queue("database-tasks")

ALL_QUEUES: tuple[Queue, ...] = (
    PERIODIC,
    BROADCASTS,
    JOBS,
    SEND_SMS,
    SEND_EMAIL,
    PRIORITY,
    RESEARCH_MODE,
    RETRY,
    SMS_CALLBACKS,
    INTERNAL,
    CREATE_LETTERS_PDF,
    ANTIVIRUS,
    SANITISE_LETTER,
    LETTERS,
    PROCESS_FTP,
    SERVICE_CALLBACKS,
    SERVICE_CALLBACKS_RETRY,
    REPORTING,
    DATABASE,
)

# By which queue a message goes that need not wait behind a crowd of others'.
OVERTAKING: Mapping[Queue, Queue] = {SEND_SMS: PRIORITY, SEND_EMAIL: PRIORITY}
