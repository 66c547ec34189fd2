"""Taking a document in the Common Alerting Protocol. Source: broadcasts.md, section 7."""

from notify_core.broadcasts.use_cases.submit_cap.documents import CapPosted, check_may_broadcast
from notify_core.broadcasts.use_cases.submit_cap.submit import SubmitCap

__all__ = ["CapPosted", "SubmitCap", "check_may_broadcast"]
