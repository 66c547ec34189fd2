"""Showing letters, and messages of every kind, to the service that sent them."""

from notify_core.letters.use_cases.reading.letters import LetterView
from notify_core.letters.use_cases.reading.listing import ListMessages, ListRequest, MessagePage
from notify_core.letters.use_cases.reading.messages import GetMessage, MessageView
from notify_core.letters.use_cases.reading.pdf import GetLetterPdf
from notify_core.letters.use_cases.reading.refusal import ExplainRefusal, Refusal

__all__ = [
    "ExplainRefusal",
    "GetLetterPdf",
    "GetMessage",
    "LetterView",
    "ListMessages",
    "ListRequest",
    "MessagePage",
    "MessageView",
    "Refusal",
]
