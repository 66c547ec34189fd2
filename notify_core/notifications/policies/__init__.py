"""What may be sent to whom, how long and when: each refusal with its reason."""

from notify_core.notifications.policies.acceptance import (
    check_permission,
    check_schedule,
    check_unsubscribe_url,
)
from notify_core.notifications.policies.cancelling import check_cancellable
from notify_core.notifications.policies.receipts import caused_by, check_receipt
from notify_core.notifications.policies.recipients import (
    check_international,
    check_recipient,
    is_simulated,
    simulated_outcome,
    whose_recipients_are_limited,
)
from notify_core.notifications.policies.rules import SendingRules
from notify_core.notifications.policies.statuses import statuses_named

__all__ = [
    "SendingRules",
    "caused_by",
    "check_cancellable",
    "check_international",
    "check_permission",
    "check_receipt",
    "check_recipient",
    "check_schedule",
    "check_unsubscribe_url",
    "is_simulated",
    "simulated_outcome",
    "statuses_named",
    "whose_recipients_are_limited",
]
