"""Every table of the platform, on one ``metadata``: importing this module is enough to know them all.

There are no foreign keys: repositories promise none, a retention sweep then deletes in any order and
in batches, and no insert of a notification has to look up its service. What must be unique is.
Columns ending in ``_cipher`` hold what the ``Secrets`` port encrypted; ``_index`` its blind index.
"""

from notify_adapters.storage.sql import schema_ledger
from notify_adapters.storage.sql.metadata import metadata
from notify_adapters.storage.sql.schema_accounts import (
    api_keys,
    audit_log,
    broadcast_settings,
    data_retention,
    guest_list,
    reply_tos,
    service_callbacks,
    service_users,
    services,
    sms_senders,
    users,
)
from notify_adapters.storage.sql.schema_alarms import tickets
from notify_adapters.storage.sql.schema_broadcasts import (
    broadcast_attempts,
    broadcast_events,
    broadcast_messages,
    broadcast_provider_messages,
    broadcast_revisions,
    cap_submissions,
    link_tests,
    message_numbers,
)
from notify_adapters.storage.sql.schema_callbacks import callback_attempts, callback_circuits, complaints
from notify_adapters.storage.sql.schema_compatibility import schema_compatibility
from notify_adapters.storage.sql.schema_delivery import supplier_balances
from notify_adapters.storage.sql.schema_documents import documents
from notify_adapters.storage.sql.schema_history import history, processing_times
from notify_adapters.storage.sql.schema_inbound import inbound_texts, unsubscribe_requests
from notify_adapters.storage.sql.schema_jobs import job_errors, jobs
from notify_adapters.storage.sql.schema_letters import letters
from notify_adapters.storage.sql.schema_notifications import early_receipts, notifications
from notify_adapters.storage.sql.schema_print_runs import print_groups, print_runs
from notify_adapters.storage.sql.schema_printer_answers import (
    answer_files,
    returned_letters,
    sorted_counts,
    waiting_answers,
)
from notify_adapters.storage.sql.schema_rates import letter_rates, sms_rates
from notify_adapters.storage.sql.schema_requests import daily_usage, idempotency_records
from notify_adapters.storage.sql.schema_templates import template_versions

__all__ = [
    "answer_files",
    "api_keys",
    "audit_log",
    "broadcast_attempts",
    "broadcast_events",
    "broadcast_messages",
    "broadcast_provider_messages",
    "broadcast_revisions",
    "broadcast_settings",
    "callback_attempts",
    "callback_circuits",
    "cap_submissions",
    "complaints",
    "daily_usage",
    "data_retention",
    "documents",
    "early_receipts",
    "guest_list",
    "history",
    "idempotency_records",
    "inbound_texts",
    "job_errors",
    "jobs",
    "letter_rates",
    "letters",
    "link_tests",
    "message_numbers",
    "metadata",
    "notifications",
    "print_groups",
    "print_runs",
    "processing_times",
    "reply_tos",
    "returned_letters",
    "schema_compatibility",
    "schema_ledger",
    "service_callbacks",
    "service_users",
    "services",
    "sms_rates",
    "sms_senders",
    "sorted_counts",
    "supplier_balances",
    "template_versions",
    "tickets",
    "unsubscribe_requests",
    "users",
    "waiting_answers",
]
