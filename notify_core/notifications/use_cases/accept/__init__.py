"""Accepting messages from services."""

from notify_core.notifications.use_cases.accept.email import AcceptEmail, EmailRequest
from notify_core.notifications.use_cases.accept.result import Accepted
from notify_core.notifications.use_cases.accept.sms import AcceptSms, SmsRequest

__all__ = ["AcceptEmail", "AcceptSms", "Accepted", "EmailRequest", "SmsRequest"]
