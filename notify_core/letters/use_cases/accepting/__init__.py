"""Accepting letters from services."""

from notify_core.letters.use_cases.accepting.door import AcceptedLetter
from notify_core.letters.use_cases.accepting.templated import AcceptLetter, LetterRequest
from notify_core.letters.use_cases.accepting.uploaded import AcceptUploadedLetter, UploadRequest

__all__ = ["AcceptLetter", "AcceptUploadedLetter", "AcceptedLetter", "LetterRequest", "UploadRequest"]
